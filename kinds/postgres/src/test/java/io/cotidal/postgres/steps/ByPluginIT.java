package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.Told;
import io.cotidal.postgres.proxies.ProxiedDriver;
import io.cotidal.postgres.reach.Sight;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.Plugin.Hook;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plug-ins that start, stop, promote and copy real servers, and such that only say so: what they
 * say is never the proof. PostgreSQL 15 from Debian, for its programs.
 */
@Timeout(90)
class ByPluginIT {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final String YES = "echo '{\"ok\": true}'";

  @TempDir private Path folder;
  private TestCluster cluster;
  private Path bin;

  @BeforeEach
  void begin() throws IOException {
    Optional<Path> installed = PostgresBinaries.installed(15);
    assumeTrue(
        installed.isPresent() || System.getenv("CI") != null,
        "skipped: PostgreSQL 15 is not installed; apt-get install postgresql-15");
    bin = installed.orElseThrow();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<Plugin> plugins =
        List.of(
            plugin(Hook.RESTART, "keeper"),
            plugin(Hook.PROMOTE, "promoter"),
            plugin(Hook.CLONE, "copier"),
            plugin(Hook.REPLICATION_STATUS, "status"),
            plugin(Hook.STONITH, "power"));
    cluster =
        new TestCluster(
            bin,
            TestCluster.PASSWORD,
            (name, places) -> new Reach.Local(),
            practice -> practice.asking(plugins));
  }

