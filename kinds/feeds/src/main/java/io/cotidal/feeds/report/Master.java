package io.cotidal.feeds.report;

import io.cotidal.feeds.report.Delivery.Obstacle;
import io.cotidal.feeds.report.Told.FailedToPublish;
import io.cotidal.feeds.report.Told.Polled;
import io.cotidal.feeds.report.Told.Published;
import io.cotidal.feeds.report.Told.TaskDone;
import io.cotidal.feeds.report.Told.Withdrawn;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.pgclient.Trouble;
import io.cotidal.remote.Deadline;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The master's three tables, over one session that is kept while it works. For one thread. */
final class Master implements AutoCloseable {
  /** What is missing, or what we may not do, lies in the tables and not in a record. */
  private static final List<String> OF_TABLES =
      List.of("3F000", "3D000", "42P01", "42703", "42501");

  private final FeedsSpec.Status status;
  private @Nullable Open open;

  private record Open(PgSession session, Columns columns) {}

  Master(FeedsSpec.Status status) {
    this.status = status;
  }

  /** Sends all in one transaction, in their order. */
  Sent send(List<Slip> slips, Deadline deadline) {
    boolean kept = open != null;
    Sent sent = attempt(slips, deadline);
    // The server may have been restarted since the session was used last.
    return kept && open == null && !deadline.over() && unreachable(sent)
        ? attempt(slips, deadline)
        : sent;
  }

  private static boolean unreachable(Sent sent) {
    return sent instanceof Sent.Stopped stopped && stopped.obstacle() == Obstacle.UNREACHABLE;
  }

  private Sent attempt(List<Slip> slips, Deadline deadline) {
    try {
      Open now = open(deadline);
      if (now.columns.missing().isPresent()) {
        close();
        return stopped(
            Obstacle.TABLES,
            now.columns.missing().get() + " is missing in schema " + status.schema());
      }
      return transaction(now, slips, deadline);
    } catch (PgException e) {
      close();
      return stopped(obstacle(e), e.trouble().reason());
    }
  }

  private Open open(Deadline deadline) throws PgException {
    Open now = open;
    if (now == null) {
      Login login =
          new Login(
              status.host(),
              status.port(),
              status.database(),
              status.user(),
              status.password().orElse(new Secret("")),
              "cotidal-feeds");
      PgSession session = PgSession.open(login, deadline.left());
      try {
        session.run("SET TIME ZONE 'UTC'", deadline.left());
        now = new Open(session, Columns.read(session, status.schema(), deadline));
      } catch (PgException e) {
        session.close();
        throw e;
      }
      open = now;
    }
    return now;
  }

  private Sent transaction(Open now, List<Slip> slips, Deadline deadline) throws PgException {
    PgSession session = now.session;
    session.run("BEGIN", deadline.left());
    session.run(
        "SET LOCAL statement_timeout = " + Math.max(1, deadline.left().toMillis()),
        deadline.left());
    long replica = replica(session, slips.getFirst().told().at(), deadline);
    for (Slip slip : slips) {
      try {
        tell(now, replica, slip.told(), deadline);
      } catch (PgException e) {
        if (!ofRecord(e)) {
          throw e;
        }
        session.run("ROLLBACK", deadline.left());
        return new Sent.Rejected(slip, place() + ": " + e.trouble().reason());
      }
    }
    session.run("COMMIT", deadline.left());
    return new Sent.Committed();
  }

  /**
   * The row of this replica, made if it is not there; nobody else makes or uses it until commit.
   */
  private long replica(PgSession session, Instant at, Deadline deadline) throws PgException {
    session.run(
        "SELECT pg_advisory_xact_lock(hashtextextended(?, 20))",
        deadline.left(),
        "cotidal-feeds " + status.schema() + " " + status.replica());
    List<Long> ids =
        session.all(
            "SELECT id FROM " + replicas() + " WHERE name = CAST(? AS text) ORDER BY id LIMIT 1",
            deadline.left(),
            row -> row.getLong(1),
            status.replica());
    if (!ids.isEmpty()) {
      return ids.getFirst();
    }
    return session.one(
        "INSERT INTO "
            + replicas()
            + " (name, listen_channels, register_time) VALUES (CAST(? AS text), '', ?) RETURNING id",
        deadline.left(),
        row -> row.getLong(1),
        status.replica(),
        utc(at));
  }

  private void tell(Open now, long replica, Told told, Deadline deadline) throws PgException {
    switch (told) {
      case Polled it -> polled(now, replica, it, deadline);
      case Published it -> apply(now, published(now.columns, replica, it), deadline);
      case FailedToPublish it -> apply(now, failed(now.columns, replica, it), deadline);
      case Withdrawn it -> {
        Change row = publication(now.columns, replica, it.publish());
        now.session.run(row.removal(), deadline.left(), row.removalArguments());
      }
      case TaskDone it -> apply(now, task(now.columns, replica, it), deadline);
    }
  }

