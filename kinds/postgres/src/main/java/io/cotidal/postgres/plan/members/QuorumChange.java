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
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/**
 * Change for whom commits wait. The ledger holds the old and the new list until every commit that
 * only the old list has confirmed is on the new one too.
 */
public final class QuorumChange implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = "quorum";

  /** Input: the new list. */
  public static final String LIST = "list";

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
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
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

  /** Whether the step is the last of a change. */
  static boolean narrows(Step step) {
    return step.key().equals(NARROW);
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
    return run.done(await.key()).map(row -> row.step().arguments().get(Acts.QUORUM, "")).orElse("");
  }
}
