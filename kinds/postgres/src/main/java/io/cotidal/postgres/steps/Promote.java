package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** {@link Acts#PROMOTE}: slots and quorum first, so that the first write is guarded. */
final class Promote implements Act {
  private static final Duration LINGER = Duration.ofMillis(300);

  private final Cluster cluster;
  private final PromoteByPlugin deputy;

  Promote(Cluster cluster) {
    this.cluster = cluster;
    this.deputy = new PromoteByPlugin(cluster);
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Deadline until = turn.deadline().most();
    // Before the first segment of the new timeline is full.
    new Archiving(cluster.spec(), turn.node()).allow(turn.inside());
    PgFacts before = cluster.facts(turn);
    if (before.recovering()) {
      slots(turn);
    }
    guard(turn, until);
    if (before.recovering() && ByPlugin.wanted(turn)) {
      deputy.ask(turn);
    } else if (before.recovering()) {
      turn.sql((session, deadline) -> {
        session.run("SELECT pg_promote(false)", deadline.left());
        return true;
      });
    }
    if (!turn.await(until, Turn.QUICK, () -> promoted(turn))) {
      throw new IOException(turn.node().id() + " has not ended its recovery yet");
    }
    PgFacts facts = cluster.facts(turn);
    long ended = before.recovering() ? before.timeline() : 0;
    deputy.requireNewTimeline(turn, facts, Math.max(ended, turn.number(Acts.TIMELINE)));
    if (!facts.syncNames().equals(quorum(turn))) {
      throw new IOException(
          turn.node().id() + " was promoted with the quorum " + facts.syncNames());
    }
    if (signal(turn)) {
      throw new IOException(turn.node().id() + " was promoted, yet its standby.signal is there");
    }
    return Start.evidence(facts);
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, IOException, InterruptedException {
    Deadline linger = turn.deadline().atMost(LINGER);
    PgFacts facts = cluster.facts(turn);
    while (facts.recovering() && !linger.over()) {
      linger.pause(Turn.CALM);
      facts = cluster.facts(turn);
    }
    if (facts.recovering()) {
      Optional<String> pending = deputy.pending(turn);
      if (pending.isPresent()) {
        return new Inspection.Unknown(pending.get());
      }
      return turn.inside().within() && turn.inside().exists(turn.node().data().resolve("promote"))
          ? new Inspection.Unknown("the promotion of " + turn.node().id() + " is asked for")
          : new Inspection.NotApplied(turn.node().id() + " is a standby");
    }
    if (ByPlugin.wanted(turn) && facts.timeline() <= turn.number(Acts.TIMELINE)) {
      return new Inspection.Unknown(PromoteByPlugin.onOldTimeline(turn, facts));
    }
    return facts.syncNames().equals(quorum(turn)) && !signal(turn)
        ? new Inspection.Applied(Start.evidence(facts))
        : new Inspection.NotApplied(
            turn.node().id() + " is a primary with the quorum '" + facts.syncNames() + "'");
  }

  private void slots(Turn turn) throws PgException, InterruptedException {
    turn.sql((session, deadline) -> {
      for (MemberId member : turn.members(Acts.QUORUM)) {
        if (!member.equals(turn.node().id())) {
          Cluster.makeSlot(session, deadline, member);
        }
      }
      return true;
    });
  }

  private void guard(Turn turn, Deadline until)
      throws ActFailed, PgException, IOException, InterruptedException {
    String quorum = quorum(turn);
    Reload.set(turn, SetQuorum.NAMES, quorum);
    if (!Reload.awaitForce(turn, until, SetQuorum.NAMES, quorum, SetQuorum.WHO_OBEYS)) {
      throw new IOException(turn.node().id() + " has not taken its quorum list yet");
    }
  }

  private static boolean signal(Turn turn) throws IOException, InterruptedException {
    return turn.inside().within() && turn.inside().exists(turn.node().signal());
  }

  private static String quorum(Turn turn) {
    return SetQuorum.text(turn);
  }

  private static boolean promoted(Turn turn) throws PgException, InterruptedException {
    try {
      return !recovering(turn);
    } catch (PgException e) {
      if (!ByPlugin.wanted(turn)) {
        throw e;
      }
      // A plug-in may have started the server anew, which ends our sessions.
      return false;
    }
  }

  private static boolean recovering(Turn turn) throws PgException, InterruptedException {
    return turn.sql((session, deadline) ->
        session.one("SELECT pg_is_in_recovery()", deadline.left(), row -> row.getBoolean(1)));
  }
}
