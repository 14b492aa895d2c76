package io.cotidal.engine;

import io.cotidal.model.MemberId;
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
  /** While something is suspicious, so many looks fit into a tick. */
  private static final int FASTER = 4;

  /**
   * Who does not lead looks only so that its screens are true; one look in so many ticks will do.
   */
  private static final int SLOWER = 5;

  /**
   * After so many failures in a row a member is no news any more: everybody has had time to confirm
   * it.
   */
  private static final int SUSPICION = 8;

  private final Map<MemberId, Duration> asked = new HashMap<>();

  /** Asks for every member anew. */
  void forget() {
    asked.clear();
  }

  /** Looks at {@code member} at once, whatever its period. */
  void lookAgain(MemberId member) {
    asked.remove(member);
  }

  <F> void adjust(State<F> state, Spec spec, boolean following, List<Effect> effects) {
    boolean suspicious = false;
    for (MemberState<F> member : state.members().values()) {
      suspicious |= member.streak() > 0 && member.streak() <= SUSPICION;
    }
    // In nanoseconds: a Duration multiplies by way of BigDecimal, and this runs at every input.
    long tick = spec.tick().toNanos();
    Duration period =
        Duration.ofNanos(following ? tick * SLOWER : suspicious ? tick / FASTER : tick);
    for (MemberId member : state.members().keySet()) {
      if (!period.equals(asked.put(member, period))) {
        effects.add(new Effect.Observe(member, period, spec.deadline()));
      }
    }
    if (asked.size() > state.members().size()) {
      List<MemberId> gone =
          asked.keySet().stream().filter(member -> !state.members().containsKey(member)).toList();
      for (MemberId member : gone) {
        asked.remove(member);
        effects.add(new Effect.StopObserving(member));
      }
    }
  }
}
