package io.cotidal.postgres.rehearsal;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.List;

/**
 * What the member that is copied says of itself, asked in one short session.
 *
 * @param version as {@code server_version_num} has it
 * @param bytes of all its databases
 * @param tablespaces how many there are beside those that every server has
 * @param settings those that are not as every server has them
 */
public record Source(int version, long bytes, int tablespaces, List<Setting> settings) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String FACTS =
      """
      SELECT current_setting('server_version_num')::int,
             (SELECT coalesce(sum(pg_database_size(oid)), 0)::bigint FROM pg_database),
             (SELECT count(*)::int FROM pg_tablespace
              WHERE spcname NOT IN ('pg_default', 'pg_global'))
      """;

  private static final String SETTINGS =
      """
      SELECT name, current_setting(name), category FROM pg_settings
      WHERE source IN ('configuration file', 'command line', 'environment variable', 'global')
      ORDER BY name
      """;

  /**
   * One parameter.
   *
   * @param value as the server shows it, with its unit
   * @param category as the server groups it
   */
  public record Setting(String name, String value, String category) {}

  /** Copies the list. */
  public Source {
    settings = List.copyOf(settings);
  }

  /** The major version. */
  public int major() {
    return version / 10_000;
  }

  /** Asks that member. */
  public static Source ask(PostgresSpec spec, Server server, Deadline deadline)
      throws RehearsalFailed {
    Login login =
        new Login(
            server.host(),
            server.port(),
            Node.DATABASE,
            spec.access().superuser(),
            spec.access().password(),
            "cotidal rehearsal");
    Deadline until = deadline.atMost(PATIENCE);
    try (PgSession session = PgSession.open(login, until.left())) {
      List<Setting> settings =
          session.all(
              SETTINGS,
              until.left(),
              row -> new Setting(row.getString(1), row.getString(2), row.getString(3)));
      return session.one(
          FACTS,
          until.left(),
          row -> new Source(row.getInt(1), row.getLong(2), row.getInt(3), settings));
    } catch (PgException e) {
      throw new RehearsalFailed(
          server.id() + " does not say what there is to copy: " + e.getMessage(), e);
    }
  }
}
