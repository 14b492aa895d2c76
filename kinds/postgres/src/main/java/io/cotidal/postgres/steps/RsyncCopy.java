package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Progress;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Portion;
import io.cotidal.postgres.reach.Tool;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Relay;
import java.io.IOException;
import java.time.Duration;

/**
 * A copy by rsync inside a backup of the server's own functions: what lies at the target already is
 * compared and not sent again. Bytes go from the source's machine to this one and from here to the
 * target's, so that neither needs a way, or a key, to the other.
 */
final class RsyncCopy {
  private static final String UNIT = "bytes";

  /** Bytes a second, as of pg_basebackup: slower, and rsync would think that nobody is there. */
  private static final long SLOWEST = 32 << 10;

  /** Files that went away meanwhile: the log has what happened to them. */
  private static final int VANISHED = 24;

  /** Some files could not be read whole; one that is cut short while it is read, for example. */
  private static final int PARTIAL = 23;

  private final Cluster cluster;
  private final Turn turn;
  private final Node source;
  private final Node node;
  private final Throttle throttle;
  private long moved;

  /**
   * How much there is about, and how much went either way, in bytes.
   *
   * @param data for what of it was not there already
   * @param log for the log of the backup, which comes whole
   */
  record Copied(long bytes, long data, long log) {
    Details evidence() {
      return Details.of(Acts.BYTES, bytes).with("moved", data).with("moved-log", log);
    }
  }

  /** How one run of it ended, and the words for it if that was a failure. */
  private record Ended(int exit, String words) {
    void require() throws ActFailed {
      if (exit != 0) {
        throw new ActFailed(words);
      }
    }
  }

  RsyncCopy(Cluster cluster, Turn turn, Node source) {
    this.cluster = cluster;
    this.turn = turn;
    this.source = source;
    this.node = turn.node();
    long rate = cluster.spec().practice().care().rate();
    this.throttle = new Throttle(rate == 0 ? 0 : Math.max(rate, SLOWEST), System.nanoTime());
  }

  /** Refuses, before anything is changed, what could not be done. */
  void requirePossible() throws ActFailed, IOException, InterruptedException {
    try {
      source.machine().requireSends(turn.deadline());
      turn.inside().makePipes();
    } catch (IOException e) {
      throw new ActFailed(
          "rsync of " + source.id() + " to " + node.id() + " cannot be: " + e.getMessage());
    }
  }

  /**
   * Has it made.
   *
   * @param session with the source
   */
  Copied take(PgSession session) throws ActFailed, PgException, IOException, InterruptedException {
    Backup backup = Backup.begin(session, turn.deadline(), "cotidal " + node.id());
    long total = backup.bytes();
    turn.inside().makeData();
    if (!turn.inside().holdsData()) {
      Roominess.require(turn, total);
    }
    Ended ended = run(new Portion.Data(), total);
    if (ended.exit() == PARTIAL) {
      // What was cut short is so no more: the server does that once to a file.
      ended = run(new Portion.Data(), total);
    }
    if (ended.exit() != VANISHED) {
      ended.require();
    }
    run(new Portion.Control(), total).require();
    Backup.End end = backup.end();
    long data = moved;
    run(new Portion.Log(end.firstSegment(), end.lastSegment()), total).require();
    turn.inside().write(node.data().resolve("backup_label"), end.label());
    try {
      new ForeignCopy(cluster, turn).brought(source, session);
    } catch (ActFailed e) {
      throw new ActFailed("rsync of " + source.id() + " to " + node.id() + ": " + e.getMessage());
    }
    new ServerFiles(cluster.spec(), turn).demote();
    turn.inside().sync(turn.deadline());
    return new Copied(total, data, moved - data);
  }

  private Ended run(Portion portion, long total) throws IOException, InterruptedException {
    turn.inside().makePipes();
    Conduit from = source.machine().send(portion, turn.deadline());
    boolean met = false;
    try {
      Conduit to = turn.inside().meet(turn.deadline());
      met = true;
      try (Relay relay = new Relay(from, to, this::keepPace)) {
        LocalProcesses.Result result =
            turn.inside()
                .run(
                    new Tool.Rsync(portion),
                    turn.deadline().most(),
                    () -> tell(moved + relay.bytes(), total));
        moved += relay.bytes();
        tell(moved, total);
        return new Ended(result.exit(), words(result, relay.complaint()));
      }
    } finally {
      if (!met) {
        from.close();
      }
    }
  }

  private String words(LocalProcesses.Result result, String complaint) {
    return "rsync of "
        + source.id()
        + " to "
        + node.id()
        + " ended with "
        + result.exit()
        + ": "
        + reason(result.output())
        + (complaint.isEmpty() ? "" : "; " + complaint);
  }

  /** The first line that names a cause; rsync's last one says only what kind of failure it was. */
  private static String reason(String printed) {
    return printed
        .lines()
        .filter(line -> line.startsWith("rsync: "))
        .findFirst()
        .orElse(Complaint.of(printed))
        .strip();
  }

  private void tell(long bytes, long total) {
    turn.progress().accept(new Progress(Math.min(bytes, total), total, UNIT));
  }

  /** Asked beside the stay's own thread: nothing of the stay may be asked here. */
  private void keepPace(long bytes) throws InterruptedException {
    Duration ahead = throttle.ahead(moved + bytes, System.nanoTime());
    if (ahead.isPositive()) {
      Deadline.in(ahead).pause(ahead);
    }
  }
}
