package io.cotidal.app.postgres.rehearsal;

import io.cotidal.app.postgres.rehearsal.Prober.Ack;
import io.cotidal.model.MemberId;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What the prober's acknowledgements say. Pure.
 *
 * @param outage the longest time without one, from the last before the fault on
 * @param writes how many there were
 * @param lost how many of the rows are not there
 * @param dual how many came from the old primary after the new one had given its first
 */
record Measured(Duration outage, long writes, long lost, long dual) {
  /**
   * Reads them.
   *
   * @param struck monotonic nanoseconds of the fault
   * @param old the primary that it struck
   * @param now who takes writes since
   * @param kept the rows that are there
   */
  static Measured of(List<Ack> acks, long struck, MemberId old, MemberId now, Set<Long> kept) {
    List<Ack> order = acks.stream().sorted(Comparator.comparingLong(Ack::at)).toList();
    long longest = 0;
    long before = 0;
    boolean any = false;
    for (Ack each : order) {
      if (any && each.at() - struck > 0) {
        longest = Math.max(longest, each.at() - before);
      }
      before = each.at();
      any = true;
    }
    long first =
        order.stream()
            .filter(each -> each.member().equals(now))
            .mapToLong(Ack::at)
            .findFirst()
            .orElse(Long.MAX_VALUE);
    long dual =
        now.equals(old)
            ? 0
            : order.stream()
                .filter(each -> each.member().equals(old) && each.sent() - first > 0)
                .count();
    long lost = order.stream().filter(each -> !kept.contains(each.id())).count();
    return new Measured(Duration.ofNanos(longest), order.size(), lost, dual);
  }
}
