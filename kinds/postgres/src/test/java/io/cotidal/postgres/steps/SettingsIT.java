package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static io.cotidal.postgres.steps.TestCluster.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.plan.settings.SettingsDiff;
import io.cotidal.postgres.plan.settings.SettingsDiff.Takes;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parameters of real servers: what is put in force, what is refused, what is left alone. */
@Timeout(180)
class SettingsIT {

  private static TestCluster cluster;

  @BeforeAll
  static void begin() throws Exception {
    // The oldest release with which the whole is tested, if it is installed.
    Path bin = PostgresBinaries.installed(15).orElseGet(SettingsIT::bundled);
    cluster = new TestCluster(bin).up();
  }

  private static Path bundled() {
    try {
      return TestCluster.bundled();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterAll
  static void end() throws Exception {
    cluster.close();
  }

  /** The cluster with {@code more} declared. */
  private static PostgresSpec declaring(Map<String, String> more) {
    TreeMap<String, String> all = new TreeMap<>(cluster.spec.settings());
    all.putAll(more);
    return with(cluster.spec, all);
  }

  private static PostgresSpec with(PostgresSpec spec, Map<String, String> settings) {
    return new PostgresSpec(
        spec.id(),
        spec.mode(),
        spec.servers(),
        spec.quorum(),
        spec.failover(),
        spec.access(),
        new TreeMap<>(settings),
        spec.practice());
  }

  private static Step settings(MemberId member) {
    return cluster.step(Acts.SETTINGS, member);
  }

  private static Outcome act(PostgresSpec spec, Step step) {
    try (PostgresDriver driver = new PostgresDriver(spec, cluster.processes)) {
      return driver.act(step, cluster.stamp, progress -> {});
    }
  }

  private static Details done(PostgresSpec spec, Step step) {
    Outcome outcome = act(spec, step);
    assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }

  private static String failed(PostgresSpec spec, Step step) {
    Outcome outcome = act(spec, step);
    assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).reason();
  }

  private static Inspection inspect(PostgresSpec spec, Step step) {
    try (PostgresDriver driver = new PostgresDriver(spec, cluster.processes)) {
      return driver.inspect(step, cluster.stamp);
    }
  }

  /** A look has little patience for the question; on a busy machine it is asked again. */
  private static ServerSettings seen(PostgresSpec spec, MemberId member) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> settings(spec, member), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<ServerSettings> settings(PostgresSpec spec, MemberId member) {
    try (PostgresDriver driver = new PostgresDriver(spec, cluster.processes)) {
      return driver.observe(member, Duration.ofSeconds(5)) instanceof Observation.Seen<PgFacts> seen
          ? Optional.ofNullable(seen.facts().settings())
          : Optional.empty();
    }
  }

  private static List<SettingsDiff.Line> diff(PostgresSpec spec, MemberId member) {
    return SettingsDiff.gated(spec, spec.server(member).orElseThrow(), seen(spec, member)).stream()
        .filter(line -> line.takes() != Takes.NOTHING)
        .toList();
  }

  private static String one(MemberId member, String query) throws PgException {
    try (PgSession session = cluster.session(member)) {
      return session.one(query, TestCluster.QUERY, row -> row.getString(1));
    }
  }

  private static void run(MemberId member, String statement) throws PgException {
    try (PgSession session = cluster.session(member)) {
      session.run(statement, TestCluster.QUERY);
    }
  }

  private static Path file(MemberId member, String name) {
    return cluster.server(member).data().resolve(name);
  }

  @Test
  @DisplayName("what a cluster was made with is in force; nothing differs, nobody is shut out")
  void nothingDiffers() {
    for (MemberId member : List.of(A, B, C)) {
      assertThat(diff(cluster.spec, member)).isEmpty();
      ServerSettings said = seen(cluster.spec, member);
      assertThat(said.waiting()).isEmpty();
      assertThat(said.entrance())
          .isEqualTo(new ServerSettings.Entrance(true, List.of(), List.of()));
    }
  }

  @Test
  @DisplayName("what needs no restart is in force at once, and taken back when it is not declared")
  void reload() throws Exception {
    PostgresSpec spec =
        declaring(
            Map.of(
                "work_mem", "9MB",
                "timezone", "utc",
                "log_min_duration_statement", "1.5s",
                "search_path", "\"$user\", public, pg_catalog",
                "my.own", "it's \\ 'quoted'"));
    String before = Files.readString(file(C, "cotidal.conf"));
    assertThat(inspect(spec, settings(C))).isInstanceOf(Inspection.NotApplied.class);
    assertThat(done(spec, settings(C)).need(Acts.SET)).contains("work_mem", "my.own");
    assertThat(one(C, "SHOW work_mem")).isEqualTo("9MB");
    assertThat(one(C, "SHOW log_min_duration_statement")).isEqualTo("1500ms");
    assertThat(one(C, "SHOW my.own")).isEqualTo("it's \\ 'quoted'");
    assertThat(one(C, "SHOW search_path")).contains("pg_catalog");
    assertThat(inspect(spec, settings(C))).isInstanceOf(Inspection.Applied.class);
    assertThat(diff(spec, C)).isEmpty();
    done(cluster.spec, settings(C));
    assertThat(one(C, "SHOW work_mem")).isEqualTo("4MB");
    assertThat(Files.readString(file(C, "cotidal.conf"))).isEqualTo(before);
    assertThat(Files.exists(cluster.gate(C).resolve("settings"))).isFalse();
  }

  @Test
  @DisplayName("one value that cannot be is refused in one line, and nothing is changed")
  void refused() throws Exception {
    String before = Files.readString(file(C, "cotidal.conf"));
    for (Map.Entry<String, String> bad :
        Map.of(
                "work_mem", "a lot",
                "max_connections", "2",
                "wrok_mem", "4MB",
                "effective_io_concurrency", "100000",
                "synchronous_commit", "sometimes",
                "log_timezone", "Nowhere/Land",
                "default_text_search_config", "none.such.thing")
            .entrySet()) {
      PostgresSpec spec =
          declaring(Map.of("maintenance_work_mem", "99MB", bad.getKey(), bad.getValue()));
      String why = failed(spec, settings(C));
      assertThat(why).contains(bad.getValue(), "nothing was changed");
      assertThat(why.lines()).hasSize(1);
      assertThat(one(C, "SHOW maintenance_work_mem")).isEqualTo("64MB");
      assertThat(Files.readString(file(C, "cotidal.conf"))).isEqualTo(before);
      assertThat(Files.exists(cluster.gate(C).resolve("settings"))).isFalse();
    }
  }

  @Test
  @DisplayName("what somebody sets by ALTER SYSTEM goes before ours, is shown and is left")
  void foreign() throws Exception {
    run(B, "ALTER SYSTEM SET temp_buffers = '9MB'");
    run(B, "SELECT pg_reload_conf()");
    String automatic = Files.readString(file(B, "postgresql.auto.conf"));
    PostgresSpec spec = declaring(Map.of("temp_buffers", "10MB", "work_mem", "5MB"));
    done(spec, settings(B));
    assertThat(diff(spec, B))
        .singleElement()
        .satisfies(line -> {
          assertThat(line.takes()).isEqualTo(Takes.OTHERS);
          assertThat(line.by()).startsWith("postgresql.auto.conf:");
        });
    assertThat(one(B, "SHOW temp_buffers")).isEqualTo("9MB");
    assertThat(one(B, "SHOW work_mem")).isEqualTo("5MB");
    assertThat(Files.readString(file(B, "postgresql.auto.conf"))).isEqualTo(automatic);
    run(B, "ALTER SYSTEM RESET temp_buffers");
    run(B, "SELECT pg_reload_conf()");
    done(cluster.spec, settings(B));
  }

  @Test
  @DisplayName(
      "what needs a restart is not written before; a crash brings back what there was; asked for,"
          + " it is tried, and what does not start is taken back")
  void restarts() throws Exception {
    PostgresSpec much = declaring(Map.of("shared_buffers", "900GB", "work_mem", "6MB"));
    String buffers = one(B, "SHOW shared_buffers");
    done(much, settings(B));
    assertThat(one(B, "SHOW work_mem")).isEqualTo("6MB");
    assertThat(Files.readString(file(B, "cotidal.conf"))).doesNotContain("900GB");
    assertThat(diff(much, B)).singleElement().returns(Takes.RESTART, SettingsDiff.Line::takes);

    Step start = cluster.step(Acts.START, B).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true);
    cluster.signal(B, Signal.KILL);
    await().atMost(Duration.ofSeconds(30)).until(() -> cluster.all(B).isEmpty());
    done(much, start);
    assertThat(one(B, "SHOW shared_buffers")).isEqualTo(buffers);

    Step fresh = start.with(Acts.SETTINGS, Acts.NEW);
    done(much, cluster.step(Acts.STOP, B));
    Details evidence = done(much, fresh);
    assertThat(evidence.need(Acts.KEPT)).startsWith("shared_buffers still waits: b did not come");
    assertThat(one(B, "SHOW shared_buffers")).isEqualTo(buffers);
    assertThat(Files.readString(file(B, "cotidal.conf"))).doesNotContain("900GB");
    assertThat(((Inspection.Applied) inspect(much, fresh)).evidence().need(Acts.KEPT))
        .isEqualTo("shared_buffers still waits");

    PostgresSpec some = declaring(Map.of("shared_buffers", "17MB"));
    done(some, cluster.step(Acts.STOP, B));
    assertThat(done(some, fresh).has(Acts.KEPT)).isFalse();
    assertThat(one(B, "SHOW shared_buffers")).isEqualTo("17MB");
    assertThat(Files.exists(cluster.gate(B).resolve("settings"))).isFalse();
    done(cluster.spec, cluster.step(Acts.STOP, B));
    done(cluster.spec, fresh);
  }

