package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Sight;
import io.cotidal.postgres.reach.Tool;
import io.cotidal.postgres.spec.CopyWay;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.TreeCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Acts#CLONE}: a backup by the server's own functions, its files copied while it runs, and
 * the log between its begin and its end beside them, so that the copy becomes consistent without
 * asking anybody.
 */
final class CloneData implements Act {
  private static final Logger LOG = LoggerFactory.getLogger(CloneData.class);
  private static final String UNIT = "bytes";
  private static final Duration TIDY = Duration.ofSeconds(1);
  private static final Duration BREATH = Duration.ofMillis(100);

  private final Cluster cluster;

  CloneData(Cluster cluster) {
    this.cluster = cluster;
  }

  private enum Way {
    FILES("files, both are on one machine"),
    NETWORK("pg_basebackup, over the network"),
    PLUGIN("a plug-in"),
    RSYNC("rsync, what was there already was not sent");

    private final String sentence;

    Way(String sentence) {
      this.sentence = sentence;
    }
  }

  private Way way(Turn turn, Node source) {
    if (ByPlugin.wanted(turn)) {
      return Way.PLUGIN;
    }
    if (cluster.spec().practice().care().copying().way() == CopyWay.RSYNC) {
      return Way.RSYNC;
    }
    boolean near = turn.node().machine().here().isPresent() && source.machine().here().isPresent();
    return near ? Way.FILES : Way.NETWORK;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    Node source = cluster.node(new MemberId(turn.argument(Acts.FROM)));
    if (source == node) {
      throw new ActFailed(node.id() + " cannot be cloned from itself");
    }
    Processes.requireGone(turn);
    try (PgSession session = PgSession.open(source.login(), turn.deadline().left())) {
      requireReplaceable(turn, source, session);
      Way way = way(turn, source);
      RsyncCopy rsync = new RsyncCopy(cluster, turn, source);
      if (way == Way.RSYNC) {
        rsync.requirePossible();
      }
      Receipts.begin(turn);
      newSlot(turn, session);
      boolean whole = false;
      try {
        Details evidence =
            switch (way) {
              case FILES -> Details.of(Acts.BYTES, copy(turn, source, session));
              case NETWORK -> Details.of(Acts.BYTES, fetch(turn, source, session));
              case PLUGIN ->
                  Details.of(Acts.BYTES, new ForeignCopy(cluster, turn).take(source, session));
              case RSYNC -> rsync.take(session).evidence();
            };
        Receipts.end(turn, evidence.need(Acts.BYTES));
        whole = true;
        return evidence.with("way", way.sentence);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } finally {
        if (!whole) {
          dropSlot(node, source);
        }
      }
    }
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException, InterruptedException {
    return Receipts.inspect(turn, Acts.BYTES);
  }

  private long copy(Turn turn, Node source, PgSession session)
      throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    Backup backup = Backup.begin(session, turn.deadline(), "cotidal " + node.id());
    long total = backup.bytes();
    turn.inside().makeData();
    turn.inside().emptyData();
    if (!Roominess.shares(source, node)) {
      Roominess.require(turn, total);
    }
    Throttle throttle = new Throttle(cluster.spec().practice().care().rate(), System.nanoTime());
    TreeCopy tree =
        new TreeCopy(
            source.data(),
            node.data(),
            node.machine().here().orElseThrow().user(node.server().user()),
            bytes -> {
              report(turn, bytes, total);
              hold(turn, throttle.ahead(bytes, System.nanoTime()));
            });
    tree.copy(BackupFiles::leftOut);
    BackupFiles.emptyDirectories(tree);
    tree.file(Path.of("global/pg_control"));
    ServerFiles files = new ServerFiles(cluster.spec(), turn);
    Backup.End end = backup.end();
    turn.inside().write(node.data().resolve("backup_label"), end.label());
    for (Path segment : BackupFiles.log(source.data(), end)) {
      tree.file(segment);
    }
    files.demote();
    turn.inside().sync(turn.deadline());
    return tree.bytes();
  }

