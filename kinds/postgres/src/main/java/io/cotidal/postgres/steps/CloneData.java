package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.HostLook;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.plan.Acts;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.TreeCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@link Acts#CLONE}: a backup by the server's own functions, its files copied while it runs, and
 * the log between its begin and its end beside them, so that the copy becomes consistent without
 * asking anybody.
 */
final class CloneData implements Act {
  private static final String UNIT = "bytes";
  private static final Duration TIDY = Duration.ofSeconds(1);

  private final Cluster cluster;

  CloneData(Cluster cluster) {
    this.cluster = cluster;
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
      Receipts.begin(turn);
      newSlot(turn, session);
      try {
        long bytes = copy(turn, source, session);
        Receipts.end(turn, Long.toString(bytes));
        return Details.of(Acts.BYTES, bytes);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } finally {
        if (Files.exists(node.incomplete())) {
          dropSlot(node, source);
        }
      }
    }
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    return Receipts.inspect(turn, Acts.BYTES);
  }

  private long copy(Turn turn, Node source, PgSession session)
      throws PgException, IOException, InterruptedException {
    Node node = turn.node();
    Backup backup = Backup.begin(session, turn.deadline(), "cotidal " + node.id());
    long total = backup.bytes();
    Init.makeFolder(node);
    Durable.empty(node.data());
    TreeCopy tree =
        new TreeCopy(
            source.data(),
            node.data(),
            node.owner(),
            bytes -> {
              report(turn, bytes, total);
            });
    tree.copy(BackupFiles::leftOut);
    BackupFiles.emptyDirectories(tree);
    tree.file(Path.of("global/pg_control"));
    ServerFiles files = new ServerFiles(cluster.spec(), node);
    Backup.End end = backup.end();
    files.write(node.data().resolve("backup_label"), end.label());
    for (Path segment : BackupFiles.log(source.data(), end)) {
      tree.file(segment);
    }
    files.demote();
    turn.passage().sync(node.data(), turn.deadline());
    return tree.bytes();
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
    }
  }

  private void requireReplaceable(Turn turn, Node source, PgSession session)
      throws ActFailed, PgException, IOException {
    Node node = turn.node();
    String data = HostLook.data(node);
    boolean ours = Files.exists(node.incomplete());
    if (data.equals(HostLook.INCOMPLETE) && !ours) {
      throw new ActFailed(
          node.data()
              + " holds files that are no PostgreSQL data directory; empty it or name another");
    }
    if (data.equals(HostLook.PRESENT)) {
      long theirs =
          session.one(
              "SELECT system_identifier FROM pg_control_system()",
              turn.deadline().left(),
              row -> row.getLong(1));
      if (ControlFile.read(node.data()).systemId() != theirs) {
        throw new ActFailed(
            node.data()
                + " belongs to another cluster than "
                + source.id()
                + "; empty it or name another");
      }
    }
    if (!HostLook.empty(source.data().resolve("pg_tblspc"))) {
      throw new ActFailed(
          source.id() + " has tablespaces, which a clone on the same machine cannot place");
    }
  }

  /** A slot from before the backup keeps all log from there on; an old one may have lost some. */
  private static void newSlot(Turn turn, PgSession session) throws PgException {
    Slots.drop(session, turn.deadline(), turn.node().id());
    Cluster.makeSlot(session, turn.deadline(), turn.node().id());
  }

  /** A clone that came to nothing must not hold the source's log for ever. */
  private static void dropSlot(Node node, Node source) throws InterruptedException {
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
      org.slf4j.LoggerFactory.getLogger(CloneData.class)
          .warn(
              "member={} slot of an unfinished clone is left on {}: {}",
              node.id(),
              source.id(),
              e.getMessage());
    }
  }
}