  @Test
  @DisplayName("killed between the new file and the start, it still comes back with what it had")
  void killedBetween() throws Exception {
    Step start =
        cluster
            .step(Acts.START, C)
            .with(Acts.UPSTREAM, "a")
            .with(Acts.STREAM, true)
            .with(Acts.SETTINGS, Acts.NEW);
    PostgresSpec much = declaring(Map.of("shared_buffers", "900GB"));
    done(much, cluster.step(Acts.STOP, C));
    Path ours = file(C, "cotidal.conf");
    String before = Files.readString(ours);
    // As an act leaves it that ended right here.
    Files.writeString(cluster.gate(C).resolve("settings"), before);
    cluster.own(cluster.gate(C).resolve("settings"));
    Files.writeString(
        ours, before.replaceAll("(?m)^shared_buffers = .*$", "shared_buffers = '900GB'"));
    assertThat(inspect(much, start)).isInstanceOf(Inspection.NotApplied.class);
    assertThat(done(much, start).has(Acts.KEPT)).isTrue();
    assertThat(Files.readString(ours)).doesNotContain("900GB");
    done(cluster.spec, cluster.step(Acts.STOP, C));
    done(cluster.spec, start);
    assertThat(diff(cluster.spec, C)).isEmpty();
  }

  @Test
  @DisplayName("a standby is never started with less than its primary has")
  void asMuchAsThePrimary() throws Exception {
    Step start =
        cluster
            .step(Acts.START, C)
            .with(Acts.UPSTREAM, "a")
            .with(Acts.STREAM, true)
            .with(Acts.SETTINGS, Acts.NEW);
    PostgresSpec less = declaring(Map.of("max_connections", "20"));
    done(less, cluster.step(Acts.STOP, C));
    assertThat(done(less, start).has(Acts.KEPT)).isFalse();
    assertThat(one(C, "SHOW max_connections")).isEqualTo("30");
    PostgresSpec more = declaring(Map.of("max_connections", "40"));
    done(more, cluster.step(Acts.STOP, C));
    assertThat(done(more, start).has(Acts.KEPT)).isFalse();
    assertThat(one(C, "SHOW max_connections")).isEqualTo("40");
    done(cluster.spec, cluster.step(Acts.STOP, C));
    done(cluster.spec, start);
    assertThat(one(C, "SHOW max_connections")).isEqualTo("30");
  }

