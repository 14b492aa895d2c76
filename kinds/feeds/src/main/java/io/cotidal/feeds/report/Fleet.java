package io.cotidal.feeds.report;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What all replicas of a master have told it last, this one among them. Reads only. */
public final class Fleet {
  /** A replica that says nothing for so many intervals is late. */
  public static final int LATE = 3;

  private static final int MOST = 1_000;

  private final FeedsSpec.Status status;

  /** Of the master that {@code status} names. */
  public Fleet(FeedsSpec.Status status) {
    this.status = status;
  }

  /**
   * One replica.
   *
   * @param silent since it told last that it looked, by the clock of the master's database; empty
   *     if it never did
   * @param message how its last synchronisation ended, in its own words
   * @param failing publications and other jobs of it that failed last
   */
  public record Replica(
      String name, Optional<Duration> silent, String message, String version, int failing) {
    /** Whether it should have told something by now, if it looks so often. */
    public boolean late(Duration interval) {
      return silent.map(since -> since.compareTo(interval.multipliedBy(LATE)) > 0).orElse(true);
    }
  }

  /**
   * The replicas, by name; at most a thousand.
   *
   * @throws ReportException with one line if the master cannot be asked
   */
  public List<Replica> replicas(Deadline deadline) throws ReportException {
    Login login =
        new Login(
            status.host(),
            status.port(),
            status.database(),
            status.user(),
            status.password().orElse(new Secret("")),
            "cotidal-feeds");
    try (PgSession session = PgSession.open(login, deadline.left())) {
      session.run("SET TIME ZONE 'UTC'", deadline.left());
      return session.all(
          """
          SELECT s.name, extract(epoch FROM (now() - s.last_poll_time)), s.last_sync_message,
            s.code_version,
            (SELECT count(*) FROM %2$s p WHERE p.slave_server_id = s.id AND p.sync_time IS NOT NULL)
            + (SELECT count(*) FROM %3$s t WHERE t.slave_server_id = s.id AND NOT t.sync_succeed)
          FROM %1$s s ORDER BY s.name, s.id LIMIT %4$d
          """
              .formatted(
                  table(Columns.REPLICAS), table(Columns.PUBLICATIONS), table(Columns.TASKS), MOST),
          deadline.left(),
          Fleet::replica);
    } catch (PgException e) {
      throw new ReportException(
          "master %s:%d/%s: %s"
              .formatted(status.host(), status.port(), status.database(), e.trouble().reason()));
    }
  }

  private static Replica replica(ResultSet row) throws SQLException {
    double silent = row.getDouble(2);
    boolean never = row.wasNull();
    return new Replica(
        text(row, 1),
        never ? Optional.empty() : Optional.of(Duration.ofMillis(Math.round(silent * 1_000))),
        text(row, 3),
        text(row, 4),
        row.getInt(5));
  }

  private static String text(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text.replaceAll("\\p{Cntrl}+", " ");
  }

  private String table(String name) {
    return Quote.identifier(status.schema()) + "." + Quote.identifier(name);
  }
}
