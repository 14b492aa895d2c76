package io.cotidal.feeds.transfer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Remembers what each transfer cost. */
final class Counted implements Progress {
  private final List<Traffic> all = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void at(long bytes) {}

  @Override
  public void done(Traffic traffic) {
    all.add(traffic);
  }

  /** One for each file that came. */
  List<Traffic> all() {
    return all;
  }

  /** The only one. */
  Traffic only() {
    if (all.size() != 1) {
      throw new AssertionError("one transfer was expected, not " + all);
    }
    return all.getFirst();
  }
}
