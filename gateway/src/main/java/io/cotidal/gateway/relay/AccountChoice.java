package io.cotidal.gateway.relay;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Overruled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose state of an account holds. Decided on paper.
 *
 * @param winner whose
 * @param losers who changed it, too, and whose change does not hold
 */
record AccountChoice(MemberId winner, List<MemberId> losers) {
  /** Copies the list. */
  AccountChoice {
    losers = List.copyOf(losers);
  }

  /**
   * What is known.
   *
   * @param here where the change was made that is carried
   * @param before the mark of what the account was there; empty if nobody knows
   * @param marks of what it is now, by site, in the order of the configuration
   * @param stamps of the latest changes, by site
   */
  record Known(
      MemberId here, String before, Map<MemberId, String> marks, Map<MemberId, Timestamp> stamps) {
    private String mark(MemberId site) {
      return marks.getOrDefault(site, "");
    }

    /**
     * Whether somebody changed it there beside us: it is neither what it was nor what it is here.
     */
    boolean beside(MemberId site) {
      String there = mark(site);
      return !site.equals(here) && !there.equals(before) && !there.equals(mark(here));
    }
  }

  /** What is taken away from whom, for the ledger; without the values. */
  List<Overruled> overruled() {
    return losers.stream()
        .map(loser ->
            new Overruled(Overruled.Sort.STATE, winner, loser, Optional.empty(), Optional.empty()))
        .toList();
  }

  /** Chooses: the latest change. Our own is one only if it changed something. */
  static AccountChoice of(Known known) {
    List<MemberId> changed = new ArrayList<>();
    if (known.before().isEmpty() || !known.mark(known.here()).equals(known.before())) {
      changed.add(known.here());
    }
    known.marks().keySet().stream().filter(known::beside).forEach(changed::add);
    if (changed.isEmpty()) {
      return new AccountChoice(known.here(), List.of());
    }
    List<MemberId> order = List.copyOf(known.marks().keySet());
    MemberId winner =
        changed.stream()
            .min(
                Comparator.<MemberId, Timestamp>comparing(
                        site -> known.stamps().getOrDefault(site, Timestamp.NEVER),
                        Comparator.reverseOrder())
                    .thenComparingInt(order::indexOf))
            .orElseThrow();
    return new AccountChoice(
        winner,
        changed.stream().filter(site -> !known.mark(site).equals(known.mark(winner))).toList());
  }
}