  @AfterEach
  void end() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
  }

  private Plugin plugin(Hook hook, String name) {
    Duration limit = hook == Hook.REPLICATION_STATUS ? Duration.ofSeconds(3) : LIMIT;
    return new Plugin(hook, name, folder.resolve(name), limit, new TreeMap<>());
  }

  /** What the plug-in does; {@code $data} and the like are what it was told. */
  private void does(String name, String script) throws IOException {
    String told =
        List.of("data", "mode", "from-port", "user", "passfile").stream()
            .map(each ->
                each.replace('-', '_')
                    + "=$(printf %s \"$question\" | sed -n 's/.*\""
                    + each
                    + "\":\"\\([^\"]*\\)\".*/\\1/p')\n")
            .reduce("", String::concat);
    String user = cluster.server(A).user();
    String as =
        user.isEmpty() ? "" : "setpriv --reuid=" + user + " --regid=nogroup --clear-groups ";
    Path file = folder.resolve(name);
    Files.writeString(
        file,
        "#!/bin/sh\nquestion=$(cat)\n"
            + told
            + "as() { cd /; "
            + as
            + "\"$@\"; }\n"
            + script.replace("BIN", bin.toString())
            + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Step by(String plugin, Step step) {
    return step.with(Acts.PLUGIN, plugin);
  }

  private Step start(MemberId member, String upstream) {
    return by("keeper", cluster.step(Acts.START, member))
        .with(Acts.UPSTREAM, upstream)
        .with(Acts.STREAM, !upstream.isEmpty());
  }

  private Step stop(MemberId member) {
    return by("keeper", cluster.step(Acts.STOP, member)).within(Duration.ofSeconds(3));
  }

  private Step promote(MemberId member) {
    return by("promoter", cluster.step(Acts.PROMOTE, member))
        .with(Acts.QUORUM, "")
        .with(Acts.K, 0)
        .within(Duration.ofSeconds(3));
  }

  private Step copy(MemberId member) {
    return by("copier", cluster.step(Acts.CLONE, member)).with(Acts.FROM, "a");
  }

  private String data(MemberId member) {
    return cluster.look(member).host().facts().need(Acts.DATA);
  }

  private static Path example() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("plugins"))) {
      here = here.getParent();
    }
    return here.resolve("plugins/clone-rsync.py");
  }

  private void honest() throws IOException {
    does(
        "keeper",
        """
        case $mode in
          start) as BIN/pg_ctl -D "$data" -l "$data.log" -W start >/dev/null 2>&1 ;;
          stop) as BIN/pg_ctl -D "$data" -m fast -W stop >/dev/null 2>&1 ;;
        esac && echo '{"ok": true, "how": "pg_ctl"}'
        """);
    does("promoter", "as BIN/pg_ctl -D \"$data\" -W promote >/dev/null 2>&1 && " + YES);
    does(
        "copier",
        """
        as env PGPASSFILE="$passfile" BIN/pg_basebackup -h 127.0.0.1 -p "$from_port" -U "$user" \\
          -D "$data" -X none -c fast >&2 && echo '{"ok": true, "how": "pg_basebackup"}'
        """);
  }

  private void up() throws IOException {
    honest();
    cluster.done(cluster.step(Acts.INIT, A));
    cluster.done(start(A, ""));
    cluster.done(promote(A));
  }

  @Test
  @DisplayName(
      "Servers are copied, started, stopped and promoted by plug-ins, which is shown; one tells lag")
  void honestly() throws IOException {
    up();
    assertThat(cluster.facts(A).timeline()).isEqualTo(2);
    cluster.done(copy(B));
    assertThat(cluster.inspect(copy(B))).isInstanceOf(Inspection.Applied.class);
    assertThat(data(B)).isEqualTo(Sight.PRESENT);
    cluster.done(start(B, "a"));
    ProcessId first = cluster.postmaster(B);
    Details stopped = cluster.done(stop(B));
    assertThat(stopped.need(Acts.PROOF)).isEqualTo("process gone");
    assertThat(cluster.all(B)).isEmpty();
    cluster.done(start(B, "a"));
    assertThat(cluster.postmaster(B)).isNotEqualTo(first);
    status();
    cluster.done(stop(A));
    Step promotion = promote(B).with(Acts.TIMELINE, 2);
    cluster.done(promotion);
    assertThat(cluster.inspect(promotion)).isInstanceOf(Inspection.Applied.class);
    assertThat(cluster.facts(B).timeline()).isEqualTo(3);
  }

  @Test
  @DisplayName("The example with rsync copies a running primary, and the copy streams from it")
  void rsync() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/rsync")) || System.getenv("CI") != null,
        "skipped: rsync is not installed; apt-get install rsync");
    up();
    Path passwords = folder.resolve("sql.pgpass");
    Files.writeString(passwords, "*:*:*:postgres:" + TestCluster.PASSWORD + "\n");
    Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
    String parameters =
        "{\"sql-user\":\"postgres\",\"sql-passfile\":\"%s\",\"psql\":\"BIN/psql\"}"
            .formatted(passwords);
    does(
        "copier",
        "printf %s \"$question\" | sed 's|\"parameters\":{}|\"parameters\":"
            + parameters
            + "|' | "
            + example());
    cluster.done(copy(B));
    assertThat(data(B)).isEqualTo(Sight.PRESENT);
    cluster.done(start(B, "a"));
    assertThat(cluster.facts(B).timeline()).isEqualTo(2);

    Files.delete(passwords);
    cluster.done(stop(B));
    assertThat(cluster.act(copy(B)))
        .isInstanceOfSatisfying(
            Outcome.Unknown.class,
            unknown -> assertThat(unknown.reason()).contains("copier", "does not answer"));
    assertThat(data(B)).isEqualTo(Sight.INCOMPLETE);
  }

  @Test
  @DisplayName("One that says yes and does nothing has done nothing; what it left starts nowhere")
  void lies() throws IOException {
    up();
    does("keeper", YES);
    does("promoter", YES);
    does("copier", YES);
    assertThat(cluster.failed(copy(B))).contains("copier", "brought no data");
    assertThat(cluster.inspect(copy(B))).isInstanceOf(Inspection.NotApplied.class);
    assertThat(data(B)).isEqualTo(Sight.INCOMPLETE);
    assertThat(cluster.failed(start(B, "a"))).contains("incomplete");
    does("copier", "as BIN/initdb -D \"$data\" >/dev/null 2>&1 && " + YES);
    assertThat(cluster.failed(copy(B))).contains("belongs to another cluster than a");
    assertThat(data(B)).isEqualTo(Sight.INCOMPLETE);

    assertThat(cluster.act(stop(A))).isInstanceOf(Outcome.Unknown.class);
    assertThat(cluster.inspect(stop(A))).isInstanceOf(Inspection.NotApplied.class);

    honest();
    cluster.done(copy(B));
    does("keeper", YES);
    assertThat(cluster.act(start(B, "a").within(Duration.ofSeconds(2))))
        .isInstanceOfSatisfying(
            Outcome.Unknown.class,
            unknown -> assertThat(unknown.reason()).contains("no process of it runs"));
    assertThat(cluster.inspect(start(B, "a"))).isInstanceOf(Inspection.NotApplied.class);
  }

  @Test
  @DisplayName("A promotion without a clear end is waited for; a clear no is none")
  void unclear() throws IOException {
    up();
    cluster.done(copy(B));
    cluster.done(start(B, "a"));
    does("promoter", "echo '{\"ok\": false, \"reason\": \"the console is shut\"}'");
    assertThat(cluster.failed(promote(B))).contains("promoter", "the console is shut");
    assertThat(cluster.inspect(promote(B))).isInstanceOf(Inspection.NotApplied.class);
    Files.delete(folder.resolve("promoter"));
    assertThat(cluster.failed(promote(B))).contains("no program that can be run");
    assertThat(cluster.inspect(promote(B))).isInstanceOf(Inspection.NotApplied.class);

    for (String garbage : List.of("echo maybe", "echo broken >&2; exit 3", YES)) {
      does("promoter", garbage);
      assertThat(cluster.act(promote(B))).as(garbage).isInstanceOf(Outcome.Unknown.class);
      assertThat(cluster.inspect(promote(B)))
          .as(garbage)
          .isInstanceOfSatisfying(
              Inspection.Unknown.class,
              unknown -> assertThat(unknown.reason()).contains("promoter", "by hand"));
    }
    assertThat(cluster.facts(B).recovering()).isTrue();
    does("promoter", "as BIN/pg_ctl -D \"$data\" -W promote >/dev/null 2>&1; exit 4");
    assertThat(cluster.act(promote(B))).isInstanceOf(Outcome.Unknown.class);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> cluster.inspect(promote(B)) instanceof Inspection.Applied);
  }

  @Test
  @DisplayName(
      "A primary without a new timeline is ended; one without a gate is ended by a plug-in")
  void noPromotion() throws IOException {
    up();
    cluster.done(copy(B));
    cluster.done(start(B, "a"));
    does(
        "promoter",
        """
        as BIN/pg_ctl -D "$data" -m fast -w stop >/dev/null 2>&1
        as rm "$data/standby.signal"
        as BIN/pg_ctl -D "$data" -l "$data.log" -w start >/dev/null 2>&1
        """
            + YES);
    assertThat(cluster.failed(promote(B).within(Duration.ofSeconds(20))))
        .contains("made b a primary on timeline 2", "it was ended");
    assertThat(cluster.all(B)).isEmpty();
    assertThat(cluster.look(B).host().facts().need(Acts.SIGNAL)).isEqualTo("standby");

    does(
        "power",
        "as BIN/pg_ctl -D "
            + cluster.server(A).data()
            + " -m immediate -w stop >&2 &&"
            + " echo '{\"ok\": true, \"proof\": \"its board says off\"}'");
    Step fence =
        Step.act(Acts.HOOK, A, "end a")
            .with(Acts.PLUGIN, "power")
            .with("hook", "stonith")
            .within(LIMIT);
    try (PostgresDriver servers = new PostgresDriver(bySql(), cluster.processes);
        ProxiedDriver driver = new ProxiedDriver(bySql(), servers, cluster.processes)) {
      assertThat(driver.act(cluster.step(Acts.FENCE, A), cluster.stamp, _ -> {}))
          .isInstanceOf(Outcome.Failed.class);
      Outcome outcome = driver.act(fence, cluster.stamp, _ -> {});
      assertThat(outcome).isInstanceOf(Outcome.Done.class);
      assertThat(((Outcome.Done) outcome).evidence().need(Acts.PROOF))
          .isEqualTo("its board says off");
    }
    assertThat(cluster.all(A)).isEmpty();
  }

  private PostgresSpec bySql() {
    List<Server> servers =
        cluster.spec.servers().stream()
            .map(server ->
                new Server(
                    server.id(),
                    server.addresses(),
                    server.port(),
                    server.data(),
                    server.bin(),
                    "",
                    new Reach.Sql()))
            .toList();
    return new PostgresSpec(
        cluster.spec.id(),
        cluster.spec.mode(),
        servers,
        0,
        cluster.spec.failover(),
        cluster.spec.access(),
        cluster.spec.settings(),
        cluster.spec.practice());
  }

  private Told told(ProxiedDriver driver) {
    Observation<PgFacts> look = driver.observe(B, Duration.ofSeconds(2));
    Told told = ((Observation.Seen<PgFacts>) look).facts().told();
    return told == null ? Told.unknown("status", "not yet") : told;
  }

  /** How far b is, told beside its server; no look waits for a plug-in that hangs. */
  private void status() throws IOException {
    does("status", "echo '{\"ok\": true, \"receive-position\": \"0/5000060\", \"lag-bytes\": 96}'");
    try (ProxiedDriver driver = telling()) {
      await().atMost(LIMIT).until(() -> told(driver).said().has(Told.POSITION));
      assertThat(told(driver).said().need(Told.POSITION)).isEqualTo("0/5000060");
      Observation<PgFacts> primary = driver.observe(A, Duration.ofSeconds(2));
      assertThat(((Observation.Seen<PgFacts>) primary).facts().told()).isNull();
    }
    does("status", "echo '{\"ok\": true, \"lag-bytes\": \"little\"}'");
    try (ProxiedDriver driver = telling()) {
      await().atMost(LIMIT).until(() -> told(driver).problem().contains("its lag-bytes is none"));
    }
    Path pid = folder.resolve("pid");
    does("status", "echo $$ > " + pid + "; sleep 60");
    try (ProxiedDriver driver = telling()) {
      assertThat(told(driver).problem()).isEqualTo("not yet");
      await().atMost(LIMIT).until(() -> told(driver).problem().contains("no answer in time"));
    }
    long process = Long.parseLong(Files.readString(pid).strip());
    await()
        .atMost(LIMIT)
        .until(() -> ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty());
  }

  private ProxiedDriver telling() {
    return new ProxiedDriver(
        cluster.spec, new PostgresDriver(cluster.spec, cluster.processes), cluster.processes);
  }
}
