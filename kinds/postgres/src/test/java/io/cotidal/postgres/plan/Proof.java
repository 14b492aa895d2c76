package io.cotidal.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rule that a promotion needs a proof, read from the rows and the list that is to follow. */
final class Proof {
  private Proof() {}

  /**
   * Fails unless every promotion in {@code list} comes after a proof that {@code old} is no more.
   */
  static void check(List<StepRecord> rows, List<Step> list, MemberId old) {
    Map<String, Step> byKey = new HashMap<>();
    list.forEach(step -> byKey.put(step.key(), step));
    for (Step step : list) {
      if (step.act().equals(Acts.PROMOTE) && !old.equals(step.member())) {
        boolean before = rows.stream().anyMatch(row -> done(row) && proves(row.step(), old));
        boolean needed = needs(step, byKey).stream().anyMatch(one -> proves(one, old));
        assertThat(before || needed)
            .as("%s comes after a proof in %s, %s", step.key(), rows, list)
            .isTrue();
      }
    }
  }

  private static boolean done(StepRecord row) {
    return row.state() == StepState.DONE;
  }

  private static boolean proves(Step step, MemberId old) {
    boolean ends =
        step.act().equals(Acts.FENCE)
            || step.act().equals(Acts.STOP)
            || step.arguments().get("hook", "").equals("stonith");
    boolean guarded =
        step.act().equals(Acts.AWAIT_GUARD)
            && step.arguments().get(Acts.FROM, "").equals(old.name());
    return guarded
        || (ends && old.equals(step.member()))
        || (step.isDecision() && step.arguments().has(Acts.PROOF));
  }

  private static Set<Step> needs(Step step, Map<String, Step> byKey) {
    Set<Step> found = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(step.needs());
    while (!open.isEmpty()) {
      Step needed = byKey.get(open.poll());
      if (needed != null && found.add(needed)) {
        open.addAll(needed.needs());
      }
    }
    return found;
  }
}
