package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.guard.Guard;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;

/**
 * {@link Acts#AWAIT_GUARD}: lets time pass. What the guard of another member goes by has ended: our
 * looks give no sign any more, and the member that this is done on, one of those that would have to
 * vouch, is cut off. Either end is known by this process's own clock if it was here that it came
 * about; else it is now.
 */
final class AwaitGuard implements Act {
  private final Cluster cluster;

  AwaitGuard(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    long began = System.nanoTime();
    Duration lease = Duration.ofMillis(turn.number(Acts.LEASE));
    MemberId old = new MemberId(turn.argument(Acts.FROM));
    // Another daemon's signs: it may give them for as long as one holds after it ceased to lead.
    long sign = cluster.node(old).lifeline().end().orElse(began + lease.toNanos());
    long heard = cluster.heardUntil(turn.node().id()).orElse(began);
    long last = sign - heard > 0 ? sign : heard;
    Deadline over = new Deadline(last + lease.plus(Guard.MARGIN).toNanos());
    turn.await(over, Turn.CALM, () -> false);
    return Details.of(
            Acts.PROOF,
            "its guard has ended it: nobody vouched for it for "
                + lease.plus(Guard.MARGIN).toMillis()
                + " ms")
        .with("waited-ms", Duration.ofNanos(System.nanoTime() - began).toMillis());
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("whether the time was up is known to who waited alone");
  }
}
