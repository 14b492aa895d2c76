package io.cotidal.objects.compare;

import io.cotidal.objects.names.ObjectRow;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listing from memory, which may break off. */
public final class Listed implements RowSource {
  private final Iterator<ObjectRow> rows;
  private final int breaks;
  private int given;

  private Listed(Iterator<ObjectRow> rows, int breaks) {
    this.rows = rows;
    this.breaks = breaks;
  }

  /** All of these. */
  public static Listed of(ObjectRow... rows) {
    return new Listed(List.of(rows).iterator(), -1);
  }

  /** All of these. */
  public static Listed of(Iterator<ObjectRow> rows) {
    return new Listed(rows, -1);
  }

  /** All of these, and then no answer. */
  public static Listed breaking(ObjectRow... rows) {
    return new Listed(List.of(rows).iterator(), rows.length);
  }

  @Override
  public @Nullable ObjectRow next() throws Unreadable {
    if (given++ == breaks) {
      throw new Unreadable("site b: no answer in 30 s; look at its proxy");
    }
    return rows.hasNext() ? rows.next() : null;
  }

  @Override
  public void close() {}

  /** Nothing agreed on. */
  public static AgreedSource nothing() {
    return agreed();
  }

  /** These. */
  public static AgreedSource agreed(Agreed... rows) {
    Iterator<Agreed> all = List.of(rows).iterator();
    return new AgreedSource() {
      @Override
      public @Nullable Agreed next() {
        return all.hasNext() ? all.next() : null;
      }

      @Override
      public void close() {}
    };
  }
}
