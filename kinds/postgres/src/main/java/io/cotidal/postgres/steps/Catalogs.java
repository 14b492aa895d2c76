package io.cotidal.postgres.steps;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.losses.History;
import io.cotidal.postgres.losses.Name;
import io.cotidal.postgres.losses.Tally;
import io.cotidal.postgres.observe.Node;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a primary says of its history, and of the relations that a log names by their files. */
final class Catalogs {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogs.class);

  /** So many databases are asked; each costs a session. */
  private static final int DATABASES = 20;

  private static final Duration EACH = Duration.ofSeconds(5);

  private static final String TIMELINE =
      """
      SELECT ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint
      """;

  private static final String HISTORY =
      """
      SELECT coalesce(pg_read_file('pg_wal/' || lpad(upper(to_hex(?)), 8, '0') || '.history',
                                   0, 1048576, true), '')
      """;

  private static final String HEARTBEATS =
      """
      SELECT coalesce(
          (SELECT CASE c.reltablespace WHEN 0 THEN d.dattablespace ELSE c.reltablespace END
                  || '/' || d.oid || '/' || pg_relation_filenode(c.oid)
             FROM pg_class c, pg_database d
            WHERE c.oid = to_regclass('cotidal.heartbeat') AND d.datname = current_database()),
          '0')
      """;

  private static final String NAMES =
      """
      SELECT f.file,
             n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast')
                 OR c.relkind NOT IN ('r', 'm', 'p'),
             quote_ident(n.nspname) || '.' || quote_ident(c.relname)
        FROM unnest(string_to_array(?, ',')) AS f (file)
        JOIN pg_class c
          ON c.oid = pg_filenode_relation(split_part(f.file, '/', 1)::oid,
                                          split_part(f.file, '/', 3)::oid)
        JOIN pg_namespace n ON n.oid = c.relnamespace
      """;

  private final Node primary;
  private final Deadline deadline;

  Catalogs(Node primary, Deadline deadline) {
    this.primary = primary;
    this.deadline = deadline;
  }

  /** By which timelines it came to the one that it writes. */
  History history() throws PgException, InterruptedException {
    return primary
        .work()
        .use(
            deadline,
            (session, until) -> {
              long timeline = session.one(TIMELINE, until.left(), row -> row.getLong(1));
              String file =
                  timeline == 1
                      ? ""
                      : session.one(HISTORY, until.left(), row -> row.getString(1), timeline);
              if (timeline != 1 && file.isBlank()) {
                throw new IllegalArgumentException(
                    primary.id() + " has no history of its timeline " + timeline);
              }
              return History.of(timeline, file);
            });
  }

  /** The size of a segment of its log, in bytes. */
  long segment() throws PgException, InterruptedException {
    return primary
        .work()
        .use(
            deadline,
            (session, until) ->
                session.one(
                    "SELECT pg_size_bytes(current_setting('wal_segment_size'))",
                    until.left(),
                    row -> row.getLong(1)));
  }

  /** The file of the table of heartbeats, as a log names it; {@code 0} if there is none. */
  String heartbeats() throws PgException, InterruptedException {
    return primary
        .work()
        .use(
            deadline,
            (session, until) -> session.one(HEARTBEATS, until.left(), row -> row.getString(1)));
  }

  /** What it calls those files. What it does not know, or cannot be asked for, is not there. */
  Map<String, Name> names(List<Tally.File> files) throws InterruptedException {
    Map<String, List<String>> byDatabase =
        files.stream()
            .filter(file -> !file.made())
            .map(Tally.File::name)
            .collect(
                Collectors.groupingBy(
                    name -> name.split("/")[1], TreeMap::new, Collectors.toList()));
    Map<String, Name> names = new HashMap<>();
    try {
      Map<String, String> databases =
          byDatabase.isEmpty() ? Map.of() : databases(String.join(",", byDatabase.keySet()));
      for (Map.Entry<String, String> database : databases.entrySet()) {
        names.putAll(
            named(database.getValue(), byDatabase.getOrDefault(database.getKey(), List.of())));
      }
    } catch (PgException e) {
      LOG.info("member={} names of relations are not known: {}", primary.id(), e.getMessage());
    }
    return names;
  }

  private Map<String, String> databases(String ids) throws PgException, InterruptedException {
    Map<String, String> databases = new TreeMap<>();
    primary
        .work()
        .use(
            deadline,
            (session, until) ->
                session.all(
                    """
                    SELECT oid::text, datname FROM pg_database
                     WHERE oid = ANY (string_to_array(?, ',')::oid[]) AND datallowconn LIMIT ?
                    """,
                    until.left(),
                    row -> databases.put(row.getString(1), row.getString(2)),
                    ids,
                    DATABASES));
    return databases;
  }

  private Map<String, Name> named(String database, List<String> files) {
    Login login = primary.login();
    Login there =
        new Login(
            login.host(),
            login.port(),
            database,
            login.user(),
            login.password(),
            login.application());
    Deadline until = deadline.atMost(EACH);
    Map<String, Name> names = new HashMap<>();
    try (PgSession session = PgSession.open(there, until.left())) {
      session.all(
          NAMES,
          until.left(),
          row -> {
            Name name =
                row.getBoolean(2)
                    ? new Name.Inner()
                    : new Name.Table(row.getString(3) + " of " + database);
            return names.put(row.getString(1), name) == null;
          },
          String.join(",", files));
    } catch (PgException e) {
      LOG.info("database={} does not name its relations: {}", database, e.getMessage());
    }
    return names;
  }
}
