package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Report;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.rehearsal.Figures;
import io.cotidal.postgres.spec.Fault;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A failover rehearsed on throw-away clones: what the rules foretell is written down, a copy of the
 * cluster is struck, and what was measured is held against it. The real members are only copied
 * from. It makes way for a failover, and is not taken up by another daemon.
 */
public final class RehearseOnClones implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = "rehearse-on-clones";

  /** Input of the action: whether clones are wanted. */
  public static final String ON_CLONES = "on-clones";

  /** Input: what becomes of the clones' primary. */
  public static final String FAULT = "fault";

  /** Evidence that fails the operation: why the clones did not do what was promised. */
  private static final String BROKEN = "broken";

  /** Evidence of what was foretold, in milliseconds. */
  private static final String FORETOLD_OUTAGE = "foretold-ms";

  /** Evidence of who was foretold. */
  private static final String SUCCESSOR = "successor";

  /** With these a commit waits for no replica, whatever the quorum. */
  private static final Set<String> WEAK = Set.of("off", "local");

  private static final String LAST = "rehearsed-on-clones";
  private static final String FORETOLD = "foretold";
  private static final String MEASURED = "measured";
  private static final Duration LONG = Duration.ofHours(6);

  /** What is to be done by the calendar: nothing unless all is well and nothing else is wanted. */
  public static Optional<Wanted> wanted(
      PostgresSpec spec, State<PgFacts> state, PgDiagnosis found, boolean calm) {
    boolean healthy = found instanceof PgDiagnosis.Healthy;
    if (!calm || !healthy || due(spec, state) > state.now().micros()) {
      return Optional.empty();
    }
    return input(spec, state, spec.practice().clones().fault())
        .map(input -> new Wanted(NAME, input, "it is time to rehearse on clones", false));
  }

  /** When the next one is due, in microseconds; far away if none is. */
  public static long due(PostgresSpec spec, State<PgFacts> state) {
    Duration every = spec.practice().clones().every();
    if (every.isZero()) {
      return Long.MAX_VALUE;
    }
    long last = Long.parseLong(state.ledger().get(LAST, "0"));
    // One in the time to come was written by a clock that was wrong.
    return last > state.now().micros() ? 0 : last + every.toNanos() / 1_000;
  }

  /**
   * What somebody asks for, completed.
   *
   * @throws IllegalArgumentException with one line if it cannot be done now
   */
  public static Details prepare(
      PostgresSpec spec, State<PgFacts> state, PgDiagnosis found, Details asked) {
    String word = asked.get(FAULT, spec.practice().clones().fault().word());
    Fault fault =
        Fault.of(word)
            .orElseThrow(() -> refuse("fault '" + word + "': write one of " + Fault.words()));
    if (!(found instanceof PgDiagnosis.Healthy)) {
      throw refuse("needs a cluster that is healthy; " + found.sentence());
    }
    return input(spec, state, fault)
        .orElseThrow(() -> refuse("no replica streams from the primary: nobody could succeed it"));
  }

  private static IllegalArgumentException refuse(String why) {
    return new IllegalArgumentException("rehearse on clones: " + why);
  }

  /** Empty if there is no primary, or nobody streams from it. */
  private static Optional<Details> input(PostgresSpec spec, State<PgFacts> state, Fault fault) {
    Optional<MemberId> primary = Ledger.of(state.ledger()).primary();
    if (primary.isEmpty()) {
      return Optional.empty();
    }
    List<MemberId> replicas = new ArrayList<>();
    Upstreams upstreams = new Upstreams(spec, state);
    for (Server each : spec.servers()) {
      MemberState<PgFacts> known = state.member(each.id());
      boolean answers = known != null && known.facts() != null;
      if (answers && !Out.of(state).has(each.id()) && !each.id().equals(primary.get())) {
        if (upstreams.streams(each.id(), primary.get())) {
          replicas.add(each.id());
        }
      }
    }
    if (replicas.isEmpty()) {
      return Optional.empty();
    }
    List<MemberId> members = new ArrayList<>(replicas);
    members.add(primary.get());
    // The last one in the order of preference is the one that a real failover needs least.
    return Optional.of(
        Details.of(Acts.FROM, replicas.getLast())
            .with(Inputs.PRIMARY, primary.get())
            .with(Acts.MEMBERS, Ledger.join(members))
            .with(FAULT, fault.word()));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return List.of(new Lock(NAME, true));
  }

  @Override
  public Duration deadline() {
    return LONG.plusHours(1);
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    Step act = act(input);
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (run.isDone(MEASURED)) {
      String broken = run.evidence(MEASURED).get(BROKEN, "");
      return broken.isEmpty() ? Continuation.finished() : new Continuation.GiveUp(broken);
    }
    if (run.isDone(act.key())) {
      Details foretold = run.evidence(FORETOLD);
      return Continuation.rest(
          List.of(compare(input, foretold, run.evidence(act.key()), spec).thenDecide()));
    }
    if (run.failures(act.key()) > 0) {
      return new Continuation.GiveUp(run.problem(act.key()));
    }
    if (run.last(act.key()).isPresent()) {
      return new Continuation.GiveUp(
          "the daemon that ran the clones has ended; what it left behind is removed");
    }
    Step foretold = foretold(spec, state, input);
    return Continuation.rest(List.of(foretold, act.after(foretold)));
  }

  private static Step act(Details input) {
    MemberId from = new MemberId(input.need(Acts.FROM));
    return Step.act(
            Acts.REHEARSE,
            from,
            "copy " + from + ", run clones of " + input.need(Acts.MEMBERS) + ", " + deed(input))
        .with(Inputs.PRIMARY, input.need(Inputs.PRIMARY))
        .with(Acts.MEMBERS, input.need(Acts.MEMBERS))
        .with(FAULT, input.need(FAULT))
        .within(LONG)
        .thenDecide();
  }

  private static String deed(Details input) {
    String primary = "the clone of " + input.need(Inputs.PRIMARY);
    return switch (Fault.of(input.need(FAULT)).orElse(Fault.PROCESS_DEAD)) {
      case PROCESS_DEAD -> "kill " + primary + ", and measure";
      case FROZEN -> "freeze " + primary + ", and measure";
      case SWITCHOVER -> "switch over from " + primary + ", and measure";
    };
  }

  /** What the rules say, before anything is copied; and that this one has been begun. */
  private static Step foretold(PostgresSpec spec, State<PgFacts> state, Details input) {
    Rehearsal rehearsal = new Rehearsal(spec, state);
    Report report = rehearsal.report();
    Details evidence = Details.NONE;
    for (Report.Line line : report.lines()) {
      evidence = evidence.with(line.subject(), line.sentence());
    }
    Optional<MemberId> successor = rehearsal.successor();
    if (successor.isPresent()) {
      evidence = evidence.with(SUCCESSOR, successor.get());
    }
    MemberId primary = new MemberId(input.need(Inputs.PRIMARY));
    Outage outage = new Outage(spec, state);
    evidence =
        switch (Fault.of(input.need(FAULT)).orElse(Fault.PROCESS_DEAD)) {
          case PROCESS_DEAD -> evidence.with(FORETOLD_OUTAGE, outage.dead().toMillis());
          case FROZEN -> evidence.with(FORETOLD_OUTAGE, outage.silent(primary).toMillis());
          case SWITCHOVER -> evidence;
        };
    return Step.decision(FORETOLD, report.sentence(), evidence)
        .writing(Details.of(LAST, state.now().micros()));
  }

  /** Whether nothing that was acknowledged may be lost: by a quorum, or because nothing failed. */
  private static boolean promised(Details input, Details measured, PostgresSpec spec) {
    boolean inOrder = input.need(FAULT).equals(Fault.SWITCHOVER.word());
    boolean waits = !WEAK.contains(measured.get(Figures.DURABILITY, "on"));
    return inOrder || (spec.quorum() > 0 && waits);
  }

  /** Of equals the real cluster may choose another one than its clones. */
  private static String successor(Details foretold, Details measured) {
    String promoted = measured.need(Figures.PROMOTED);
    String told = foretold.get(SUCCESSOR, "");
    return promoted
        + " took over"
        + (told.equals(promoted)
            ? ", as foretold"
            : told.isEmpty() ? "" : " (foretold was " + told + ")");
  }

  /** What was measured, beside what was foretold and what is promised. */
  private static Step compare(
      Details input, Details foretold, Details measured, PostgresSpec spec) {
    String outage = measured.need(Figures.OUTAGE);
    String told =
        foretold.find(FORETOLD_OUTAGE).map(ms -> "; foretold were about " + ms + " ms").orElse("");
    Details evidence =
        measured
            .with("outage", "no writes for " + outage + " ms" + told)
            .with("candidate", successor(foretold, measured) + ": " + measured.need(Figures.WHY));
    boolean dual = !measured.get(Figures.DUAL, "0").equals("0");
    boolean lost = !measured.get(Figures.LOST, "0").equals("0");
    if (dual) {
      evidence =
          evidence.with(
              BROKEN,
              measured.need(Figures.DUAL)
                  + " commits were acknowledged by the old primary after the new one had begun");
    } else if (lost && promised(input, measured, spec)) {
      evidence =
          evidence.with(
              BROKEN, measured.need(Figures.LOST) + " acknowledged commits are not there any more");
    }
    return Step.decision(
        MEASURED,
        successor(foretold, measured)
            + "; no writes for "
            + outage
            + " ms"
            + told
            + "; "
            + measured.need(Figures.LOST)
            + " of "
            + measured.need(Figures.WRITES)
            + " commits lost; whole again after "
            + measured.need(Figures.WHOLE)
            + " ms",
        evidence);
  }
}
