package io.cotidal.postgres.observe;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.observe.ServerSettings.Entry;
import io.cotidal.postgres.observe.ServerSettings.Kind;
import io.cotidal.postgres.observe.ServerSettings.Parameter;
import io.cotidal.postgres.spec.Parameters;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of one server are, asked every ten seconds: see {@link KeptAnswer}.
 * Thread-safe.
 */
public final class SettingsWatch implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final String SEPARATOR = "\u001f";

  /** What a limit of connections is held against. */
  private static final List<String> RESERVED =
      List.of("superuser_reserved_connections", "reserved_connections");

  /**
   * Those that we may set, and those that our file still names although we do not want them;
   * without a gate those that {@code ALTER SYSTEM} set, of which some may be ours.
   */
  private static final String PARAMETERS =
      """
      WITH line AS MATERIALIZED (
        SELECT lower(name) AS name, sourcefile, sourceline, seqno, setting,
               sourcefile LIKE '%/cotidal.conf' AS ours
        FROM pg_file_settings WHERE name IS NOT NULL),
      entry AS (SELECT DISTINCT ON (name) * FROM line ORDER BY name, seqno DESC),
      own AS (SELECT DISTINCT ON (name) * FROM line WHERE ours ORDER BY name, seqno DESC),
      named AS (
        SELECT name FROM own UNION SELECT lower(unnest(string_to_array(?, chr(31))))
        UNION SELECT name FROM line
        WHERE ?::boolean AND sourcefile LIKE '%/postgresql.auto.conf' AND name <> 'primary_conninfo')
      SELECT named.name, coalesce(s.setting, current_setting(named.name, true), '') AS setting,
             coalesce(current_setting(named.name, true), '') AS shown,
             coalesce(s.vartype, 'unknown') AS vartype,
             coalesce(s.unit, '') AS unit, coalesce(s.min_val, '') AS least,
             coalesce(s.max_val, '') AS most,
             coalesce(array_to_string(s.enumvals, chr(31)), '') AS words,
             coalesce(s.context, '') AS context, coalesce(s.source, '') AS source,
             e.sourcefile AS file, e.sourceline AS line, e.setting AS written,
             own.setting AS own
      FROM named LEFT JOIN pg_settings AS s ON lower(s.name) = named.name
           LEFT JOIN entry AS e ON e.name = named.name LEFT JOIN own ON own.name = named.name
      """;

  private static final String WAITING =
      "SELECT name FROM pg_settings WHERE pending_restart ORDER BY name";

  /** Each address that must be let in, unless both of its lines are there. */
  private static final String MISSING =
      """
      SELECT address FROM unnest(string_to_array(?, chr(31))) AS wanted (address)
      WHERE (SELECT count(DISTINCT r.database) FROM pg_hba_file_rules AS r
             WHERE r.type = 'host' AND r.error IS NULL AND r.user_name = '{all}'
               AND r.auth_method = 'scram-sha-256' AND r.database IN ('{all}', '{replication}')
               AND CASE WHEN wanted.address LIKE '%/%'
                        THEN r.address = host(wanted.address::inet)
                             AND r.netmask = host(netmask(wanted.address::inet))
                        ELSE r.address = wanted.address END) < 2
      """;

  private static final String ERRORS =
      "SELECT line_number || ': ' || error FROM pg_hba_file_rules WHERE error IS NOT NULL"
          + " ORDER BY line_number";

  private static final String KEPT =
      "SELECT position('# cotidal: begin' IN coalesce("
          + "pg_read_file(current_setting('hba_file'), 0, 1048576, true), '')) > 0";

  private final boolean wanted;
  private final KeptAnswer<ServerSettings> answer;

  SettingsWatch(PostgresSpec spec, Server server, Login login) {
    this.wanted = spec.practice().care().settings();
    this.answer =
        new KeptAnswer<>(
            "the parameters of " + server.id() + " are",
            PERIOD,
            login,
            (session, deadline) -> read(spec, server, session, deadline),
            ServerSettings::aged);
  }

  /** Has the next look ask anew: something was changed. */
  public void stale() {
    answer.stale();
  }

  /** The parameters; null if they are not known, or left alone here. */
  @Nullable ServerSettings latest(Deadline deadline) throws InterruptedException {
    return wanted ? answer.latest(deadline) : null;
  }

  /** The parameters of {@code server} of {@code spec}, asked in that session. */
  public static ServerSettings read(
      PostgresSpec spec, Server server, PgSession asked, Deadline deadline) throws PgException {
    SortedMap<String, Parameter> found = new TreeMap<>();
    List<String> wanted = new ArrayList<>(Parameters.of(spec, server).wanted().keySet());
    wanted.addAll(RESERVED);
    String names = String.join(SEPARATOR, wanted);
    boolean bySql = !server.gated();
    for (Parameter each :
        asked.all(PARAMETERS, deadline.left(), SettingsWatch::one, names, bySql)) {
      found.put(each.name(), each);
    }
    List<String> waiting = asked.all(WAITING, deadline.left(), row -> row.getString(1));
    return new ServerSettings(found, waiting, entrance(spec, server, asked, deadline), true);
  }

  private static ServerSettings.Entrance entrance(
      PostgresSpec spec, Server server, PgSession asked, Deadline deadline) throws PgException {
    List<String> errors = asked.all(ERRORS, deadline.left(), row -> row.getString(1));
    boolean kept = server.gated() && asked.one(KEPT, deadline.left(), row -> row.getBoolean(1));
    if (!kept) {
      return new ServerSettings.Entrance(false, List.of(), errors);
    }
    String addresses = String.join(SEPARATOR, letIn(spec));
    return new ServerSettings.Entrance(
        true, asked.all(MISSING, deadline.left(), row -> row.getString(1), addresses), errors);
  }

  /** The addresses that each member lets in, as {@code pg_hba.conf} names them. */
  public static List<String> letIn(PostgresSpec spec) {
    return Stream.concat(
            Stream.of("127.0.0.1/32", "::1/128"),
            spec.servers().stream()
                .flatMap(each -> each.addresses().distinct().stream())
                .map(SettingsWatch::address))
        .distinct()
        .toList();
  }

  private static String address(String host) {
    if (host.indexOf(':') >= 0) {
      return host + "/128";
    }
    return host.matches("[0-9.]+") ? host + "/32" : host.replace("\"", "");
  }

  private static Parameter one(ResultSet row) throws SQLException {
    String file = row.getString("file");
    int line = row.getInt("line");
    String written = row.getString("written");
    Optional<Entry> last =
        file == null
            ? Optional.empty()
            : Optional.of(new Entry(file, line, written == null ? "" : written));
    String words = row.getString("words");
    return new Parameter(
        row.getString("name"),
        row.getString("setting"),
        row.getString("shown"),
        new Kind(
            row.getString("vartype"),
            row.getString("unit"),
            row.getString("least"),
            row.getString("most"),
            words.isEmpty() ? List.of() : List.of(words.split(SEPARATOR))),
        row.getString("context"),
        row.getString("source"),
        last,
        Optional.ofNullable(row.getString("own")));
  }

  @Override
  public void close() {
    answer.close();
  }
}
