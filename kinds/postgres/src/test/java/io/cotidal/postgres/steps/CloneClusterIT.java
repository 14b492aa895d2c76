package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static io.cotidal.postgres.steps.TestCluster.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.rehearsal.CloneCluster;
import io.cotidal.postgres.rehearsal.CloneRehearsals;
import io.cotidal.postgres.rehearsal.RehearsalFailed;
import io.cotidal.postgres.rehearsal.Scratch;
import io.cotidal.postgres.spec.Clones;
import io.cotidal.postgres.spec.Fault;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clones of three real members, before anybody looks after them. */
@Timeout(180)
final class CloneClusterIT {
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir private Path folder;
  private TestCluster cluster;
  private final AtomicReference<Scratch> scratch = new AtomicReference<>();

  @BeforeEach
  void open() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    cluster = new TestCluster(PostgresBinaries.installed(15).orElseThrow()).up();
  }

  @AfterEach
  void close() throws IOException, InterruptedException {
    Scratch made = scratch.get();
    if (made != null) {
      made.remove();
    }
    cluster.close();
  }

  private CloneCluster make(PostgresSpec spec) throws RehearsalFailed, InterruptedException {
    return CloneCluster.make(
        new CloneRehearsals.Order(
            spec, 7, C, A, List.of(A, B, C), Fault.PROCESS_DEAD, Deadline.in(LONG)),
        new CloneCluster.Stand(folder.resolve("clones"), cluster.processes, () -> {}),
        scratch::set,
        progress -> {});
  }

  private static String ask(PgSession session, String sql) throws PgException {
    return session.one(sql, LONG, row -> String.valueOf(row.getString(1)));
  }

  /** What would reach outside, or run code of others, if it came along. */
  private void dangers() throws PgException {
    try (PgSession primary = cluster.session(A);
        PgSession source = cluster.session(C)) {
      for (String sql :
          List.of(
              "CREATE ROLE ann LOGIN SUPERUSER PASSWORD 'canary-ann'",
              "ALTER ROLE ann SET work_mem = '1MB'",
              "ALTER DATABASE postgres SET search_path = spy, public",
              "CREATE SUBSCRIPTION outside CONNECTION 'host=127.0.0.1 port=9 dbname=x'"
                  + " PUBLICATION p WITH (connect = false, slot_name = 'outside')",
              "ALTER SUBSCRIPTION outside ENABLE",
              "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql"
                  + " AS 'BEGIN RAISE EXCEPTION ''no''; END'",
              "CREATE EVENT TRIGGER nothing ON ddl_command_start EXECUTE FUNCTION refuse()")) {
        primary.run(sql, LONG);
      }
      await()
          .atMost(LONG)
          .until(() -> ask(source, "SELECT count(*) FROM pg_event_trigger").equals("1"));
      source.run("ALTER SYSTEM SET archive_command = '/bin/true %p'", LONG);
      source.run("ALTER SYSTEM SET archive_cleanup_command = '/bin/true %r'", LONG);
      source.run("ALTER SYSTEM SET session_preload_libraries = 'auto_explain'", LONG);
      source.run("SELECT pg_reload_conf()", LONG);
      await()
          .atMost(LONG)
          .until(() -> ask(source, "SHOW archive_cleanup_command").startsWith("/bin"));
    }
  }

  @Test
  @DisplayName("a clone reaches nobody, lets nobody in and runs nobody's code")
  void shutIn() throws Exception {
    dangers();
    String slots;
    try (PgSession source = cluster.session(C)) {
      slots = ask(source, "SELECT string_agg(slot_name, ',') FROM pg_replication_slots");
    }
    CloneCluster clones = make(cluster.spec);
    assertThat(clones.dropped())
        .contains("archive_command", "archive_cleanup_command", "session_preload_libraries");
    for (Server each : clones.spec().servers()) {
      assertThat(each.data()).startsWithRaw(scratch.get().folder());
      shutIn(clones, each);
    }
    try (PgSession primary =
        PgSession.open(clones.login(clones.spec().servers().getFirst()), LONG)) {
      await()
          .atMost(LONG)
          .until(() ->
              ask(
                      primary,
                      "SELECT string_agg(application_name, ',' ORDER BY application_name)"
                          + " FROM pg_stat_replication WHERE client_addr = '127.0.0.1'")
                  .equals("b,c"));
      primary.run("CREATE TABLE probe (id int)", LONG);
      assertThat(
              ask(
                  primary,
                  "SELECT count(*) FROM pg_stat_activity WHERE backend_type IN"
                      + " ('logical replication launcher', 'logical replication worker',"
                      + " 'autovacuum launcher', 'archiver')"))
          .isEqualTo("0");
    }
    noSecretsAndLowPriority();
    try (PgSession source = cluster.session(C)) {
      assertThat(ask(source, "SELECT string_agg(slot_name, ',') FROM pg_replication_slots"))
          .isEqualTo(slots);
      assertThat(ask(source, "SELECT count(*) FROM pg_stat_replication")).isEqualTo("0");
    }
    scratch.get().remove();
    assertThat(scratch.get().processes()).isEmpty();
    assertThat(folder.resolve("clones")).isEmptyDirectory();
  }

  private void shutIn(CloneCluster clones, Server server) throws PgException {
    assertThatThrownBy(() -> login(server, "postgres", TestCluster.PASSWORD))
        .isInstanceOf(PgException.class);
    assertThatThrownBy(() -> login(server, "ann", "canary-ann")).isInstanceOf(PgException.class);
    try (PgSession session = PgSession.open(clones.login(server), LONG)) {
      assertThat(ask(session, "SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolcanlogin"))
          .isEqualTo(clones.login().user());
      assertThat(ask(session, "SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL"))
          .isEqualTo("1");
      assertThat(ask(session, "SELECT count(*) FROM pg_db_role_setting")).isEqualTo("0");
      assertThat(ask(session, "SELECT count(*) FROM pg_subscription WHERE subenabled"))
          .isEqualTo("0");
      assertThat(ask(session, "SELECT count(*) FROM pg_event_trigger")).isEqualTo("0");
      assertThat(ask(session, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(ask(session, "SHOW unix_socket_directories")).isEmpty();
      assertThat(ask(session, "SHOW archive_mode")).isEqualTo("off");
      assertThat(ask(session, "SHOW archive_command")).isIn("", "(disabled)");
      assertThat(ask(session, "SHOW archive_cleanup_command")).isEmpty();
      assertThat(ask(session, "SHOW restore_command")).isEmpty();
      assertThat(ask(session, "SHOW session_preload_libraries")).isEmpty();
      assertThat(ask(session, "SHOW shared_preload_libraries")).isEmpty();
      assertThat(ask(session, "SHOW ssl")).isEqualTo("off");
      assertThat(ask(session, "SHOW max_connections")).isEqualTo("30");
      assertThat(ask(session, "SHOW max_logical_replication_workers")).isEqualTo("0");
      assertThat(ask(session, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
      assertThat(
              ask(
                  session,
                  "SELECT count(*) FROM pg_hba_file_rules WHERE user_name <> ARRAY['"
                      + clones.login().user()
                      + "'] OR address <> '127.0.0.1' OR auth_method <> 'scram-sha-256'"))
          .isEqualTo("0");
    }
  }

  private static void login(Server server, String user, String password) throws PgException {
    Login login =
        new Login(server.host(), server.port(), "postgres", user, new Secret(password), "intruder");
    PgSession.open(login, LONG).close();
  }

  private void noSecretsAndLowPriority() throws IOException {
    Scratch made = scratch.get();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.folder())))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(made.folder())) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(each, StandardCharsets.ISO_8859_1))
            .as(each.toString())
            .doesNotContain(TestCluster.PASSWORD, "canary");
      }
    }
    List<ProcessId> processes = made.processes();
    assertThat(processes).hasSizeGreaterThan(3);
    for (ProcessId each : processes) {
      String stat = Files.readString(Path.of("/proc/" + each.pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      assertThat(Integer.parseInt(fields[16])).as("nice of %s", each).isPositive();
    }
  }

  @Test
  @DisplayName("a refusal copies nothing and makes no folder")
  void refused() {
    PostgresSpec small =
        cluster.spec.with(cluster.spec.practice().rehearsing(Clones.PLAIN.upTo(1 << 20)));
    assertThatThrownBy(() -> make(small))
        .isInstanceOf(RehearsalFailed.class)
        .hasMessageContaining("and rehearsal.limit is 1 MiB; raise it");
    assertThat(folder.resolve("clones")).doesNotExist();
  }

  @Test
  @DisplayName("a folder is left behind if it has the mark and its daemon is gone")
  void leftBehind() throws IOException {
    Path root = Files.createDirectory(folder.resolve("left"));
    Path gone = Files.createDirectory(root.resolve("rehearsal-1"));
    Files.writeString(gone.resolve("cotidal-rehearsal"), "999999999 5\n");
    Path ours = Files.createDirectory(root.resolve("rehearsal-2"));
    ProcessId own =
        cluster.processes.table().find(ProcessHandle.current().pid()).orElseThrow().id();
    Files.writeString(ours.resolve("cotidal-rehearsal"), own.pid() + " " + own.start() + "\n");
    Path unmarked = Files.createDirectory(root.resolve("rehearsal-3"));
    Files.writeString(unmarked.resolve("letter"), "not ours");
    Files.createDirectory(root.resolve("other"));
    assertThat(Scratch.leftBehind(root))
        .extracting(Scratch::folder)
        .containsExactly(gone.toRealPath());
    assertThat(Scratch.leftBehind(folder.resolve("nowhere"))).isEmpty();
  }
}
