package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.Store;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerUser;
import io.cotidal.lab.Target;
import io.cotidal.lab.rivals.Health;
import io.cotidal.lab.rivals.Pace;
import io.cotidal.lab.rivals.PatroniCluster;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Mode observe beside a cluster that a real Patroni looks after. Cotidal reaches one member by SQL
 * alone and two as a daemon of their machine would; it says what it would have done, and whatever
 * Patroni does is Patroni's.
 */
@Timeout(300)
final class BesidePatroniIT {
  private static final Duration LONG = OrdersDaemon.LONG;

  /** What sessions of ours are seen to say: questions, and how they want to be answered. */
  private static final Pattern QUESTION =
      Pattern.compile("(?s)\\s*(SELECT|WITH|SHOW|SET (SESSION |LOCAL )?[a-z_]+ ?(=|TO)).*");

  /** What no question has in it, whatever it begins with. */
  private static final Pattern DEED =
      Pattern.compile(
          "(?i)\\b(insert|update|delete|alter|create|drop|copy|checkpoint|pg_promote|pg_reload_conf"
              + "|pg_(terminate|cancel)_backend|pg_(create|drop)_\\w+|pg_wal_replay_\\w+)\\b");

  /** A statement as the log has it: its further lines begin with a tab. */
  private static final Pattern LOGGED =
      Pattern.compile("(?m)^.*app=cotidal .*?(?:statement|execute [^:]*): (.*(?:\\n\\t.*)*)$");

  /** What servers say of themselves; not what changes with who is primary. */
  private static final String SETTINGS =
      """
      SELECT string_agg(name || '=' || setting, chr(10) ORDER BY name) FROM pg_settings
      WHERE source IN ('configuration file', 'command line', 'global', 'database', 'user')
        AND name NOT IN ('primary_conninfo', 'primary_slot_name')
        AND name NOT LIKE 'recovery_target%'
      """;

  private static final String CATALOGUE =
      """
      SELECT string_agg(line, chr(10) ORDER BY line) FROM (
        SELECT 'class ' || oid || ' ' || relname AS line FROM pg_class UNION ALL
        SELECT 'role ' || oid || ' ' || rolname FROM pg_roles UNION ALL
        SELECT 'database ' || oid || ' ' || datname FROM pg_database UNION ALL
        SELECT 'function ' || oid || ' ' || proname FROM pg_proc UNION ALL
        SELECT 'schema ' || oid || ' ' || nspname FROM pg_namespace
          WHERE nspname !~ '^pg_(toast_)?temp' UNION ALL
        SELECT 'extension ' || extname FROM pg_extension UNION ALL
        SELECT 'subscription ' || subname FROM pg_subscription UNION ALL
        SELECT 'setting ' || setdatabase || ' ' || setrole FROM pg_db_role_setting) AS lines
      """;

  private ClusterLab lab;
  private PatroniCluster patroni;
  private OrdersDaemon orders;
  private Map<String, String> before;

  @BeforeEach
  void open() throws IOException, StartFailure, SQLException {
    Optional<Path> bin = PostgresBinaries.installed(15);
    String missing =
        PatroniCluster.missing().orElse(bin.isEmpty() ? "apt-get install postgresql-15" : "");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    lab = ClusterLab.open(bin.orElseThrow());
    patroni =
        PatroniCluster.start(
            lab.registry(),
            bin.orElseThrow(),
            new PatroniCluster.Options(Pace.TUNED, false, false));
    await().atMost(LONG).until(() -> health().whole(3, false));
    for (Target member : patroni.members()) {
      tell(member, "ALTER SYSTEM SET log_statement = 'all'");
      tell(member, "ALTER SYSTEM SET log_line_prefix = '%m [%p] app=%a '");
      tell(member, "SELECT pg_reload_conf()");
    }
    await().atMost(LONG).until(this::told);
    before = everything();
    orders = OrdersDaemon.start(lab.configuration(description(bin.orElseThrow())));
    await().atMost(LONG).until(() -> code().equals("not-adopted"));
  }

  @AfterEach
  void close() throws IOException {
    if (orders != null) {
      orders.close();
    }
    if (patroni != null) {
      patroni.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  /** The cluster as somebody describes it who wants to look at it only. */
  private Path description(Path bin) throws IOException {
    String user = ServerUser.choose();
    StringBuilder members = new StringBuilder();
    for (Target member : patroni.members()) {
      members.append(
          "      - {name: %s, port: %d, %s}\n"
              .formatted(
                  member.member(),
                  member.port(),
                  member.member().equals("a")
                      ? "driver: sql"
                      : "data: \"%s\", bin: \"%s\"%s"
                          .formatted(
                              patroni.data(member.member()),
                              bin,
                              user.isEmpty() ? "" : ", user: " + user)));
    }
    Path folder = lab.cluster().folder();
    Path secret = folder.resolve("superuser.password");
    Files.writeString(secret, patroni.login().password().reveal());
    return Files.writeString(
        folder.resolve("beside.yaml"),
        """
        listen: 127.0.0.1:%d
        store: "sqlite:%s"
        postgres:
          orders:
            mode: observe
            members:
        %s    superuser: {name: postgres, password: {secret: "file:%s"}}
            replication: {name: replicator, password: {secret: "file:%s"}}
        """
            .formatted(
                lab.registry().port(), folder.resolve("beside.db"), members, secret, secret));
  }

  private Health health() {
    return Health.of(patroni.members(), patroni.login());
  }

  private String primary() {
    return health().writable().getFirst();
  }

  private String code() {
    return orders.view().diagnosis().code();
  }

  private Optional<Event> newest(String code) {
    return orders.control().events(OrdersDaemon.ORDERS, 0, 1_000).stream()
        .map(Store.LoggedEvent::event)
        .filter(event -> event.code().equals(code))
        .reduce((first, second) -> second);
  }

  private Connection session(Target member) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres?ApplicationName=test".formatted(member.port()),
        patroni.login().user(),
        patroni.login().password().reveal());
  }

