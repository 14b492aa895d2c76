package io.cotidal.postgres.plan.settings;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.plan.succession.Restart;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Restart what waits for it: replicas one after the other, each of which streams again before the
 * next one stops, then the primary, by a switchover or in its place. What a standby must have as
 * much of as its primary is raised on the replicas first and lowered on the primary first; for the
 * latter replicas are restarted after it.
 *
 * <p>A member that does not come up with the new values is started with those that it had before
 * (see {@link Acts#START}); then nobody else is restarted.
 */
public final class RollOut implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = Types.ROLL_OUT;

  /** Members in their order, for an input. */
  static String inOrder(List<MemberId> members) {
    return members.stream().map(MemberId::name).collect(Collectors.joining(","));
  }

  private static final String BACK = "the primary is back";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int TRIES = 2;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.DISRUPTIVE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return List.of(Lock.resource());
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    List<MemberId> done = new ArrayList<>();
    boolean moves = input.has(Inputs.FROM);
    boolean begun = moves && begun(input, run);
    if (run.occasion() == Run.Occasion.CANCEL && !begun) {
      // Who is stopped is started again by whatever comes next.
      return Continuation.finished();
    }
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
    if (!begun) {
      Optional<Continuation> first = replicas(input, Inputs.FIRST, primary, run, state, done);
      if (first.isPresent()) {
        return first.get();
      }
    }
    List<MemberId> then = Ledger.split(input.get(Inputs.THEN, ""));
    if (moves && !run.isDone(BACK)) {
      if (!begun && !done.isEmpty()) {
        Optional<Continuation> early = notYet(primary, primary, run, state, done);
        if (early.isPresent()) {
          return early.get();
        }
      }
      Continuation rest = primary(input, run, spec, state);
      return then.isEmpty() ? rest : andThen(rest);
    }
    return replicas(input, Inputs.THEN, primary, run, state, done)
        .orElseGet(Continuation::finished);
  }

  @Override
  public List<Step> predicted(Details input, PostgresSpec spec, State<PgFacts> state) {
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
    List<Step> steps = new ArrayList<>();
    List<MemberId> first = Ledger.split(input.get(Inputs.FIRST, ""));
    for (MemberId member : first.subList(Math.min(1, first.size()), first.size())) {
      steps.addAll(List.of(stop(member, Inputs.FIRST), start(member, primary, Inputs.FIRST)));
    }
    if (input.has(Inputs.FROM)) {
      if (!first.isEmpty()) {
        steps.add(Switchover.stop(primary));
      }
      steps.addAll(change(input).predicted(input, spec, state));
    }
    for (MemberId member : Ledger.split(input.get(Inputs.THEN, ""))) {
      steps.addAll(List.of(stop(member, Inputs.THEN), start(member, primary, Inputs.THEN)));
    }
    return Restart.fresh(steps);
  }

  /** What becomes of the primary. */
  private static OperationType<PostgresSpec, PgFacts> change(Details input) {
    return input.has(Inputs.IN_PLACE) ? new Restart() : new Switchover();
  }

  private static boolean begun(Details input, Run run) {
    MemberId old = Inputs.member(input, Inputs.FROM);
    return run.rows().stream()
        .anyMatch(row ->
            old.equals(row.step().member())
                && (row.step().act().equals(Acts.CHECKPOINT)
                    || row.step().act().equals(Acts.STOP)));
  }

  private static Continuation primary(
      Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    Continuation rest = change(input).steps(input, run, spec, state);
    return rest instanceof Continuation.Rest steps
        ? Continuation.rest(Restart.fresh(steps.steps()))
        : rest;
  }

  /** Once the primary is back, replicas follow. */
  private static Continuation andThen(Continuation rest) {
    if (!(rest instanceof Continuation.Rest more)) {
      return rest;
    }
    Step back = Step.decision(BACK, "the replicas are next", Details.NONE).thenDecide();
    List<Step> steps = new ArrayList<>(more.steps());
    boolean last =
        steps.isEmpty() || steps.stream().anyMatch(step -> step.act().equals(Acts.PROMOTE));
    if (last) {
      TreeSet<String> all = new TreeSet<>();
      steps.forEach(step -> all.add(step.key()));
      steps.add(back.after(all));
    }
    return Continuation.rest(steps);
  }

  private static Step stop(MemberId member, String round) {
    return Step.act(Acts.STOP, member, "stop " + member + " in order, for its parameters")
        .named("stop " + member + ", " + round)
        .within(Duration.ofSeconds(30));
  }

  private static Step start(MemberId member, MemberId primary, String round) {
    return Step.act(Acts.START, member, "start " + member + " with the parameters declared")
        .named("start " + member + ", " + round)
        .with(Acts.UPSTREAM, primary)
        .with(Acts.STREAM, true)
        .with(Acts.SETTINGS, Acts.NEW)
        .within(Duration.ofSeconds(60))
        .thenDecide();
  }

  /** What remains of a round; empty if nothing does. */
  private static Optional<Continuation> replicas(
      Details input,
      String round,
      MemberId primary,
      Run run,
      State<PgFacts> state,
      List<MemberId> done) {
    for (MemberId member : Ledger.split(input.get(round, ""))) {
      Step stop = stop(member, round);
      Step start = start(member, primary, round);
      if (run.isDone(start.key())) {
        String kept = run.evidence(start.key()).get(Acts.KEPT, "");
        if (!kept.isEmpty()) {
          return Optional.of(
              gaveUp(member + " runs, but not with what is declared: " + kept, done));
        }
        done.add(member);
        continue;
      }
      if (run.failures(stop.key()) > 0 && !run.isDone(stop.key())) {
        return Optional.of(gaveUp(member + " did not stop: " + run.problem(stop.key()), done));
      }
      if (run.failures(start.key()) >= TRIES) {
        return Optional.of(
            gaveUp(member + " did not come back: " + run.problem(start.key()), done));
      }
      if (run.isDone(stop.key())) {
        return Optional.of(Continuation.rest(List.of(start)));
      }
      if (run.last(stop.key()).isPresent()) {
        // It may be down by what was begun: whether it is, an inspection tells.
        return Optional.of(Continuation.rest(List.of(stop, start.after(stop))));
      }
      if (!Ledger.of(state.ledger()).primary().equals(Optional.of(primary))) {
        return Optional.of(gaveUp(primary + " is not primary any more", done));
      }
      return notYet(member, primary, run, state, done)
          .or(() -> Optional.of(Continuation.rest(List.of(stop, start.after(stop)))));
    }
    return Optional.empty();
  }

  /** What to do instead of stopping {@code member} now, if it must not be stopped. */
  private static Optional<Continuation> notYet(
      MemberId member, MemberId primary, Run run, State<PgFacts> state, List<MemberId> done) {
    return unsafe(member, primary, state)
        .map(unsafe ->
            restartedLately(run, state)
                ? new Continuation.Wait(
                    unsafe + stands(done), List.copyOf(state.members().keySet()))
                : gaveUp(unsafe, done));
  }

  /**
   * Whether whoever does not stream may be one that has just come back. Nothing is repaired while
   * this goes on, so that it waits for nobody else.
   */
  private static boolean restartedLately(Run run, State<PgFacts> state) {
    return run.rows().stream()
        .filter(row -> row.step().act().equals(Acts.START) && row.state() == StepState.DONE)
        .anyMatch(row -> state.now().micros() - row.endedMicros() < PATIENCE.toNanos() / 1_000);
  }

  /** Gives up in order: nobody is down who was not before, and it is said how far it came. */
  private static Continuation gaveUp(String why, List<MemberId> done) {
    return new Continuation.GiveUp(why + stands(done));
  }

  private static String stands(List<MemberId> done) {
    return done.isEmpty() ? "; nobody else was restarted" : "; restarted: " + Ledger.join(done);
  }

  /** Why the member must not be stopped now. */
  static Optional<String> unsafe(MemberId member, MemberId primary, State<PgFacts> state) {
    Ledger ledger = Ledger.of(state.ledger());
    Out out = Out.of(state, ledger);
    for (MemberState<PgFacts> other : state.members().values()) {
      boolean counts = !other.id().equals(primary) && !out.has(other.id());
      if (counts && !streams(other.id(), primary, state)) {
        return Optional.of(other.id() + " does not stream from " + primary);
      }
    }
    long left =
        ledger.quorum().stream()
            .filter(each -> !each.equals(member) && streams(each, primary, state))
            .count();
    return left < ledger.k()
        ? Optional.of(
            "commits wait for "
                + ledger.k()
                + " of the replicas, and without "
                + member
                + " only "
                + left
                + " would stream")
        : Optional.empty();
  }

  /** Whether both say so. */
  private static boolean streams(MemberId member, MemberId primary, State<PgFacts> state) {
    MemberState<PgFacts> known = state.member(member);
    MemberState<PgFacts> source = state.member(primary);
    PgFacts facts = known == null ? null : known.facts();
    PgFacts sends = source == null ? null : source.facts();
    return facts != null
        && sends != null
        && Doctor.streamsFrom(facts, primary)
        && sends.senders().stream()
            .anyMatch(sender -> sender.streaming() && sender.name().equals(member.name()));
  }
}
