package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepRecord;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.guard.Guard;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.guarding.Guarding;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * For how long nothing would take writes if the primary failed now: until that is known, until it
 * is proven to acknowledge nothing, and until another one takes them. What Cotidal does itself is
 * taken from the latest change of primary of this very cluster that is remembered.
 */
final class Outage {
  /** Of a cluster that has not moved yet: more than it takes on a machine that is not busy. */
  private static final Duration CHANGE = Duration.ofMillis(500);

  private final PostgresSpec spec;
  private final State<PgFacts> state;

  Outage(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
  }

  /** Of a primary whose processes end: its machine says so, or refuses connections. */
  Duration dead() {
    Failover failover = spec.failover();
    Duration known =
        failover.tick().multipliedBy(failover.confirm() - 1L).plus(failover.deadline());
    return known.plus(change());
  }

  /** Of a primary that answers nobody any more. */
  Duration silent(MemberId primary) {
    Failover failover = spec.failover();
    Duration known = failover.silence().plus(failover.tick()).plus(failover.deadline());
    Duration proven = byGuard(primary) ? failover.guard().plus(Guard.MARGIN) : Duration.ZERO;
    return (known.compareTo(proven) > 0 ? known : proven).plus(change());
  }

  /** Whether its guard would be the proof, for its machine is not within reach. */
  private boolean byGuard(MemberId primary) {
    MemberState<PgFacts> member = state.member(primary);
    boolean asked = member != null && member.host().answered();
    return !asked && new Guarding(spec, state).provesFor(primary);
  }

  /** How long a change of primary takes from its beginning to the promotion's end. */
  private Duration change() {
    return measured().map(Outage::length).orElse(CHANGE);
  }

  /** Where the figures come from, for people. */
  String basis() {
    return measured()
        .map(past -> "a change of primary as in " + past.id() + ": " + length(past).toMillis())
        .orElse("a change of primary of " + CHANGE.toMillis())
        .concat(" ms; looks and limits as configured");
  }

  private Optional<Operation> measured() {
    return state
        .recent()
        .filter(past ->
            past.type().equals(FailoverType.NAME)
                && past.state() == OperationState.DONE
                && promotion(past).isPresent())
        .findFirst();
  }

  private static Optional<StepRecord> promotion(Operation past) {
    return past.steps().stream()
        .filter(row -> row.step().act().equals(Acts.PROMOTE) && row.endedMicros() > 0)
        .findFirst();
  }

  private static Duration length(Operation past) {
    long micros =
        promotion(past).map(StepRecord::endedMicros).orElse(past.endedMicros())
            - past.startedMicros();
    return Duration.ofNanos(Math.max(0, micros) * 1_000);
  }

  Details figures(MemberId primary) {
    return Details.of("dead-ms", dead().toMillis())
        .with("silent-ms", silent(primary).toMillis())
        .with("basis", basis());
  }
}
