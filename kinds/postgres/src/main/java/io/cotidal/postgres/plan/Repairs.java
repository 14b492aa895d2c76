package io.cotidal.postgres.plan;

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
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The small operations that put one thing right each. */
final class Repairs {
  /** Input: the member that it is about. */
  static final String MEMBER = "member";

  /** Input: the primary that it shall follow. */
  static final String PRIMARY = "primary";

  private Repairs() {}

  static MemberId member(Details input, String name) {
    return new MemberId(input.need(name));
  }

  /** Ends after one try: what is still wrong is planned again, with a pause. */
  private static Continuation once(Run run, Step step) {
    if (run.occasion() == Run.Occasion.CANCEL || run.isDone(step.key())) {
      return Continuation.finished();
    }
    return run.failures(step.key()) > 0
        ? new Continuation.GiveUp(run.problem(step.key()))
        : Continuation.rest(List.of(step));
  }

  /** Start a stopped replica. */
  static final class Start implements OperationType<PostgresSpec, PgFacts> {
    static final String NAME = "start";

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
      return List.of(Lock.member(member(input, MEMBER)));
    }

    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      MemberId member = member(input, MEMBER);
      MemberId primary = member(input, PRIMARY);
      return once(
          run,
          Step.act(Acts.START, member, "start " + member + " as a replica of " + primary)
              .with(Acts.UPSTREAM, primary)
              .with(Acts.STREAM, true)
              .within(Duration.ofSeconds(30)));
    }
  }

  /** Let a running standby follow the primary. */
  static final class Follow implements OperationType<PostgresSpec, PgFacts> {
    static final String NAME = "follow";

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
      return List.of(Lock.member(member(input, MEMBER)));
    }

    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      MemberId member = member(input, MEMBER);
      MemberId primary = member(input, PRIMARY);
      return once(
          run,
          Step.act(Acts.FOLLOW, member, "let " + member + " follow " + primary)
              .with(Acts.UPSTREAM, primary)
              .with(Acts.STREAM, true)
              .within(Duration.ofSeconds(10)));
    }
  }

  /** Take over the care of a cluster that was made by hand. */
  static final class Adopt implements OperationType<PostgresSpec, PgFacts> {
    static final String NAME = "adopt";

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
      return List.of(Lock.resource());
    }

    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      if (run.isDone(NAME)) {
        return Continuation.finished();
      }
      MemberId primary = member(input, PRIMARY);
      MemberState<PgFacts> member = state.member(primary);
      PgFacts facts = member == null ? null : member.facts();
      if (facts == null || facts.recovering()) {
        return new Continuation.GiveUp(primary + " does not answer as primary");
      }
      Details seen = input.with(Acts.TIMELINE, facts.timeline());
      return Continuation.rest(
          List.of(
              Step.decision(NAME, "take " + primary + " as the primary of this cluster", seen)
                  .writing(
                      Ledger.primary(primary, 0, 0)
                          .with(Ledger.members(spec.members()))
                          .with(Ledger.quorum(List.of(), 0)))));
    }
  }

  /**
   * Change for whom commits wait. The ledger holds the old and the new list until every commit that
   * only the old list has confirmed is on the new one too.
   */
  static final class Quorum implements OperationType<PostgresSpec, PgFacts> {
    static final String NAME = "quorum";

    /** Input: the new list. */
    static final String LIST = "list";

    private static final String WIDEN = "widen";
    private static final String NARROW = "narrow";

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
      return List.of(new Lock("quorum", true));
    }

    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      if (run.occasion() == Run.Occasion.CANCEL || run.isDone(NARROW)) {
        return Continuation.finished();
      }
      if (run.occasion() == Run.Occasion.FAILURE) {
        return new Continuation.GiveUp("the primary did not take the new list, or it lags");
      }
      MemberId primary = member(input, PRIMARY);
      List<MemberId> list = Ledger.split(input.get(LIST, ""));
      int k = Integer.parseInt(input.need(Acts.K));
      Ledger before = Ledger.of(state.ledger());
      Step set = set(primary, list, k);
      if (k == 0 && before.k() == 0) {
        return Continuation.rest(List.of(narrow(list, k, streaming(state, primary, list))));
      }
      if (run.isDone(set.key())) {
        List<MemberId> streaming = streaming(state, primary, list);
        if (streaming.size() < k) {
          return new Continuation.Wait(k + " of " + Ledger.join(list) + " must stream");
        }
        return Continuation.rest(ending(run, primary, list, k, streaming));
      }
      TreeSet<MemberId> both = new TreeSet<>(before.quorum());
      both.addAll(list);
      Step widen =
          Step.decision(
                  WIDEN,
                  "from now on a successor is chosen from " + Ledger.join(both),
                  Details.of(Acts.QUORUM, Ledger.join(both)))
              .writing(Ledger.quorum(both, Math.min(before.k(), k)));
      return run.isDone(WIDEN)
          ? Continuation.rest(List.of(set))
          : Continuation.rest(List.of(widen, set.after(widen)));
    }

    private static Step set(MemberId primary, List<MemberId> list, int k) {
      return Step.act(
              Acts.SET_QUORUM,
              primary,
              k == 0
                  ? "let commits wait for nobody"
                  : "let commits wait for " + k + " of " + Ledger.join(list))
          .with(Acts.QUORUM, Ledger.join(list))
          .with(Acts.K, k)
          .thenDecide();
    }

    /** Members of {@code list} that the primary sees streaming. */
    private static List<MemberId> streaming(
        State<PgFacts> state, MemberId primary, List<MemberId> list) {
      MemberState<PgFacts> member = state.member(primary);
      PgFacts facts = member == null ? null : member.facts();
      if (facts == null) {
        return List.of();
      }
      return list.stream()
          .filter(one ->
              facts.senders().stream()
                  .anyMatch(sender -> sender.streaming() && sender.name().equals(one.name())))
          .toList();
    }

    /** Members that hold what was committed before are trusted again. */
    private static Step narrow(List<MemberId> list, int k, List<MemberId> holders) {
      return Step.decision(
              NARROW,
              "a successor is chosen from " + Ledger.join(list),
              Details.of(Acts.QUORUM, Ledger.join(list)))
          .writing(Ledger.quorum(list, k).with(Ledger.trust(holders)));
    }

    private static List<Step> ending(
        Run run, MemberId primary, List<MemberId> list, int k, List<MemberId> streaming) {
      String position = run.evidence(set(primary, list, k).key()).need(Acts.POSITION);
      Step await =
          Step.act(
                  Acts.AWAIT_FLUSH,
                  primary,
                  "wait until " + Ledger.join(streaming) + " hold what was committed before")
              .with(Acts.QUORUM, Ledger.join(streaming))
              .with(Acts.K, streaming.size())
              .with(Acts.POSITION, position)
              .within(Duration.ofSeconds(10));
      if (run.isDone(await.key())) {
        return List.of(narrow(list, k, Ledger.split(awaited(run, await))));
      }
      return List.of(await, narrow(list, k, streaming).after(await));
    }

    private static String awaited(Run run, Step await) {
      return run.done(await.key())
          .map(row -> row.step().arguments().get(Acts.QUORUM, ""))
          .orElse("");
    }
  }

  /** Let go of members that the configuration has no more. */
  static final class Forget implements OperationType<PostgresSpec, PgFacts> {
    static final String NAME = "forget";

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
      return List.of(new Lock("slots", true));
    }

    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      MemberId primary = member(input, PRIMARY);
      List<MemberId> others = new ArrayList<>(spec.members());
      others.remove(primary);
      return once(
          run,
          Step.act(Acts.SLOTS, primary, "drop the slots of " + input.need(Acts.GONE))
              .with(Acts.QUORUM, Ledger.join(others))
              .with(Acts.GONE, input.need(Acts.GONE))
              .writing(Ledger.members(spec.members())));
    }
  }
}
