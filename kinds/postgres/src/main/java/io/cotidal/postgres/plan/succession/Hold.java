package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.State;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.DiskBoard;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.Optional;

/** When the role has moved so lately that it does not move again by itself. */
public final class Hold {
  /** So long a restart in place that ended well speaks against another one, without a hold. */
  private static final Duration LATELY = Duration.ofMinutes(5);

  private final PostgresSpec spec;
  private final State<PgFacts> state;

  /** As of that state. */
  public Hold(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
  }

  /** Why a failover now waits for an approval; empty if it does not. */
  public Optional<String> reason() {
    Duration hold = spec.practice().policy().hold();
    return state
        .recent()
        .filter(past -> past.type().equals(FailoverType.NAME) && endedWithin(past, hold))
        .findFirst()
        .map(past ->
            "held: the failover "
                + past.id()
                + " ended less than "
                + hold.toSeconds()
                + " s ago; approve this one to move all the same");
  }

  /** Whether the primary may be brought back in its place before another one is promoted. */
  public boolean restartFirst(MemberId primary) {
    Duration hold = spec.practice().policy().hold();
    Duration lately = hold.isZero() ? LATELY : hold;
    // On a full disk it dies again, each time.
    return !spec.practice().policy().restart().isZero()
        && !DiskBoard.full(state.member(primary))
        && state
            .recent()
            .noneMatch(past ->
                past.type().equals(ColdStart.NAME)
                    && past.input().get(Inputs.FROM, "").equals(primary.name())
                    && endedWithin(past, lately));
  }

  /** A clock that stepped back must not make a hold longer than it is. */
  private boolean endedWithin(Operation past, Duration time) {
    long age = state.now().micros() - past.endedMicros();
    return past.state() == OperationState.DONE && age >= 0 && age < time.toNanos() / 1_000;
  }
}
