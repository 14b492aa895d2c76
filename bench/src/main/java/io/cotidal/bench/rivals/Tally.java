package io.cotidal.bench.rivals;

import io.cotidal.lab.Acknowledgement;
import io.cotidal.lab.Acknowledgements;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What follows from what clients were told around one fault. Pure.
 *
 * @param all of this round
 * @param struck who was primary
 * @param from monotonic moment of the fault
 * @param to monotonic end of what is looked at
 */
record Tally(Acknowledgements all, String struck, long from, long to) {
  private List<Acknowledgement> after() {
    return all.inOrder().stream()
        .filter(each -> each.nanos() >= from && each.nanos() <= to)
        .toList();
  }

  /** Whether any other member has acknowledged a row since. */
  boolean moved() {
    return after().stream().anyMatch(each -> !each.member().equals(struck));
  }

  /**
   * Milliseconds of the longest time without an acknowledgement, from {@code lead} before it on.
   */
  long gap(long lead) {
    return all.gap(from - lead, to).toMillis();
  }

  /**
   * Who is primary at the end: the only one that takes writes; of several the one that was not
   * struck and acknowledged last; if nobody takes any, whoever acknowledged last.
   */
  String survivor(List<String> writable) {
    if (writable.size() == 1) {
      return writable.getFirst();
    }
    String last = struck;
    for (Acknowledgement each : after()) {
      boolean may = writable.isEmpty() || writable.contains(each.member());
      last = may && (writable.isEmpty() || !each.member().equals(struck)) ? each.member() : last;
    }
    return last;
  }

  /**
   * How many rows somebody acknowledged beside the primary: whoever acknowledges while another one
   * has begun to since the fault, and has not ended yet. If the struck one is primary at the end,
   * its own rows while another one acknowledged; else all of everybody else from the first of the
   * last primary on.
   *
   * @param end who is primary at the end, or is taken for it
   */
  long dual(String end) {
    List<Acknowledgement> after = after();
    if (!end.equals(struck)) {
      long first =
          after.stream()
              .filter(each -> each.member().equals(end))
              .mapToLong(Acknowledgement::nanos)
              .min()
              .orElse(Long.MAX_VALUE);
      return after.stream()
          .filter(each -> each.nanos() >= first && !each.member().equals(end))
          .count();
    }
    long dual = 0;
    Set<String> others = new TreeSet<>();
    after.forEach(each -> others.add(each.member()));
    others.remove(struck);
    for (String other : others) {
      List<Long> its =
          after.stream()
              .filter(each -> each.member().equals(other))
              .map(Acknowledgement::nanos)
              .toList();
      dual +=
          after.stream()
              .filter(each ->
                  each.member().equals(struck)
                      && each.nanos() > its.getFirst()
                      && each.nanos() < its.getLast())
              .count();
    }
    return dual;
  }
}
