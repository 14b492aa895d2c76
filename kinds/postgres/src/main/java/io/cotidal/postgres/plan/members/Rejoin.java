package io.cotidal.postgres.plan.members;

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
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.DiskBoard;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Take a member back whose history may have parted from the primary's: stop it for good, turn it
 * back or copy it anew, start it as a replica. What it alone has is lost, and is counted and kept
 * before; under quorum commit nobody was told that it was committed.
 */
public final class Rejoin implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = Types.REJOIN;

  /**
   * Input: {@code rewind} or {@code clone}; chosen if absent. A copy may be of {@link Acts#FROM}.
   */
  public static final String WAY = "way";

  /** Input: why that way. */
  static final String WHY = "why";

  private static final String CHOOSE = "choose way";
  private static final int CLONE_TRIES = 2;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.IRREVERSIBLE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return List.of(Lock.member(Inputs.member(input, Inputs.MEMBER)));
  }

  @Override
  public Duration deadline() {
    return Duration.ofDays(2);
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId member = Inputs.member(input, Inputs.MEMBER);
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
    MemberState<PgFacts> now = state.member(member);
    if (run.occasion() == Run.Occasion.CANCEL || now == null) {
      return Continuation.finished();
    }
    Step fence =
        Step.act(Acts.FENCE, member, "stop " + member + " for good; it starts demoted only")
            .within(Duration.ofSeconds(5))
            .thenDecide();
    if (!run.isDone(fence.key())) {
      return run.failures(fence.key()) > 1
          ? new Continuation.GiveUp(run.problem(fence.key()))
          : Continuation.rest(List.of(fence));
    }
    if (Out.of(state).has(member)) {
      // It wrote where it must not; somebody wants it down, and so it stays.
      return Continuation.finished();
    }
    boolean copied =
        run.rows().stream()
            .anyMatch(
                row -> row.step().act().equals(Acts.CLONE) || row.step().act().equals(Acts.REWIND));
    if (!copied && now.answers() && now.observedAt() > 0 && fenced(run, fence, state, now)) {
      return new Continuation.Moot(member + " was started again by somebody else");
    }
    if (!copied && now.host().facts().isEmpty()) {
      return new Continuation.Wait("a look at what lies on " + member + "'s disk", List.of(member));
    }
    Optional<Step> tail = new TailKeeping(state, run).next(now, primary);
    if (tail.isPresent()) {
      return Continuation.rest(List.of(tail.get()));
    }
    boolean mustBeCopied = Ledger.of(state.ledger()).mustBeCopied(member);
    Details wanted =
        mustBeCopied
            ? input
                .with(WAY, "clone")
                .with(WHY, "no server can tell its timeline from " + primary + "'s")
            : input;
    if (!wanted.get(WAY, "").equals("clone") && onTimelineOf(now, state.member(primary))) {
      wanted =
          wanted
              .with(WAY, "clone")
              .with(WHY, "it is on the timeline of " + primary + ", where nothing can be rewound");
    }
    return copying(wanted.with(Acts.FROM, source(input, spec, state, primary)), run, now, primary);
  }

  /**
   * Whether its data is on the timeline that the primary writes. pg_rewind would end its recovery
   * as if it were alone, which writes records of its own, and then find nothing to turn back: what
   * it leaves does not fit the primary's log.
   */
  private static boolean onTimelineOf(
      MemberState<PgFacts> member, @Nullable MemberState<PgFacts> primary) {
    PgFacts leader = primary == null ? null : primary.facts();
    String disk = member.host().facts().get(Acts.TIMELINE, "");
    return leader != null && disk.equals(Long.toString(leader.timeline()));
  }

  /**
   * Whom it is copied from: the replica that was asked for, as long as all comes there from the
   * primary.
   */
  private static MemberId source(
      Details input, PostgresSpec spec, State<PgFacts> state, MemberId primary) {
    return input
        .find(Acts.FROM)
        .map(MemberId::new)
        .filter(from -> {
          MemberState<PgFacts> member = state.member(from);
          PgFacts facts = member == null ? null : member.facts();
          return facts != null
              && new Upstreams(spec, state).streams(from, primary)
              && !Ledger.of(state.ledger()).doubts().containsKey(from);
        })
        .orElse(primary);
  }

  /** Whether the latest look was after the fence. */
  private static boolean fenced(
      Run run, Step fence, State<PgFacts> state, MemberState<PgFacts> member) {
    long sinceFence =
        run.done(fence.key()).map(row -> state.now().micros() - row.endedMicros()).orElse(0L);
    return state.now().nanosSince(member.observedAt()) / 1_000 < sinceFence;
  }

  private static Continuation copying(
      Details input, Run run, MemberState<PgFacts> member, MemberId primary) {
    MemberId id = member.id();
    Step rewind =
        Step.act(Acts.REWIND, id, "turn " + id + " back to where it left " + primary)
            .with(Acts.FROM, primary)
            .within(Duration.ofHours(1))
            .writing(Ledger.trust(List.of(id)));
    MemberId source = new MemberId(input.need(Acts.FROM));
    Step clone =
        Step.act(Acts.CLONE, id, "copy " + source + " over " + id)
            .with(Acts.FROM, source)
            .within(Duration.ofHours(24))
            .writing(Ledger.trust(List.of(id)));
    Step start =
        Step.act(Acts.START, id, "start " + id + " as a replica of " + primary)
            .with(Acts.UPSTREAM, primary)
            .with(Acts.STREAM, true)
            .within(Duration.ofSeconds(60));
    boolean direct = source.equals(primary);
    start = direct ? start : start.thenDecide();
    if (run.isDone(start.key())) {
      return Continuation.rest(tidy(run, id, primary));
    }
    if (run.failures(clone.key()) >= CLONE_TRIES) {
      return new Continuation.GiveUp(run.problem(clone.key()));
    }
    if (run.isDone(clone.key())) {
      if (run.failures(start.key()) <= 1) {
        return Continuation.rest(List.of(start));
      }
      List<Step> left = tidy(run, id, primary);
      return left.isEmpty()
          ? new Continuation.GiveUp(run.problem(start.key()))
          : Continuation.rest(left);
    }
    boolean rewound = run.isDone(rewind.key());
    if (rewound && run.failures(start.key()) == 0) {
      return Continuation.rest(List.of(start));
    }
    Way way = way(input, run, member, rewind, start);
    Step copy = way.rewind() ? rewind : clone;
    if (run.isDone(CHOOSE) && way.rewind()) {
      return Continuation.rest(List.of(copy, start.after(copy)));
    }
    Step choose =
        Step.decision(
            way.rewind() ? CHOOSE : CHOOSE + " again",
            (way.rewind() ? "rewind " : "copy ") + id + ": " + way.reason(),
            Details.of("way", way.rewind() ? "rewind" : "clone").with("reason", way.reason()));
    List<Step> steps = new ArrayList<>();
    if (!run.isDone(choose.key())) {
      steps.add(choose);
      copy = copy.after(choose);
    }
    if (!direct && !way.rewind() && !run.isDone(keep(id, primary).key())) {
      Step keep = keep(id, primary).after(copy.needs());
      steps.add(keep);
      copy = copy.after(keep);
    }
    steps.add(copy);
    steps.add(start.after(copy));
    return Continuation.rest(steps);
  }

  /** The copy begins where a replica is; the primary keeps what it needs from there on. */
  private static Step keep(MemberId id, MemberId primary) {
    return Step.act(Acts.SLOTS, primary, "let " + primary + " keep its log for " + id)
        .with(Acts.QUORUM, id)
        .with(Acts.GONE, "");
  }

  /** A copy of a replica was made under a slot there, which nobody needs any more. */
  private static List<Step> tidy(Run run, MemberId id, MemberId primary) {
    return run.rows().stream()
        .filter(row -> row.step().act().equals(Acts.CLONE) && run.isDone(row.key()))
        .flatMap(row -> row.step().arguments().find(Acts.FROM).stream())
        .distinct()
        .map(MemberId::new)
        .filter(source -> !source.equals(primary))
        .map(source ->
            Step.act(Acts.SLOTS, source, "drop the slot of " + id + " on " + source)
                .with(Acts.QUORUM, "")
                .with(Acts.GONE, id)
                .thenDecide())
        .filter(drop -> !run.isDone(drop.key()) && run.failures(drop.key()) < CLONE_TRIES)
        .toList();
  }

  private record Way(boolean rewind, String reason) {}

  private static Way way(
      Details input, Run run, MemberState<PgFacts> member, Step rewind, Step start) {
    Details facts = member.host().facts();
    if (run.failures(rewind.key()) > 0) {
      return new Way(false, "it could not be rewound: " + run.problem(rewind.key()));
    }
    if (run.isDone(rewind.key()) && run.failures(start.key()) > 0) {
      return new Way(false, "rewound, it did not follow: " + run.problem(start.key()));
    }
    if (!facts.get(Acts.DATA, "").equals("present")) {
      return new Way(false, "its data is " + facts.get(Acts.DATA, "unknown"));
    }
    if (!facts.get(Acts.CAN_REWIND, "").equals("true")) {
      return new Way(false, "pg_rewind is not at hand, or the server does not log what it needs");
    }
    if (input.get(WAY, "").equals("clone")) {
      return new Way(false, input.get(WHY, "asked for"));
    }
    if (DiskBoard.full(member)) {
      return new Way(false, "its disk is full, and a rewind needs room beside what is there");
    }
    return new Way(true, "what it shares with the primary stays where it is");
  }
}
