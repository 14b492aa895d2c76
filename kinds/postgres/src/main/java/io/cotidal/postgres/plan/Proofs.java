package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How it is proven, before a promotion, that nobody else acknowledges anything any more. In order:
 * the old primary's processes are gone; a plug-in says that it has ended the machine; the quorum
 * makes it harmless.
 */
final class Proofs {
  private static final String PROVE = "prove";

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Run run;
  private final Ledger ledger;
  private final Succession.Plan plan;

  Proofs(PostgresSpec spec, State<PgFacts> state, Run run, Succession.Plan plan) {
    this.spec = spec;
    this.state = state;
    this.run = run;
    this.ledger = Ledger.of(state.ledger());
    this.plan = plan;
  }

  /**
   * Proofs that are missing before {@code chosen} may be promoted: for the old primary, and without
   * a quorum for every candidate that failed.
   */
  List<Step> missing(MemberId chosen, Candidates candidates) {
    List<Step> proofs = new ArrayList<>();
    boolean proven =
        run.isDone(PROVE)
            || run.isDone(fence(plan.old()).key())
            || PluginSteps.stonithDone(spec, run, plan.old())
            || chosen.equals(plan.old());
    if (!proven) {
      proofs.add(proof(candidates.members()));
    }
    if (ledger.k() == 0) {
      for (MemberId failed : candidates.failed()) {
        if (!run.isDone(fence(failed).key())) {
          proofs.add(fence(failed));
        }
      }
    }
    return proofs;
  }

  private static Step fence(MemberId member) {
    return Step.act(
            Acts.FENCE,
            member,
            "fence " + member + ": kill what is left of it, and let it start demoted only")
        .within(Duration.ofSeconds(3));
  }

  /** How it is proven that the old primary acknowledges nothing any more. */
  private Step proof(List<MemberId> cutOff) {
    MemberState<PgFacts> old = state.member(plan.old());
    boolean hostAnswers = old != null && old.host().answered();
    boolean fenceFailed = run.failures(fence(plan.old()).key()) > 0;
    if (!plan.proven().isEmpty()) {
      return Step.decision(
          PROVE,
          plan.old() + " acknowledges nothing any more: " + plan.proven(),
          Details.of(Acts.PROOF, plan.proven()));
    }
    boolean byProcess = spec.failover().fence() == Failover.Fence.PROCESS;
    if (byProcess && hostAnswers && !fenceFailed) {
      return fence(plan.old());
    }
    Optional<Step> stonith = PluginSteps.stonith(spec, run, plan.old());
    if (stonith.isPresent()) {
      return stonith.get();
    }
    if (ledger.k() == 0) {
      return fence(plan.old());
    }
    return Step.decision(
        PROVE,
        plan.old()
            + " can acknowledge nothing any more: fewer than "
            + ledger.k()
            + " of "
            + Ledger.join(ledger.quorum())
            + " are left to confirm a commit of its",
        Details.of(Acts.PROOF, "quorum").with("cut-off", Ledger.join(cutOff)));
  }
}
