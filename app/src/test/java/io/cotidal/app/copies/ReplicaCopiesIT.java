package io.cotidal.app.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.Api.Answer;
import io.cotidal.cli.api.Node;
import io.cotidal.pgclient.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Templates that are taken of a replica of a real cluster, which one daemon runs as well. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisplayName("templates of a replica")
final class ReplicaCopiesIT {
  private static final String SHOP = "mirror";
  private static final String ORDERS = "/api/v1/resources/postgres/orders";
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String PAUSED = "SELECT pg_get_wal_replay_pause_state()";

  private static final String RULES =
      "host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n";

  private ReplicaLab lab;
  private StartedDaemon daemon;
  private Api api;

  @BeforeAll
  void open() throws Exception {
    lab = ReplicaLab.open(true);
    daemon = new StartedDaemon(lab.configure(""));
    api = Api.of(lab.copies.port, daemon.token());
    await().atMost(LONG).until(() -> code().equals("not-created"));
    Answer made = api.post(ORDERS + "/create", Map.of(), 60);
    assertThat(made.status()).as("%s", made).isEqualTo(200);
    await().atMost(LONG).until(() -> code().equals("healthy"));
    lab.run("a", "postgres", "CREATE DATABASE shop");
    lab.run(
        "a",
        "shop",
        "CREATE TABLE customers (id int PRIMARY KEY, name text)",
        "CREATE TABLE staff (id int PRIMARY KEY, pay int)",
        "INSERT INTO staff SELECT i, 4711 FROM generate_series(1, 50) i",
        "CREATE ROLE clerk LOGIN SUPERUSER PASSWORD 'clerk-of-the-source'",
        "CREATE ROLE boss IN ROLE pg_execute_server_program, clerk",
        "CREATE SCHEMA evil",
        "CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE plpgsql AS"
            + " 'BEGIN CREATE TABLE IF NOT EXISTS evil.ran (); RETURN NULL; END'",
        "CREATE FUNCTION evil.trap() RETURNS event_trigger LANGUAGE plpgsql AS"
            + " 'BEGIN COPY (SELECT 1) TO PROGRAM ''touch /tmp/snapsource-trap''; END'",
        "ALTER DATABASE shop SET search_path = evil, pg_catalog, public",
        "CREATE SUBSCRIPTION back CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p"
            + " WITH (connect = false)",
        "CREATE EVENT TRIGGER trap ON ddl_command_end EXECUTE FUNCTION evil.trap()");
  }

  private String code() throws Exception {
    return api.get(ORDERS).body().at("diagnosis").text("code");
  }

  @AfterAll
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private Node generation(String name) throws Exception {
    return api.items(SHOP, "generation").get(name).at("facts");
  }

  private void again(String templates) throws Exception {
    var configuration = lab.configure("copies:\n" + templates);
    daemon.close();
    daemon = new StartedDaemon(configuration);
    api = Api.of(lab.copies.port, daemon.token());
  }

