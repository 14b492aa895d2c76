package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.Acts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@link Acts#AWAIT_FLUSH}: changes nothing. */
final class AwaitFlush implements Act {
  private final Cluster cluster;

  AwaitFlush(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    if (!turn.await(turn.deadline().most(), Turn.QUICK, () -> behind(turn).isEmpty())) {
      throw new ActFailed("not on disk up to " + turn.number(Acts.POSITION) + ": " + behind(turn));
    }
    return Details.of(Acts.POSITION, turn.number(Acts.POSITION));
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, InterruptedException {
    List<MemberId> behind = behind(turn);
    return behind.isEmpty()
        ? new Inspection.Applied(Details.of(Acts.POSITION, turn.number(Acts.POSITION)))
        : new Inspection.NotApplied("behind: " + behind);
  }

  private List<MemberId> behind(Turn turn) throws PgException, InterruptedException {
    PgFacts facts = cluster.facts(turn);
    List<MemberId> behind = new ArrayList<>(turn.members(Acts.QUORUM));
    behind.removeIf(member ->
        facts.senders().stream()
            .anyMatch(sender ->
                sender.name().equals(member.name())
                    && sender.streaming()
                    && sender.flushed() >= turn.number(Acts.POSITION)));
    return behind;
  }
}
