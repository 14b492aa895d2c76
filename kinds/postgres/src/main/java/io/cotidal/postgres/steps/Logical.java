package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.LogicalSlots;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link Acts#LOGICAL}. */
final class Logical implements Act {
  private static final String AWAITED = "synchronized_standby_slots";

  private final Cluster cluster;

  Logical(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    PgFacts facts = cluster.facts(turn);
    if (facts.version() < LogicalSlots.SINCE) {
      throw new ActFailed(
          turn.node().id() + " is older than PostgreSQL 17, which keeps no copies of slots");
    }
    boolean copies = copies(turn);
    if (copies && !facts.recovering()) {
      throw new ActFailed(turn.node().id() + " is a primary; it keeps no copies of slots");
    }
    for (String slot : names(turn)) {
      drop(turn, slot);
    }
    if (copies) {
      Reload.set(turn, "hot_standby_feedback", "on");
    }
    Reload.set(turn, "sync_replication_slots", copies ? "on" : "off");
    Reload.set(turn, AWAITED, awaited(turn));
    boolean read =
        turn.await(turn.deadline().most(), Turn.CALM, () -> there(turn, cluster.facts(turn)));
    if (!read) {
      throw new IOException(turn.node().id() + " has not taken the settings yet");
    }
    return Details.NONE;
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, InterruptedException {
    return there(turn, cluster.facts(turn))
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied(turn.node().id() + " has other settings, or a slot in the way");
  }

  private static boolean there(Turn turn, PgFacts facts) {
    LogicalSlots now = facts.logical();
    boolean copies = copies(turn);
    boolean dropped =
        now.slots().stream().noneMatch(slot -> !slot.synced() && names(turn).contains(slot.name()));
    return dropped
        && now.synchronises() == copies
        && (now.feedback() || !copies)
        && now.awaited().equals(awaited(turn));
  }

  /**
   * A slot of a former primary, of which the primary now has one with the same name that standbys
   * are to keep a copy of. It would stand in that copy's way for ever.
   */
  private static void drop(Turn turn, String slot) throws PgException, InterruptedException {
    turn.sql((session, deadline) -> {
      session.run(
          """
          SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
          WHERE slot_name = ? AND slot_type = 'logical' AND failover AND NOT synced
            AND pg_is_in_recovery()
          """,
          deadline.left(),
          slot);
      return true;
    });
  }

  private static boolean copies(Turn turn) {
    return turn.argument(Acts.COPIES).equals("true");
  }

  private static List<String> names(Turn turn) {
    return Stream.of(turn.argument(Acts.DROP).split(",", -1))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static String awaited(Turn turn) {
    return turn.members(Acts.AWAITED).stream()
        .map(SlotNames::of)
        .sorted()
        .collect(Collectors.joining(","));
  }
}