  @Test
  @DisplayName("by SQL alone: what is declared and no more, by ALTER SYSTEM; a restart is theirs")
  void bySql() throws Exception {
    List<Server> servers =
        cluster.spec.servers().stream()
            .map(each ->
                each.id().equals(C)
                    ? new Server(
                        each.id(),
                        each.addresses(),
                        each.port(),
                        each.data(),
                        each.bin(),
                        "",
                        new Reach.Sql())
                    : each)
            .toList();
    TreeMap<String, String> declared = new TreeMap<>(Map.of("vacuum_cost_delay", "3ms"));
    PostgresSpec spec =
        new PostgresSpec(
            cluster.spec.id(),
            cluster.spec.mode(),
            servers,
            1,
            cluster.spec.failover(),
            cluster.spec.access(),
            declared);
    String ours = Files.readString(file(C, "cotidal.conf"));
    done(spec, settings(C).with(Acts.SET, "vacuum_cost_delay"));
    assertThat(one(C, "SHOW vacuum_cost_delay")).isEqualTo("3ms");
    assertThat(inspect(spec, settings(C).with(Acts.SET, "vacuum_cost_delay")))
        .isInstanceOf(Inspection.Applied.class);
    assertThat(seen(with(spec, new TreeMap<>()), C).entry("vacuum_cost_delay")).hasValue("3ms");
    done(with(spec, new TreeMap<>()), settings(C).with(Acts.RESET, "vacuum_cost_delay"));
    assertThat(one(C, "SHOW vacuum_cost_delay")).isEqualTo("0");
    assertThat(Files.readString(file(C, "cotidal.conf"))).isEqualTo(ours);
  }

