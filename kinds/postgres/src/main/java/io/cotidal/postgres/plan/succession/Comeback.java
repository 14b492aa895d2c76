package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.DiskBoard;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The old primary's return, when the policy wants that tried first or nobody else could be
 * promoted: it holds all that it ever acknowledged. Only one whose processes are gone is brought
 * back, as a standby first, and then it is chosen and promoted like any other.
 */
final class Comeback {
  private static final int TRIES = 2;

  private Comeback() {}

  /** Whether the old primary has come back as a standby in {@code run} and told its position. */
  static boolean told(Run run, MemberId old) {
    return run.isDone(ColdStart.start(old).key()) && run.isDone(Succession.cutOff(old, old).key());
  }

  /**
   * The next step of its return; empty if it cannot return.
   *
   * @param patience how long its start may take
   */
  static Optional<Continuation> of(Run run, State<PgFacts> state, MemberId old, Duration patience) {
    Step start = ColdStart.start(old).within(patience);
    Step cut = Succession.cutOff(old, old);
    MemberState<PgFacts> member = state.member(old);
    boolean back = run.isDone(start.key());
    if (member == null || run.isDone(cut.key()) || run.failures(cut.key()) >= TRIES) {
      return Optional.empty();
    }
    if (back) {
      return Optional.of(Continuation.rest(List.of(cut)));
    }
    boolean can =
        ColdStart.stopped(member) && !DiskBoard.full(member) && run.failures(start.key()) < TRIES;
    return can ? Optional.of(Continuation.rest(List.of(start))) : Optional.empty();
  }
}