  @Test
  @Order(1)
  @DisplayName(
      "copies/A1: every row up to the replica's position and none after it, while the primary"
          + " is written to; replay goes on, masks hold")
  void taken() throws Exception {
    Path mask = lab.copies.write("mask.sql", "UPDATE staff SET pay = 0;");
    try (Writer writer = new Writer()) {
      again(lab.template(SHOP, "hooks: [{sql: %s}]".formatted(mask)));
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(api.view(SHOP).at("ledger").text("generation"))
                  .as("%s", api.view(SHOP).list("operations"))
                  .isEqualTo("g1"));
      long seen = writer.rows();
      await().atMost(LONG).until(() -> writer.rows() > seen + 20);
      Node facts = generation("g1");
      assertThat(facts.text("member")).isIn("b", "c");
      assertThat(facts.text("taken-by")).isEqualTo("reflink");
      System.out.println("measured: replica snapshot: " + facts.value());
      assertThat(shared(facts)).isTrue();
      assertThat(api.create(SHOP, "one").status()).isEqualTo(201);
      writer.stop();
      assertThat(writer.problem()).isNull();
      check(writer, facts);
      String member = facts.text("member");
      assertThat(lab.ask(member, "shop", PAUSED)).isEqualTo("not paused");
      await()
          .atMost(LONG)
          .until(() ->
              lab.ask(member, "shop", "SELECT count(*) FROM public.customers")
                  .equals(String.valueOf(writer.rows())));
      assertThat(lab.data(member).resolveSibling(member + ".gate").resolve("paused"))
          .doesNotExist();
    }
    assertThat(Jdbc.query(api.jdbc(SHOP, "one"), "SELECT max(pay) FROM staff")).isEqualTo("0");
    assertThat(lab.ask("a", "shop", "SELECT min(pay) FROM public.staff")).isEqualTo("4711");
  }

  /** Whether the kernel shows a file of the generation that hardly anybody writes as shared. */
  private boolean shared(Node facts) throws Exception {
    Path base =
        lab.copies
            .volume
            .folder()
            .resolve(".cotidal/" + SHOP + "/" + facts.text("id") + "/data/base/1");
    Path out = lab.copies.folder.resolve("extents");
    Process extents =
        new ProcessBuilder("filefrag", "-v", base.resolve("1255").toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(extents.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return Files.readString(out).contains("shared");
  }

  /** What was committed by the position is there, what was begun behind it is not. */
  private void check(Writer writer, Node facts) throws Exception {
    long position = Lsn.parse(facts.text("position"));
    String in = Jdbc.query(api.jdbc(SHOP, "one"), "SELECT count(*) FROM customers");
    long count = Long.parseLong(in);
    assertThat(Jdbc.query(api.jdbc(SHOP, "one"), "SELECT coalesce(max(id), 0) FROM customers"))
        .isEqualTo(in);
    assertThat(count).isPositive();
    assertThat(writer.committedBy(position)).isLessThanOrEqualTo(count);
    assertThat(writer.begunBefore(position)).isGreaterThanOrEqualTo(count);
  }

  @Test
  @Order(2)
  @DisplayName("copies/A7: nothing of the source's can reach it, and nobody of it gets in")
  void apart() throws Exception {
    String url = api.jdbc(SHOP, "one");
    String source = lab.ask("a", "shop", "SELECT system_identifier FROM pg_control_system()");
    assertThat(generation("g1").text("cluster")).isEqualTo(source);
    assertThat(Jdbc.query(url, "SELECT system_identifier FROM pg_control_system()"))
        .isNotEqualTo(source);
    assertThat(
            Jdbc.query(
                url,
                "SELECT count(*) FROM pg_settings WHERE name IN ('primary_conninfo',"
                    + " 'primary_slot_name', 'restore_command', 'archive_command',"
                    + " 'synchronous_standby_names', 'shared_preload_libraries')"
                    + " AND setting NOT IN ('', '(disabled)')"))
        .isEqualTo("0");
    assertThat(Jdbc.query(url, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
    assertThat(Jdbc.query(url, "SELECT count(subname) FROM pg_subscription")).isEqualTo("0");
    assertThat(Jdbc.query(url, "SELECT string_agg(evtenabled::text, '') FROM pg_event_trigger"))
        .isEqualTo("D");
    assertThat(
            Jdbc.query(
                url,
                "SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles WHERE rolcanlogin"))
        .isEqualTo("app,cotidal");
    assertThat(Jdbc.query(url, "SHOW search_path")).doesNotContain("evil");
    assertThat(Jdbc.query(url, "SELECT count(*) FROM pg_tables WHERE tablename = 'ran'"))
        .isEqualTo("0");
    assertThat(Path.of("/tmp/snapsource-trap")).doesNotExist();
    Jdbc.execute(url, "ALTER TABLE customers ADD note text");
    Jdbc.execute(url, "CREATE TABLE mine (id int)");
    for (String refused :
        List.of(
            "SET ROLE postgres",
            "SET ROLE cotidal",
            "COPY customers TO PROGRAM 'true'",
            "CREATE ROLE x SUPERUSER")) {
      assertThatThrownBy(() -> Jdbc.execute(url, refused))
          .as(refused)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
    refusedByIdentifier();
  }

  /**
   * With the walls of configuration and rules taken down by hand, the identifier still stands
   * between the two: no standby of the source follows the copy, and the copy follows no source.
   */
  private void refusedByIdentifier() throws Exception {
    Path all = lab.copies.volume.folder();
    Path stray = all.resolve("stray");
    String id = generation("g1").text("id");
    command("cp", "-a", all.resolve(".cotidal/" + SHOP + "/" + id + "/data") + "", stray + "");
    Files.writeString(stray.resolve("pg_hba.conf"), RULES);
    int port = lab.copies.registry.port();
    Process server = server(stray, port);
    awaitSaid(stray, "ready to accept connections");
    Path standby = all.resolve("standby");
    int primary = lab.cluster.member("a").port();
    ProcessBuilder backup =
        new ProcessBuilder(
            ReplicaLab.BIN.resolve("pg_basebackup").toString(),
            "--dbname=host=127.0.0.1 port=" + primary + " user=" + lab.cluster.login().user(),
            "--pgdata=" + standby,
            "--checkpoint=fast");
    backup.environment().put("PGPASSWORD", lab.cluster.login().password().reveal());
    command(backup);
    follow(standby, "host=127.0.0.1 user=cotidal port=" + port);
    end(server(standby, lab.copies.registry.port()), standby);
    // It ends in order, so that only whom it follows is left to be refused.
    server.destroy();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    follow(
        stray,
        "host=127.0.0.1 port=%d user=%s password=%s"
            .formatted(
                primary, lab.cluster.login().user(), lab.cluster.login().password().reveal()));
    end(server(stray, port), stray);
  }

  private void follow(Path data, String conninfo) throws IOException {
    Files.writeString(data.resolve("standby.signal"), "");
    Files.writeString(
        data.resolve("postgresql.auto.conf"), "primary_conninfo = '" + conninfo + "'\n");
  }

  private void end(Process server, Path data) throws Exception {
    try {
      awaitSaid(data, "database system identifier differs between the primary and standby");
    } finally {
      server.destroyForcibly();
      assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Path said(Path data) {
    return lab.copies.folder.resolve(data.getFileName() + ".log");
  }

  private void awaitSaid(Path data, String words) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(Files.readString(said(data))).contains(words));
  }

  private Process server(Path data, int port) throws IOException, InterruptedException {
    command("chown", "-R", "postgres:postgres", data.toString());
    List<String> line =
        new ArrayList<>(
            List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    line.addAll(List.of(ReplicaLab.BIN.resolve("postgres").toString(), "-D", data.toString()));
    for (String setting :
        List.of(
            "port=" + port,
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "wal_level=replica",
            "max_wal_senders=16",
            "synchronous_standby_names=",
            "primary_slot_name=",
            "lc_messages=C")) {
      line.addAll(List.of("-c", setting));
    }
    return lab.copies.registry.start(
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said(data).toFile()));
  }

  private static void command(String... line) throws IOException, InterruptedException {
    command(new ProcessBuilder(line));
  }

  private static void command(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s", builder.command()).isZero();
  }

  @Test
  @Order(3)
  @DisplayName(
      "copies/A2: a member that is the primary is never taken from, and the reason is told")
  void refused() throws Exception {
    again(lab.template(SHOP, "") + lab.template("wrong", "from-member: a"));
    await().atMost(LONG).until(() -> api.view("wrong").flag("leading"));
    await().atMost(LONG).until(() -> code().equals("healthy"));
    Answer answer = api.act("wrong", "import", Map.of());
    assertThat(answer.body().text("state")).as("%s", answer).isEqualTo("failed");
    assertThat(answer.body().text("note")).contains("a is the primary");
    assertThat(lab.copies.places("wrong")).isEmpty();
    Answer dump = api.act("wrong", "import", Map.of("dump", "/srv/x.sql"));
    assertThat(dump.status()).as("%s", dump).isEqualTo(400);
  }

  @Test
  @Order(4)
  @DisplayName("copies/E6: a volume on another file system gets every byte copied, and says so")
  void copied() throws Exception {
    Path other = Files.createDirectories(lab.copies.folder.resolve("plain"));
    String plain =
        lab.template("plain", "").replace(lab.copies.volume.folder() + "\n", other + "\n");
    again(lab.template(SHOP, "") + plain);
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(api.view("plain").at("ledger").text("generation"))
                .as("%s", api.view("plain").list("operations"))
                .isEqualTo("g1"));
    Node facts = api.items("plain", "generation").get("g1").at("facts");
    assertThat(facts.text("taken-by")).isEqualTo("copy");
    String member = facts.text("member");
    assertThat(lab.ask(member, "shop", PAUSED)).isEqualTo("not paused");
    assertThat(api.create("plain", "one").status()).isEqualTo(201);
    assertThat(Jdbc.query(api.jdbc("plain", "one"), Jdbc.COUNT))
        .isEqualTo(lab.ask("a", "shop", "SELECT count(*) FROM public.customers"));
    assertThat(api.delete("plain", "one").status()).isEqualTo(200);
  }

  @Test
  @Order(5)
  @DisplayName("copies/B5: the daemon is killed while replay stands still; the next lets it go on")
  void killed() throws Exception {
    lab.configure("copies:\n" + lab.template(SHOP, ""));
    daemon.close();
    Process process = lab.launch();
    awaitLeading();
    Answer asked = api.act(SHOP, "import", Map.of(), 0);
    assertThat(asked.status()).as("%s", asked).isBetween(200, 202);
    String held = awaitPaused();
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(lab.ask(held, "shop", PAUSED)).isEqualTo("paused");
    Path mark = lab.data(held).resolveSibling(held + ".gate").resolve("paused");
    assertThat(mark).exists();
    long killed = System.nanoTime();
    process = lab.launch();
    try {
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> lab.ask(held, "shop", PAUSED).equals("not paused"));
      // The server itself would have done it after a minute.
      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(40));
      awaitLeading();
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(api.view(SHOP).at("ledger").text("generation"))
                  .as("%s", api.view(SHOP).list("operations"))
                  .matches("g[2-9]"));
      await().atMost(LONG).until(() -> lab.ask(held, "shop", PAUSED).equals("not paused"));
      assertThat(mark).doesNotExist();
      assertThat(api.places(SHOP, "generation")).containsAll(generations());
    } finally {
      process.destroyForcibly();
      process.waitFor(10, TimeUnit.SECONDS);
      daemon = new StartedDaemon(lab.configure(""));
    }
  }

  private List<String> generations() throws IOException {
    return lab.copies.places(SHOP).stream().filter(id -> id.startsWith("g")).toList();
  }

  private String awaitPaused() {
    String[] found = {""};
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> {
          for (String member : List.of("b", "c")) {
            if (lab.ask(member, "shop", PAUSED).equals("paused")) {
              found[0] = member;
              return true;
            }
          }
          return false;
        });
    return found[0];
  }

  private void awaitLeading() {
    await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> api.view(SHOP).flag("leading") && code().equals("healthy"));
  }

  /** Writes a row after the other to the primary, and knows between which positions each came. */
  private final class Writer implements AutoCloseable {
    private final ConcurrentSkipListMap<Long, long[]> written = new ConcurrentSkipListMap<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread = Thread.ofVirtual().start(this::write);
    private volatile @Nullable Exception problem;

    private void write() {
      String at = "SELECT pg_catalog.pg_current_wal_insert_lsn()";
      try (Connection session = lab.session("a", "shop");
          var statement = session.createStatement()) {
        statement.execute("SET search_path = public");
        for (long id = 1; !over.get(); id++) {
          long before = Lsn.parse(Jdbc.query(session, at));
          statement.execute("INSERT INTO customers VALUES (" + id + ", 'gold')");
          written.put(id, new long[] {before, Lsn.parse(Jdbc.query(session, at))});
        }
      } catch (SQLException | RuntimeException e) {
        problem = e;
      }
    }

    long rows() {
      return written.size();
    }

    @Nullable Exception problem() {
      return problem;
    }

    long committedBy(long position) {
      return written.values().stream().filter(at -> at[1] <= position).count();
    }

    long begunBefore(long position) {
      return written.values().stream().filter(at -> at[0] < position).count();
    }

    void stop() throws InterruptedException {
      over.set(true);
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }

    @Override
    public void close() {
      over.set(true);
    }
  }
}
