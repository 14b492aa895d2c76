package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.Acts;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Acts#FOLLOW}: another upstream, without a restart. */
final class Follow implements Act {
  /**
   * A receiver on a forked history shows itself streaming for an instant, so it is seen so often in
   * a row.
   */
  private static final int STEADY = 3;

  private final Cluster cluster;

  Follow(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    if (!cluster.facts(turn).recovering()) {
      throw new ActFailed(turn.node().id() + " is a primary; it cannot follow");
    }
    long logged = turn.inside().within() ? turn.inside().openLog() : 0;
    point(turn);
    if (turn.stream()) {
      awaitStream(turn, cluster.node(new MemberId(turn.argument(Acts.UPSTREAM))), logged);
    }
    return Start.evidence(cluster.facts(turn));
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, InterruptedException {
    PgFacts facts = cluster.facts(turn);
    return verdict(turn, facts, Start.evidence(facts));
  }

  /** Whether a running standby follows whom the step says, and streams if the step says so. */
  Inspection verdict(Turn turn, PgFacts facts, Details evidence) {
    String wanted = turn.argument(Acts.UPSTREAM);
    String followed = facts.upstream() == null ? "" : facts.upstream().name();
    if (!facts.recovering() || !followed.equals(wanted)) {
      return new Inspection.NotApplied(
          turn.node().id() + " follows " + (followed.isEmpty() ? "nobody" : followed));
    }
    PgFacts.Receiver receiver = facts.receiver();
    if (turn.stream() && (receiver == null || !receiver.streaming())) {
      return new Inspection.NotApplied(turn.node().id() + " does not stream from " + wanted);
    }
    return new Inspection.Applied(evidence);
  }

  /** Sets the upstream of a running standby; its slot there first. */
  void point(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    String name = turn.argument(Acts.UPSTREAM);
    String conninfo = "";
    if (!name.isEmpty()) {
      Node upstream = cluster.node(new MemberId(name));
      upstream
          .work()
          .use(
              turn.deadline().most(),
              (session, deadline) -> {
                Cluster.makeSlot(session, deadline, node.id());
                return true;
              });
      if (turn.inside().within()) {
        new ServerFiles(cluster.spec(), turn).writePasswords();
      }
      conninfo = cluster.conninfo(node, upstream);
      String slot = SlotNames.of(node.id());
      if (!turn.sql((s, d) -> Reload.current(s, d, "primary_slot_name")).equals(slot)) {
        Reload.set(turn, "primary_slot_name", slot);
      }
    }
    Reload.set(turn, "primary_conninfo", conninfo);
    String wanted = conninfo;
    boolean read =
        turn.await(
            turn.deadline().most(),
            Turn.QUICK,
            () -> turn.sql((s, d) -> Reload.current(s, d, "primary_conninfo")).equals(wanted));
    if (!read) {
      throw new IOException(node.id() + " has not read its new upstream yet");
    }
  }

  /** Waits until the standby streams from {@code upstream}, steadily. */
  void awaitStream(Turn turn, Node upstream, long logged)
      throws ActFailed, PgException, IOException, InterruptedException {
    Deadline until = turn.deadline().most();
    int[] seen = {0};
    boolean streams =
        turn.await(
            until,
            Turn.CALM,
            () -> {
              seen[0] = streams(turn, upstream) ? seen[0] + 1 : 0;
              if (seen[0] == 0) {
                Optional<String> hopeless = ServerLog.hopeless(turn, logged);
                if (hopeless.isPresent()) {
                  throw new ActFailed(
                      turn.node().id() + " cannot follow " + upstream.id() + ": " + hopeless.get());
                }
              }
              return seen[0] >= STEADY;
            });
    if (!streams) {
      throw new ActFailed(
          turn.node().id()
              + " does not stream from "
              + upstream.id()
              + ": "
              + ServerLog.decisive(turn, logged));
    }
  }

  private boolean streams(Turn turn, Node upstream) throws PgException, InterruptedException {
    PgFacts.@Nullable Receiver receiver = cluster.facts(turn).receiver();
    return receiver != null && receiver.streaming() && upstream.id().equals(receiver.sender());
  }
}
