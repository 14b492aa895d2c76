package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.guarding.Guarding;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How it is proven, before a promotion, that nobody else acknowledges anything any more. In order:
 * the old primary's processes are gone; a plug-in says that it has ended the machine; the quorum
 * makes it harmless, or without one its guard has ended it.
 */
final class Proofs {
  private static final String PROVE = "prove";

  /** Evidence of a nomination: which rung was the proof. */
  static final String PROVEN_BY = "proven-by";

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
            || run.isDone(await(chosen, Duration.ZERO).key())
            || chosen.equals(plan.old());
    if (!proven) {
      proofs.add(proof(chosen, candidates.members()));
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

  /**
   * What was tried against the old primary, rung by rung, and which of it is the proof.
   *
   * @param missing the proofs that stand before the promotion
   */
  Details ladder(List<Step> missing) {
    Details ladder = Details.NONE;
    for (Policy.Rung rung : spec.practice().policy().fencing()) {
      ladder =
          ladder.with(
              rung.word(),
              switch (rung) {
                case GATE -> gate(missing);
                case PROXIES -> answers(Acts.PROXY_CUT, missing, "no clients were cut off");
                case PLUG_IN -> answers(Acts.HOOK, missing, "none was asked");
              });
    }
    return ladder.with(PROVEN_BY, provenBy(missing));
  }

  private String gate(List<Step> missing) {
    MemberState<PgFacts> old = state.member(plan.old());
    boolean asked = old != null && old.host().answered();
    return answers(
        Acts.FENCE,
        missing,
        asked ? "not asked" : "not asked: nobody answers for the machine of " + plan.old());
  }

  private boolean about(Step step, String act) {
    return act.equals(Acts.HOOK)
        ? PluginSteps.endsMachine(step)
        : step.act().equals(act)
            && (act.equals(Acts.PROXY_CUT) || plan.old().equals(step.member()));
  }

  /** What came of the steps of that kind. One that stands before the promotion must be done. */
  private String answers(String act, List<Step> missing, String otherwise) {
    Map<String, String> all = new LinkedHashMap<>();
    for (StepRecord row : run.rows()) {
      if (about(row.step(), act)) {
        all.put(row.key(), row.state() == StepState.DONE ? "done" : "failed: " + row.problem());
      }
    }
    missing.stream().filter(step -> about(step, act)).forEach(step -> all.put(step.key(), "done"));
    return all.isEmpty()
        ? otherwise
        : all.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining("; "));
  }

  private String provenBy(List<Step> missing) {
    if (!plan.proven().isEmpty()) {
      return plan.proven();
    }
    boolean killed =
        run.isDone(fence(plan.old()).key())
            || missing.stream().anyMatch(step -> about(step, Acts.FENCE));
    boolean ended =
        PluginSteps.stonithDone(spec, run, plan.old())
            || missing.stream().anyMatch(PluginSteps::endsMachine);
    boolean guarded =
        run.rows().stream().anyMatch(row -> awaited(row.step()) && row.state() == StepState.DONE)
            || missing.stream().anyMatch(Proofs::awaited);
    return killed
        ? Policy.Rung.GATE.word()
        : ended
            ? Policy.Rung.PLUG_IN.word()
            : guarded ? "guard" : ledger.k() > 0 ? "quorum" : "none needed";
  }

  private static boolean awaited(Step step) {
    return step.act().equals(Acts.AWAIT_GUARD);
  }

  private static Step fence(MemberId member) {
    return Step.act(
            Acts.FENCE,
            member,
            "fence " + member + ": kill what is left of it, and let it start demoted only")
        .within(Duration.ofSeconds(3));
  }

  /** Lets the old primary's guard do its work. */
  private Step await(MemberId chosen, Duration lease) {
    return Step.act(
            Acts.AWAIT_GUARD,
            chosen,
            "wait until the guard of " + plan.old() + " has ended it, however it fares")
        .with(Acts.FROM, plan.old())
        .with(Acts.LEASE, lease.toMillis())
        .within(lease.multipliedBy(2).plusSeconds(3));
  }

  /** How it is proven that the old primary acknowledges nothing any more. */
  private Step proof(MemberId chosen, List<MemberId> cutOff) {
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
    Optional<Step> stonith = PluginSteps.stonith(spec, run, plan.old());
    for (Policy.Rung rung : spec.practice().policy().fencing()) {
      if (rung == Policy.Rung.GATE && byProcess && hostAnswers && !fenceFailed) {
        return fence(plan.old());
      }
      if (rung == Policy.Rung.PLUG_IN && stonith.isPresent()) {
        return stonith.get();
      }
    }
    if (ledger.k() == 0) {
      return new Guarding(spec, state)
          .proves(run, plan.old(), chosen)
          .map(lease -> await(chosen, lease))
          .orElseGet(() -> fence(plan.old()));
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
