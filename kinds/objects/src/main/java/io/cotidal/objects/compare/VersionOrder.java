package io.cotidal.objects.compare;

import io.cotidal.objects.names.ObjectRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listing with versions, which Swift gives newest first, with the oldest version of each name
 * first: so they are made at another site in the order in which they were made here. Holds the
 * versions of one name.
 */
public final class VersionOrder implements RowSource {
  private static final Comparator<ObjectRow> ORDER = Comparator.comparing(ObjectRow::version);

  private final RowSource source;
  private final Deque<ObjectRow> ready = new ArrayDeque<>();
  private @Nullable ObjectRow following;
  private @Nullable Unreadable failure;
  private boolean begun;

  /** Over {@code source}, which is closed with it. */
  public VersionOrder(RowSource source) {
    this.source = source;
  }

  @Override
  public @Nullable ObjectRow next() throws Unreadable, InterruptedException {
    if (ready.isEmpty()) {
      fill();
    }
    return ready.pollFirst();
  }

  private void fill() throws Unreadable, InterruptedException {
    if (failure != null) {
      throw failure;
    }
    if (!begun) {
      following = source.next();
      begun = true;
    }
    ObjectRow first = following;
    if (first == null) {
      return;
    }
    List<ObjectRow> versions = new ArrayList<>();
    ObjectRow row = first;
    while (row != null && row.name().equals(first.name())) {
      versions.add(row);
      // If this fails, the versions of this name are not all known: none of them is given out.
      row = read();
    }
    following = row;
    versions.sort(ORDER);
    ready.addAll(versions);
  }

  private @Nullable ObjectRow read() throws Unreadable, InterruptedException {
    try {
      return source.next();
    } catch (Unreadable e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
