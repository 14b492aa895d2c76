package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
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
    if (!turn.await(turn.deadline().most(), Turn.QUICK, () -> missing(turn) <= 0)) {
      throw new ActFailed("not on disk up to " + turn.number(Acts.POSITION) + ": " + behind(turn));
    }
    return Details.of(Acts.POSITION, turn.number(Acts.POSITION));
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, InterruptedException {
    return missing(turn) <= 0
        ? new Inspection.Applied(Details.of(Acts.POSITION, turn.number(Acts.POSITION)))
        : new Inspection.NotApplied("behind: " + behind(turn));
  }

  /**
   * How many more must catch up: with k given, k of the members are enough to meet every later
   * choice among them.
   */
  private long missing(Turn turn) throws PgException, InterruptedException {
    List<MemberId> all = turn.members(Acts.QUORUM);
    long wanted = turn.step().arguments().has(Acts.K) ? turn.number(Acts.K) : all.size();
    return wanted - (all.size() - behind(turn).size());
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
