package io.cotidal.engine;

import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Spec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often members are looked at: at the spec's tick, and much faster for a few seconds once one
 * of them fails, so that a crash is confirmed at once and not a tick later.
 */
final class Cadence {
  /** Period while something is suspicious. */
  private static final Duration FAST = Duration.ofMillis(50);

  /** For how long a member that fails keeps everybody's period short. */
  private static final long SUSPICION = 5_000 * Moment.MILLI;

  private final Map<MemberId, Duration> asked = new HashMap<>();

  /** Asks for every member anew. */
  void forget() {
    asked.clear();
  }

  <F> void adjust(State<F> state, Spec spec, List<Effect> effects) {
    boolean suspicious =
        state.members().values().stream()
            .anyMatch(member ->
                member.streak() > 0 && member.failingFor(state.now().nanos()) < SUSPICION);
    Duration period = suspicious && FAST.compareTo(spec.tick()) < 0 ? FAST : spec.tick();
    for (MemberId member : state.members().keySet()) {
      if (!period.equals(asked.put(member, period))) {
        effects.add(new Effect.Observe(member, period, spec.deadline()));
      }
    }
    List<MemberId> gone =
        asked.keySet().stream().filter(member -> !state.members().containsKey(member)).toList();
    for (MemberId member : gone) {
      asked.remove(member);
      effects.add(new Effect.StopObserving(member));
    }
  }
}