  private void tell(Target member, String sql) throws SQLException {
    try (Connection session = session(member);
        Statement statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  private String ask(Target member, String sql) throws SQLException {
    try (Connection session = session(member);
        Statement statement = session.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  private boolean told() throws SQLException {
    for (Target member : patroni.members()) {
      if (!ask(member, "SHOW log_statement").equals("all")) {
        return false;
      }
    }
    return true;
  }

  /** Catalogue and settings of those that answer, and whatever lies beside and in the data. */
  private Map<String, String> everything() throws SQLException, IOException {
    Map<String, String> all = new TreeMap<>();
    for (Target member : patroni.members()) {
      String name = member.member();
      if (health().writable().contains(name) || health().standbys().contains(name)) {
        all.put(name + " settings", ask(member, SETTINGS));
        all.put(name + " catalogue", ask(member, CATALOGUE));
        all.put(name + " signals", String.valueOf(signals(patroni.data(name))));
        for (String file : List.of("pg_hba.conf", "postgresql.auto.conf")) {
          all.put(name + " " + file, Files.readString(patroni.data(name).resolve(file)));
        }
      }
    }
    all.put("beside", names(patroni.data("a").resolveSibling("")));
    return all;
  }

  private static List<String> signals(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data, 1)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.contains("cotidal") || file.contains("gate"))
          .sorted()
          .toList();
    }
  }

  /** What lies there, but for what Patroni and its servers make and remove. */
  private static String names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return String.join(
          "\n",
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> !file.startsWith(".s.PGSQL.") && !file.endsWith(".pgpass"))
              .sorted()
              .toList());
    }
  }

  private void nothingWasTouched() throws SQLException, IOException {
    Map<String, String> now = everything();
    now.forEach((what, text) -> assertThat(text).as(what).isEqualTo(before.get(what)));
    int statements = 0;
    for (Target member : patroni.members()) {
      String log = patroni.said(member.member());
      List<String> ours = LOGGED.matcher(log).results().map(found -> found.group(1)).toList();
      assertThat(ours).as(member.member()).allMatch(text -> QUESTION.matcher(text).matches());
      assertThat(ours).as(member.member()).noneMatch(text -> DEED.matcher(text).find());
      statements += ours.size();
    }
    assertThat(statements).as("its questions are in the servers' logs").isPositive();
    assertThat(orders.view().operations()).as(orders::story).isEmpty();
    assertThat(orders.view().ledger()).isEqualTo(Details.NONE);
  }

  @Test
  @DisplayName(
      "postgres/S36: beside Patroni: its switchover is told, its primary's death says what would"
          + " have begun, and nothing of its is touched")
  void looksOn() throws IOException, SQLException {
    assertThat(orders.view().links()).as(orders::story).hasSize(2).noneMatch(l -> l.planned());
    assertThat(orders.view().guarantee()).startsWith("unguarded");
    Command command = new Command.Begin(new Actor("eve"), "switchover", Details.NONE, null, false);
    assertThat(orders.control().command(OrdersDaemon.ORDERS, command).join())
        .isInstanceOf(Reply.Invalid.class);
    String old = primary();
    patroni.switchover(old);
    await().atMost(LONG).until(() -> newest("moved-by-others").isPresent());
    await().atMost(LONG).until(() -> code().equals("not-adopted"));
    Event moved = newest("moved-by-others").orElseThrow();
    assertThat(moved.details().need("from")).as(orders::story).isEqualTo(old);
    assertThat(moved.details().need("to")).as(orders::story).isEqualTo(primary());
    await().atMost(LONG).until(() -> health().whole(3, false));
    nothingWasTouched();

    String next = primary();
    long mark = newest("would-failover").map(Event::micros).orElse(0L);
    patroni.killNode(next);
    await()
        .atMost(LONG)
        .until(() -> newest("would-failover").filter(each -> each.micros() > mark).isPresent());
    Event would = newest("would-failover").orElseThrow();
    assertThat(would.text())
        .as(orders::story)
        .contains("would promote")
        .contains("nothing was done");
    assertThat(would.details().entries().keySet())
        .contains("candidate", "proof", "loss", "reason", "silent-ms");
    assertThat(health().writable()).as("nobody was promoted for it").isEmpty();
    nothingWasTouched();
  }

  @Test
  @Tag("slow")
  @DisplayName(
      "postgres/S36: beside Patroni: once its lease has run out it promotes somebody, and it is"
          + " told who, when, and whether that had been our choice")
  void agrees() throws IOException, SQLException {
    String old = primary();
    patroni.killNode(old);
    await().atMost(LONG).until(() -> newest("would-failover").isPresent());
    Event would = newest("would-failover").orElseThrow();
    await().atMost(LONG).until(() -> newest("moved-by-others").isPresent());
    Event moved = newest("moved-by-others").orElseThrow();
    assertThat(moved.details().need("from")).isEqualTo(old);
    assertThat(moved.details().need("to")).isEqualTo(primary());
    assertThat(moved.details().has("same")).as(orders::story).isTrue();
    assertThat(Long.parseLong(moved.details().need("would-begin-ms")))
        .as(orders::story)
        .isLessThan(Long.parseLong(moved.details().need("others-ms")))
        .isEqualTo(Long.parseLong(would.details().need("silent-ms")));
    nothingWasTouched();
    patroni.startAgent(old);
    await().atMost(LONG).until(() -> code().equals("not-adopted"));
    nothingWasTouched();
  }
}
