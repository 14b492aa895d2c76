package io.cotidal.feeds.plan;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Item;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long what failed is left alone before it is tried again: pauses double, up to the longest
 * that the spec allows.
 */
record Pauses(FeedsSpec spec, long now) {
  private static final long FIRST_PAUSE = 2_000_000L;
  private static final int MOST_DOUBLINGS = 20;

  /** Whether {@code ask} is not tried again yet. */
  boolean pauses(Optional<Item> row, String ask) {
    return row.isPresent()
        && until(row.get()).isPresent()
        && row.get().facts().get(Acts.ASK, "").equals(ask);
  }

  /** Wall time, in microseconds, before which a row's last wish is not tried; if it is to come. */
  OptionalLong until(Item row) {
    long tried = Jobs.number(row, Jobs.TRIED);
    if (tried == 0) {
      return OptionalLong.empty();
    }
    long longest = spec.pace().longestPause().toNanos() / 1_000;
    long doublings = Math.min(Jobs.number(row, Jobs.ATTEMPTS) - 1, MOST_DOUBLINGS);
    long pause = Math.min(longest, FIRST_PAUSE << Math.max(doublings, 0));
    // A clock that stepped back must not make the pause longer than it is.
    return now < tried || now >= tried + pause
        ? OptionalLong.empty()
        : OptionalLong.of(tried + pause);
  }
}
