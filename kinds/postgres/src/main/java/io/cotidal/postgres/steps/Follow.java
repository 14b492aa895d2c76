package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import java.io.IOException;
import java.util.Optional;

/** {@link Acts#FOLLOW}: another upstream, without a restart. */
final class Follow implements Act {
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
  Inspection verdict(Turn turn, PgFacts facts, Details evidence)
      throws PgException, InterruptedException {
    String wanted = turn.argument(Acts.UPSTREAM);
    String followed = facts.upstream() == null ? "" : facts.upstream().name();
    if (!facts.recovering() || !followed.equals(wanted)) {
      return new Inspection.NotApplied(
          turn.node().id() + " follows " + (followed.isEmpty() ? "nobody" : followed));
    }
    if (turn.stream()) {
      try {
        Node upstream = cluster.node(new MemberId(wanted));
        if (!new Streaming(cluster, turn, upstream).confirmed(facts)) {
          return new Inspection.NotApplied(turn.node().id() + " does not stream from " + wanted);
        }
      } catch (ActFailed e) {
        return new Inspection.Unknown(String.valueOf(e.getMessage()));
      }
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
    Streaming streaming = new Streaming(cluster, turn, upstream);
    boolean streams =
        turn.await(
            turn.deadline().most(),
            Turn.CALM,
            () -> {
              if (streaming.steady(cluster.facts(turn))) {
                return true;
              }
              if (streaming.broken()) {
                Optional<String> hopeless = ServerLog.hopeless(turn, logged);
                if (hopeless.isPresent()) {
                  throw new ActFailed(
                      turn.node().id() + " cannot follow " + upstream.id() + ": " + hopeless.get());
                }
              }
              return false;
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
}