  private static void apply(Open now, Change change, Deadline deadline) throws PgException {
    now.session.run(change.sql(), deadline.left(), change.arguments());
  }

  private void polled(Open now, long replica, Polled it, Deadline deadline) throws PgException {
    Columns columns = now.columns;
    now.session.run(
        "UPDATE %s SET listen_channels = CAST(? AS %s), last_poll_time = ?, code_version = CAST(? AS %s) WHERE id = ?"
            .formatted(
                replicas(),
                columns.type(Columns.REPLICAS, "listen_channels"),
                columns.type(Columns.REPLICAS, "code_version")),
        deadline.left(),
        String.join(",", it.channels()),
        utc(it.at()),
        it.version(),
        replica);
    if (it.syncedAt().isPresent()) {
      now.session.run(
          "UPDATE " + replicas() + " SET last_sync_time = ? WHERE id = ?",
          deadline.left(),
          utc(it.syncedAt().get()),
          replica);
    }
    if (it.syncedAt().isPresent() || !it.message().isEmpty()) {
      now.session.run(
          "UPDATE %s SET last_sync_message = CAST(NULLIF(?, '') AS %s) WHERE id = ?"
              .formatted(replicas(), columns.type(Columns.REPLICAS, "last_sync_message")),
          deadline.left(),
          it.message(),
          replica);
    }
  }

  private Change publication(Columns columns, long replica, String publish) {
    return new Change(columns, status.schema(), Columns.PUBLICATIONS)
        .where("slave_server_id", replica)
        .where("publish", publish);
  }

  private Change published(Columns columns, long replica, Published it) {
    return publication(columns, replica, it.publish())
        .text("spatial_type", it.spatialType())
        .number("deploied_job_id", it.job())
        .text("deploied_job_batch_id", it.batch())
        .text("deploy_message", it.message())
        .time("deploy_time", it.at())
        .text("preview_file", it.preview())
        .none("sync_job_id")
        .none("sync_job_batch_id")
        .none("sync_message")
        .none("sync_time");
  }

  private Change failed(Columns columns, long replica, FailedToPublish it) {
    return publication(columns, replica, it.publish())
        .text("spatial_type", it.spatialType())
        .number("sync_job_id", it.job())
        .text("sync_job_batch_id", it.batch())
        .text("sync_message", it.message())
        .time("sync_time", it.at());
  }

  private Change task(Columns columns, long replica, TaskDone it) {
    return new Change(columns, status.schema(), Columns.TASKS)
        .where("slave_server_id", replica)
        .where("task_type", it.type())
        .where("task_name", it.name())
        .where("action", it.action())
        .text("preview_file", it.preview())
        .flag("sync_succeed", it.ok())
        .text("sync_message", it.message())
        .time("sync_time", it.at());
  }

  private String replicas() {
    return Quote.identifier(status.schema()) + "." + Quote.identifier(Columns.REPLICAS);
  }

  private static OffsetDateTime utc(Instant at) {
    return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
  }

  /** Whether the same statement with other values could have gone through. */
  private static boolean ofRecord(PgException e) {
    return e.trouble() instanceof Trouble.Rejected rejected
        && (rejected.state().startsWith("22") || rejected.state().startsWith("23"));
  }

  private static Obstacle obstacle(PgException e) {
    return switch (e.trouble()) {
      case Trouble.Refused refused -> Obstacle.UNREACHABLE;
      case Trouble.Silent silent -> Obstacle.UNREACHABLE;
      case Trouble.CannotTell cannot -> Obstacle.NOT_LET_IN;
      case Trouble.Rejected rejected ->
          OF_TABLES.contains(rejected.state()) ? Obstacle.TABLES : Obstacle.REFUSED;
    };
  }

  private Sent.Stopped stopped(Obstacle obstacle, String reason) {
    String remedy =
        switch (obstacle) {
          case UNREACHABLE -> "; reports wait until it answers";
          case NOT_LET_IN -> "; see host, user and password of the status section";
          case TABLES -> "; see database and schema of the status section, and the user's rights";
          case REFUSED, RECORDS, FOLDER -> "; see the master's log";
        };
    return new Sent.Stopped(obstacle, place() + ": " + reason + remedy);
  }

  private String place() {
    return "the master's database at " + status.host() + ":" + status.port();
  }

  @Override
  public void close() {
    Open now = open;
    open = null;
    if (now != null) {
      now.session.close();
    }
  }
}
