package io.cotidal.engine;

import io.cotidal.model.Mode;
import io.cotidal.model.Spec;
import io.cotidal.model.Stamp;
import java.util.Optional;

/** When the one who leads lets a member's heart beat: once a tick. */
final class Heartbeats<S extends Spec, F> {
  private final Kind<S, F> kind;
  private long next = Long.MIN_VALUE;

  Heartbeats(Kind<S, F> kind) {
    this.kind = kind;
  }

  /** The heartbeat that is due now, if one is and a member that follows us can take it. */
  Optional<Effect> due(S spec, State<F> state) {
    long now = state.now().nanos();
    if (spec.mode() == Mode.OBSERVE || now < next) {
      return Optional.empty();
    }
    next = now + spec.tick().toNanos();
    return kind.heartbeat(spec, state)
        .map(state::member)
        .filter(MemberState::stamped)
        .map(member ->
            new Effect.Heartbeat(member.id(), new Stamp(state.epoch(), 0), spec.deadline()));
  }
}