  @Test
  @DisplayName("our lines of who is let in are seen to be missing, and come back")
  void entrance() throws Exception {
    Path file = file(B, "pg_hba.conf");
    String whole = Files.readString(file);
    Files.writeString(
        file,
        whole.replaceAll("(?m)^host +replication +all +::1/128 .*\n", "")
            + "# somebody's\nhost other all 192.0.2.1/32 scram-sha-256\n");
    cluster.own(file);
    assertThat(seen(cluster.spec, B).entrance().missing()).containsExactly("::1/128");
    done(cluster.spec, settings(B));
    assertThat(seen(cluster.spec, B).entrance().missing()).isEmpty();
    assertThat(Files.readString(file)).contains("host other all 192.0.2.1/32");
    Files.writeString(file, whole);
    cluster.own(file);
  }

  @Test
  @DisplayName("switched off, nothing is asked and nothing is touched")
  void switchedOff() throws Exception {
    PostgresSpec spec = declaring(Map.of("work_mem", "8MB"));
    PostgresSpec off = spec.with(spec.practice().caring(spec.practice().care().settings(false)));
    String before = Files.readString(file(C, "cotidal.conf"));
    try (PostgresDriver driver = new PostgresDriver(off, cluster.processes)) {
      Observation<PgFacts> seen = driver.observe(C, Duration.ofSeconds(5));
      assertThat(((Observation.Seen<PgFacts>) seen).facts().settings()).isNull();
    }
    assertThat(failed(off, settings(C))).contains("settings-care is switched off");
    assertThat(Files.readString(file(C, "cotidal.conf"))).isEqualTo(before);
  }
}
