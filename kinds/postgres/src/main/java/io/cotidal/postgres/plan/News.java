package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Moment;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;

/**
 * Whether what is known of a member is news. A look that was under way while an act changed the
 * member ends after the act and shows what was before it. A look takes at most its deadline: one
 * that ended later than that after the act was begun after it.
 */
final class News {
  private final PostgresSpec spec;
  private final State<PgFacts> state;

  News(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
  }

  /** Whether the latest look at the member was begun after the last act on it. */
  boolean of(MemberState<PgFacts> member) {
    Moment now = state.now();
    long observed = now.micros() - now.nanosSince(member.observedAt()) / 1_000;
    long lastAct =
        state.operations().values().stream()
            .flatMap(operation -> operation.steps().stream())
            .filter(row -> row.state() == StepState.DONE)
            .filter(row -> member.id().equals(row.step().member()))
            .mapToLong(StepRecord::endedMicros)
            // A clock that stepped back must not make everything old for as long as it stepped.
            .filter(ended -> ended <= now.micros())
            .max()
            .orElse(Long.MIN_VALUE / 2);
    return observed > lastAct + spec.deadline().toNanos() / 1_000;
  }
}
