package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** {@link Acts#SLOTS}. */
final class Slots implements Act {
  private static final String UNDEFINED = "42704";
  private static final String IN_USE = "55006";
  private static final Duration AGAIN = Duration.ofMillis(50);

  private final Cluster cluster;

  Slots(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    turn.sql((session, deadline) -> {
      for (MemberId member : turn.members(Acts.QUORUM)) {
        if (!member.equals(turn.node().id())) {
          Cluster.makeSlot(session, deadline, member);
        }
      }
      return true;
    });
    for (MemberId member : turn.members(Acts.GONE)) {
      release(turn, member);
    }
    return Details.NONE;
  }

  /** Whoever left may still stream: its server runs on, and holds its slot until that ends. */
  private static void release(Turn turn, MemberId member)
      throws ActFailed, PgException, IOException, InterruptedException {
    boolean released =
        turn.await(
            turn.deadline(),
            AGAIN,
            () -> turn.sql((session, deadline) -> released(session, deadline, member)));
    if (!released) {
      throw new ActFailed(member + " came back to its slot again and again: stop its server");
    }
  }

  private static boolean released(PgSession session, Deadline deadline, MemberId member)
      throws PgException {
    session.run(
        """
        SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots
        WHERE slot_name = ? AND active_pid IS NOT NULL
        """,
        deadline.left(),
        SlotNames.of(member));
    try {
      drop(session, deadline, member);
      return true;
    } catch (PgException e) {
      if (e.rejected(IN_USE)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, InterruptedException {
    List<String> slots = cluster.facts(turn).slots();
    boolean made =
        turn.members(Acts.QUORUM).stream()
            .filter(member -> !member.equals(turn.node().id()))
            .allMatch(member -> slots.contains(SlotNames.of(member)));
    boolean dropped =
        turn.members(Acts.GONE).stream().noneMatch(member -> slots.contains(SlotNames.of(member)));
    return made && dropped
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied("the slots are " + slots);
  }

  /** Drops the slot of {@code member}; one in use stays, and the server's error says so. */
  static void drop(PgSession session, Deadline deadline, MemberId member) throws PgException {
    try {
      session.run("SELECT pg_drop_replication_slot(?)", deadline.left(), SlotNames.of(member));
    } catch (PgException e) {
      if (!e.rejected(UNDEFINED)) {
        throw e;
      }
      // It is gone already.
    }
  }
}
