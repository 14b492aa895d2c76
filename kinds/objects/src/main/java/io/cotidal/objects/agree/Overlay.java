package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Unreadable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The agreed listing as it is with the changes of the log, which come sorted. */
final class Overlay implements AgreedSource {
  private final @Nullable AgreedSource base;
  private final Changes changes;
  private @Nullable Agreed row;
  private @Nullable Change change;
  private boolean begun;

  /** Changes in the order of keys, each key once. */
  interface Changes {
    @Nullable Change next() throws IOException;
  }

  Overlay(@Nullable AgreedSource base, Changes changes) {
    this.base = base;
    this.changes = changes;
  }

  @Override
  public @Nullable Agreed next() throws Unreadable {
    if (!begun) {
      begun = true;
      row = base == null ? null : base.next();
      change = changed();
    }
    while (row != null || change != null) {
      int side = side();
      Agreed next = side < 0 ? row : change == null ? null : change.row();
      if (side <= 0 && base != null) {
        row = base.next();
      }
      if (side >= 0) {
        change = changed();
      }
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  /** Which one comes first; 0 if the change is about the row. */
  private int side() {
    if (row == null) {
      return 1;
    }
    return change == null ? -1 : row.key().compareTo(change.key());
  }

  private @Nullable Change changed() throws Unreadable {
    try {
      return changes.next();
    } catch (IOException e) {
      throw new Unreadable("the log of the agreed listing cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (base != null) {
      base.close();
    }
  }
}
