package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A copy of the data that a plug-in brings. What lay there is gone before it is asked, so that
 * nothing old is taken for new, and what it brought is looked at before anybody may start it: whose
 * data it is, whether it can become consistent, and whether its history is the source's.
 */
final class ForeignCopy {
  private static final String VERSION = "PG_VERSION";

  private final Cluster cluster;
  private final Turn turn;
  private final Node node;

  ForeignCopy(Cluster cluster, Turn turn) {
    this.cluster = cluster;
    this.turn = turn;
    this.node = turn.node();
  }

  /**
   * Has it made.
   *
   * @param session with the source
   * @return about how many bytes were copied
   */
  long take(Node source, PgSession session)
      throws ActFailed, PgException, IOException, InterruptedException {
    long bytes = Backup.bytes(session, turn.deadline());
    ServerFiles files = new ServerFiles(cluster.spec(), turn);
    files.writePasswords();
    turn.inside().makeData();
    turn.inside().emptyData();
    Roominess.require(turn, bytes);
    cluster.plugins().ask(turn, question(source));
    Processes.requireGone(turn);
    try {
      brought(source, session);
    } catch (ActFailed e) {
      throw new ActFailed("plug-in " + ByPlugin.name(turn) + ": " + e.getMessage());
    }
    // The source's own lock, if it came along.
    turn.inside().delete(node.places().lock());
    files.demote();
    if (!turn.inside().exists(node.signal())) {
      throw new IOException(node.id() + " has no standby.signal after it was written");
    }
    turn.inside().sync(turn.deadline());
    return bytes;
  }

  private Details question(Node source) {
    return Details.of("from-host", source.server().addresses().replication())
        .with("from-port", source.server().port())
        .with("from-data", source.data())
        .with("slot", SlotNames.of(node.id()))
        .with("user", cluster.spec().access().replicationUser())
        .with("application-name", Cluster.copyName(node))
        .with("passfile", ServerFiles.passwords(node))
        .with("bytes-per-second", cluster.spec().practice().care().rate());
  }

  /**
   * Looks at a copy before anybody may start it.
   *
   * @throws ActFailed if it is not the source's data, or could not become consistent
   */
  void brought(Node source, PgSession session)
      throws ActFailed, PgException, IOException, InterruptedException {
    ControlFile control;
    try {
      control = ControlFile.of(turn.inside().sight());
    } catch (IOException e) {
      throw new ActFailed("it says yes and brought no data: " + e.getMessage());
    }
    PgFacts facts = cluster.look().facts(session, turn.deadline());
    if (control.systemId() != facts.systemId()) {
      throw new ActFailed(
          "what it brought belongs to another cluster than "
              + source.id()
              + ": system identifier "
              + Long.toUnsignedString(control.systemId())
              + ", not "
              + Long.toUnsignedString(facts.systemId()));
    }
    String version = turn.inside().read(node.data().resolve(VERSION)).orElse("").strip();
    if (!version.equals(Integer.toString(facts.version() / 10_000))) {
      throw new ActFailed(
          "what it brought is of PostgreSQL '"
              + version
              + "', "
              + source.id()
              + " is of "
              + facts.version() / 10_000);
    }
    Path label = node.data().resolve("backup_label");
    CopyOrigin.History history =
        new CopyOrigin.History(
            facts.timeline(), facts.position(), history(facts.timeline(), session));
    for (CopyOrigin origin : CopyOrigin.of(control, turn.inside().read(label))) {
      origin.requireOn(source.id(), history);
    }
  }

  /** The text of the source's history file; empty on the first timeline. */
  private String history(long timeline, PgSession session) throws PgException {
    if (timeline == 1) {
      return "";
    }
    return session.one(
        """
        SELECT coalesce(
          pg_read_file('pg_wal/' || upper(lpad(to_hex(?::int), 8, '0')) || '.history',
                       0, 1048576, true), '')
        """,
        turn.deadline().left(),
        row -> row.getString(1),
        timeline);
  }
}