  /** Over the network, by the program that PostgreSQL brings: one of both is on another machine. */
  private long fetch(Turn turn, Node source, PgSession session)
      throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    long bytes = Backup.bytes(session, turn.deadline());
    ServerFiles files = new ServerFiles(cluster.spec(), turn);
    files.writePasswords();
    turn.inside().makeData();
    turn.inside().emptyData();
    Roominess.require(turn, bytes);
    LocalProcesses.Result result =
        turn.inside()
            .run(
                new Tool.BaseBackup(
                    cluster.copying(node, source), cluster.spec().practice().care().rate() >> 10),
                turn.deadline().most(),
                () -> told(turn, session, bytes));
    if (result.exit() != 0) {
      throw new ActFailed(
          "pg_basebackup of "
              + node.id()
              + " ended with "
              + result.exit()
              + ": "
              + Complaint.of(result.output()));
    }
    files.demote();
    turn.inside().sync(turn.deadline());
    return bytes;
  }

  /** Tells how far the copy over the network is, as its source sees it. */
  private static void told(Turn turn, PgSession session, long total) throws InterruptedException {
    try {
      long sent =
          session.one(
              """
              SELECT coalesce(max(p.backup_streamed), -1)
              FROM pg_stat_progress_basebackup AS p JOIN pg_stat_replication AS r USING (pid)
              WHERE r.application_name = ?
              """,
              Deadline.in(TIDY).left(),
              row -> row.getLong(1),
              Cluster.copyName(turn.node()));
      // Before the copy has begun and after it has ended there is nothing to be seen of it.
      if (sent >= 0) {
        turn.progress().accept(new Progress(Math.min(sent, total), total, UNIT));
      }
    } catch (PgException e) {
      // The copy goes on without being told of.
      LOG.debug("member={} progress of its copy: {}", turn.node().id(), e.getMessage());
    }
  }

  /** Waits so long, and makes way meanwhile for whoever must. */
  private static void hold(Turn turn, Duration ahead) {
    Deadline until = Deadline.in(ahead);
    while (!until.over()) {
      try {
        until.pause(BREATH);
        turn.makeWay();
        if (turn.deadline().over()) {
          throw new IOException("the copy of " + turn.node().id() + " did not end in time");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(
            new IOException("the copy of " + turn.node().id() + " was interrupted", e));
      }
    }
  }

  private static void report(Turn turn, long bytes, long total) {
    turn.progress().accept(new Progress(bytes, total, UNIT));
    try {
      if (turn.deadline().over()) {
        throw new IOException("the copy of " + turn.node().id() + " did not end in time");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("the copy of " + turn.node().id() + " was interrupted");
      }
      turn.makeWay();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(
          new IOException("the copy of " + turn.node().id() + " was interrupted", e));
    }
  }

  private void requireReplaceable(Turn turn, Node source, PgSession session)
      throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    Sight sight = turn.inside().sight();
    boolean ours = turn.inside().exists(node.places().incomplete());
    if (sight.data().equals(Sight.INCOMPLETE) && !ours) {
      throw new ActFailed(
          node.data()
              + " holds files that are no PostgreSQL data directory; empty it or name another");
    }
    if (sight.data().equals(Sight.PRESENT)) {
      long theirs =
          session.one(
              "SELECT system_identifier FROM pg_control_system()",
              turn.deadline().left(),
              row -> row.getLong(1));
      if (ControlFile.of(sight).systemId() != theirs) {
        throw new ActFailed(
            node.data()
                + " belongs to another cluster than "
                + source.id()
                + "; empty it or name another");
      }
    }
    Roominess.requirePossible(turn, Backup.bytes(session, turn.deadline()));
    boolean tablespaces =
        session.one(
            """
            SELECT EXISTS (SELECT FROM pg_tablespace
                           WHERE spcname NOT IN ('pg_default', 'pg_global'))
            """,
            turn.deadline().left(),
            row -> row.getBoolean(1));
    if (tablespaces) {
      throw new ActFailed(source.id() + " has tablespaces, which a clone cannot place");
    }
  }

  /** A slot from before the backup keeps all log from there on; an old one may have lost some. */
  private static void newSlot(Turn turn, PgSession session) throws PgException {
    Slots.drop(session, turn.deadline(), turn.node().id());
    Cluster.makeSlot(session, turn.deadline(), turn.node().id());
  }

  /** A clone that came to nothing must not hold the source's log for ever. */
  private static void dropSlot(Node node, Node source) {
    boolean interrupted = Thread.interrupted();
    try {
      source
          .work()
          .use(
              Deadline.in(TIDY),
              (session, deadline) -> {
                Slots.drop(session, deadline, node.id());
                return true;
              });
    } catch (PgException e) {
      LOG.warn(
          "member={} slot of an unfinished clone is left on {}: {}",
          node.id(),
          source.id(),
          e.getMessage());
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
