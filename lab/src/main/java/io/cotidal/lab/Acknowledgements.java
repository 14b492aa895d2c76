package io.cotidal.lab;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What clients were told, in the order of time, and what follows from it. Pure.
 *
 * @param inOrder rising by {@link Acknowledgement#nanos}
 */
public record Acknowledgements(List<Acknowledgement> inOrder) {
  /** Copies the list and puts it in order. */
  public Acknowledgements {
    inOrder = inOrder.stream().sorted((a, b) -> Long.compare(a.nanos(), b.nanos())).toList();
  }

  /**
   * The longest time within a window in which no member acknowledged an insert; the window's ends
   * count as acknowledgements.
   *
   * @param from monotonic begin of the window
   * @param to monotonic end of the window
   */
  public Duration gap(long from, long to) {
    long last = from;
    long longest = 0;
    for (Acknowledgement each : inOrder) {
      if (each.nanos() >= from && each.nanos() <= to) {
        longest = Math.max(longest, each.nanos() - last);
        last = each.nanos();
      }
    }
    return Duration.ofNanos(Math.max(longest, to - last));
  }

  /** How many rows were acknowledged and are not among {@code present}. */
  public long lost(Set<Long> present) {
    return inOrder.stream().filter(each -> !present.contains(each.id())).count();
  }

  /**
   * How many inserts the losing side acknowledged after the winner's first, within a window.
   *
   * @param loser who was primary before
   * @param winner who is primary now
   */
  public long dual(String loser, String winner, long from, long to) {
    OptionalLong first =
        inOrder.stream()
            .filter(within(from, to).and(by(winner)))
            .mapToLong(Acknowledgement::nanos)
            .min();
    if (first.isEmpty()) {
      return 0;
    }
    return inOrder.stream().filter(within(first.getAsLong(), to).and(by(loser))).count();
  }

  /** When {@code member} acknowledged its first insert at or after {@code from}, if it did. */
  public OptionalLong first(String member, long from) {
    return inOrder.stream()
        .filter(by(member).and(each -> each.nanos() >= from))
        .mapToLong(Acknowledgement::nanos)
        .min();
  }

  /** How many {@code member} acknowledged at or after {@code from}. */
  public long count(String member, long from) {
    return inOrder.stream().filter(by(member).and(each -> each.nanos() >= from)).count();
  }

  private static Predicate<Acknowledgement> by(String member) {
    return each -> each.member().equals(member);
  }

  private static Predicate<Acknowledgement> within(long from, long to) {
    return each -> each.nanos() >= from && each.nanos() <= to;
  }
}
