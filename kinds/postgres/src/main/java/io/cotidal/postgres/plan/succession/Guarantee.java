package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.SyncNames;
import io.cotidal.postgres.plan.guarding.Guarding;
import io.cotidal.postgres.plan.logical.LogicalBoard;
import io.cotidal.postgres.spec.PostgresSpec;

/** What the loss of the primary at this moment would cost, in a sentence for people. */
public final class Guarantee {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;

  /** As of that state. */
  public Guarantee(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.ledger = Ledger.of(state.ledger());
  }

  /** The sentence: of commits first, then of logical slots. */
  public String sentence() {
    return commits()
        + new LogicalBoard(spec, state).summary().map(slots -> "; " + slots).orElse("");
  }

  private String commits() {
    PgFacts primary = ledger.primary().map(state::member).map(MemberState::facts).orElse(null);
    if (primary == null || primary.recovering()) {
      return "no primary answers: nothing is acknowledged"
          + Bars.atRisk(spec, state).map(risk -> "; " + risk).orElse("");
    }
    int k = ledger.k();
    if (k == 0 || !SyncNames.matches(primary.syncNames(), k, ledger.quorum())) {
      return primary.syncNames().isEmpty()
          ? Bars.promise(spec, ledger.primary(), new Guarding(spec, state).promise())
          : "changing: a commit waits for " + primary.syncNames();
    }
    long streaming =
        primary.senders().stream()
            .filter(sender ->
                sender.streaming()
                    && ledger.quorum().stream().anyMatch(m -> m.name().equals(sender.name())))
            .count();
    String waits = "a commit waits for " + k + " of " + Ledger.join(ledger.quorum());
    return streaming < k
        ? "zero loss: " + waits + ", and commits wait now: " + streaming + " of them stream"
        : "zero loss: " + waits;
  }
}
