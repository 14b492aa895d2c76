package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Severity;
import java.util.Set;
import java.util.TreeSet;

/** Says in the log who is gone and who is back, and how the source of members is. */
final class RollCall {
  /** What was said. */
  private record Said(Set<MemberId> gone, boolean degraded, String suspicion) {}

  private Said said = new Said(Set.of(), false, "");
  private Said before = said;

  /** What was said last was not written. */
  void forget() {
    said = before;
  }

  /** Says what has changed. */
  <F> void call(Turn<F> turn) {
    State<F> state = turn.state();
    SourceHealth source = state.source();
    Departed departed = state.departed();
    before = said;
    said =
        new Said(Set.copyOf(departed.members().keySet()), source.degraded(), departed.suspicion());
    members(turn);
    if (said.degraded() && !before.degraded()) {
      log(turn, Severity.WARNING, "source-unavailable", source.reason());
    } else if (before.degraded() && !said.degraded()) {
      log(turn, Severity.INFO, "source-answers", "the source of members answers again");
    }
    if (before.suspicion().isEmpty() && !said.suspicion().isEmpty()) {
      log(turn, Severity.CRITICAL, "removals-held", said.suspicion());
    } else if (said.suspicion().isEmpty() && !before.suspicion().isEmpty()) {
      log(turn, Severity.INFO, "removals-free", "members that are gone may be let go of again");
    }
  }

  private <F> void members(Turn<F> turn) {
    for (MemberId member : new TreeSet<>(said.gone())) {
      if (!before.gone().contains(member)) {
        String text = member + " is named no more; it is let go of if that stays so";
        turn.log(Severity.WARNING, "member-gone", 0, null, text, Details.of("member", member));
      }
    }
    for (MemberId member : new TreeSet<>(before.gone())) {
      if (!said.gone().contains(member) && turn.state().member(member) != null) {
        String text = member + " is named again";
        turn.log(Severity.INFO, "member-back", 0, null, text, Details.of("member", member));
      }
    }
  }

  private static <F> void log(Turn<F> turn, Severity severity, String code, String text) {
    turn.log(severity, code, 0, null, text, Details.NONE);
  }
}
