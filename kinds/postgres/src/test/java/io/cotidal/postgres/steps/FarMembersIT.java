package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static io.cotidal.postgres.steps.TestCluster.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.DriverTrial;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.SshServer;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.reach.GateProgram;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.CopyWay;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same acts on members over SSH, through Debian's server. */
@Timeout(180)
class FarMembersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> ALL = List.of("a@orders", "b@orders", "c@orders");

  @TempDir Path state;
  private ServerRegistry registry;
  private SshServer ssh;
  private Path bin;

  @BeforeEach
  void begin() throws Exception {
    Optional<Path> installed = PostgresBinaries.installed(15);
    String missing =
        SshServer.missing().orElse(installed.isEmpty() ? "apt-get install postgresql-15" : "");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    bin = installed.orElseThrow();
    registry = ServerRegistry.open(state);
    ssh = SshServer.start(registry);
    ssh.install(GateProgram.text(), GateProgram::options);
  }

  @AfterEach
  void end() throws Exception {
    if (registry != null) {
      ssh.stop();
      registry.close();
    }
  }

  /** Those of {@code far} over SSH, the others here. */
  private TestCluster cluster(List<String> far) throws Exception {
    return new TestCluster(
        bin,
        TestCluster.PASSWORD,
        (name, places) -> {
          if (!far.contains(name)) {
            return new Reach.Local();
          }
          ssh.member(name, GateProgram.member(places));
          return new Reach.Ssh(ssh.access());
        });
  }

  private static DriverTrial<PgFacts> trial(TestCluster cluster, MemberId member) {
    return new DriverTrial<>(
        () -> new PostgresDriver(cluster.spec, cluster.processes), member, List::of);
  }

  @Test
  @DisplayName("postgres/S9: over SSH too an inspection tells the truth after a kill")
  void tellsTheTruth() throws Exception {
    try (TestCluster cluster = cluster(ALL)) {
      DriverTrial<PgFacts> a = trial(cluster, A);
      assertThat(a.tellsTheTruth(cluster.step(Acts.INIT, A), new Stamp(2, 1))).isEmpty();
      assertThat(a.tellsTheTruth(cluster.step(Acts.START, A), new Stamp(2, 2))).isEmpty();
      Step promote = cluster.step(Acts.PROMOTE, A).with(Acts.QUORUM, "").with(Acts.K, 0);
      assertThat(a.tellsTheTruth(promote, new Stamp(2, 3))).isEmpty();
      DriverTrial<PgFacts> b = trial(cluster, B);
      Step clone = cluster.step(Acts.CLONE, B).with(Acts.FROM, "a");
      assertThat(b.tellsTheTruth(clone, new Stamp(2, 4))).isEmpty();
      Step start = cluster.step(Acts.START, B).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true);
      assertThat(b.tellsTheTruth(start, new Stamp(2, 5))).isEmpty();
      assertThat(b.tellsTheTruth(cluster.step(Acts.CUT_OFF, B), new Stamp(2, 6))).isEmpty();
      Step follow = cluster.step(Acts.FOLLOW, B).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true);
      assertThat(b.tellsTheTruth(follow, new Stamp(2, 7))).isEmpty();
      Step quorum = cluster.step(Acts.SET_QUORUM, A).with(Acts.QUORUM, "b").with(Acts.K, 1);
      assertThat(a.tellsTheTruth(quorum, new Stamp(2, 8))).isEmpty();
      assertThat(b.tellsTheTruth(cluster.step(Acts.STOP, B), new Stamp(2, 9))).isEmpty();
      assertThat(a.tellsTheTruth(cluster.step(Acts.FENCE, A), new Stamp(2, 10))).isEmpty();
      assertThat(cluster.all(A)).isEmpty();
    }
  }

  private static Outcome act(TestCluster cluster, Map<String, String> declared, Step step) {
    PostgresSpec plain = cluster.spec;
    TreeMap<String, String> settings = new TreeMap<>(plain.settings());
    settings.putAll(declared);
    PostgresSpec spec =
        new PostgresSpec(
            plain.id(),
            plain.mode(),
            plain.servers(),
            plain.quorum(),
            plain.failover(),
            plain.access(),
            settings,
            plain.practice());
    try (PostgresDriver driver = new PostgresDriver(spec, cluster.processes)) {
      return driver.act(step, cluster.stamp, progress -> {});
    }
  }

  @Test
  @DisplayName(
      "over SSH too parameters are put in force, refused, and taken back if it does not start")
  void parameters() throws Exception {
    try (TestCluster cluster = cluster(ALL).first()) {
      Step settings = cluster.step(Acts.SETTINGS, A);
      assertThat(act(cluster, Map.of("work_mem", "9MB"), settings))
          .isInstanceOf(Outcome.Done.class);
      Path ours = cluster.server(A).data().resolve("cotidal.conf");
      assertThat(Files.readString(ours)).contains("work_mem = '9MB'");
      assertThat(act(cluster, Map.of("log_timezone", "Nowhere"), settings))
          .isInstanceOf(Outcome.Failed.class);
      assertThat(Files.readString(ours)).contains("work_mem = '9MB'").doesNotContain("Nowhere");
      cluster.done(cluster.step(Acts.STOP, A));
      Step start = cluster.step(Acts.START, A).with(Acts.SETTINGS, Acts.NEW);
      Outcome started = act(cluster, Map.of("shared_buffers", "900GB"), start);
      assertThat(started).as("%s", started).isInstanceOf(Outcome.Done.class);
      assertThat(((Outcome.Done) started).evidence().get(Acts.KEPT, ""))
          .startsWith("shared_buffers still waits");
      assertThat(Files.readString(ours)).doesNotContain("900GB");
    }
  }

  @Test
  @DisplayName("postgres/S4: PostgreSQL frozen, sshd alive: seen, fenced with proof, rewound, back")
  void frozen() throws Exception {
    try (TestCluster cluster = cluster(List.of("a@orders", "b@orders"))) {
      cluster.up();
      Host host = cluster.look(A).host();
      assertThat(host.process()).isEqualTo(Host.Process.RUNNING);
      assertThat(host.stamp()).isEqualTo(cluster.stamp);
      assertThat(Long.parseLong(host.facts().need(Acts.DISK_TOTAL)))
          .isEqualTo(cluster.base.toFile().getTotalSpace());
      assertThat(host.facts().need(Acts.DISK_PLACE)).isEqualTo(cluster.server(A).data() + "");
      cluster.signal(A, Signal.STOP);
      Observation<PgFacts> frozen = cluster.driver.observe(A, Duration.ofMillis(400));
      assertThat(frozen).isInstanceOf(Observation.Silent.class);
      assertThat(frozen.host().process()).isEqualTo(Host.Process.RUNNING);

      cluster.done(cluster.step(Acts.CUT_OFF, B));
      cluster.done(cluster.step(Acts.CUT_OFF, C));
      assertThat(cluster.done(cluster.step(Acts.FENCE, A)).need(Acts.PROOF))
          .isEqualTo("process gone");
      assertThat(cluster.all(A)).isEmpty();
      Observation<PgFacts> gone = cluster.look(A);
      assertThat(gone).isInstanceOf(Observation.Refused.class);
      assertThat(gone.host().process()).isEqualTo(Host.Process.GONE);
      assertThat(gone.host().facts().need(Acts.CONTROL_STATE)).isEqualTo("in production");

      cluster.done(cluster.step(Acts.PROMOTE, B).with(Acts.QUORUM, "a,c").with(Acts.K, 1));
      cluster.done(cluster.step(Acts.FOLLOW, C).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true));
      cluster.done(cluster.step(Acts.REWIND, A).with(Acts.FROM, "b"));
      cluster.done(cluster.step(Acts.START, A).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true));
      try (PgSession session = cluster.session(B)) {
        session.run("CREATE TABLE kept AS SELECT 1 AS one", TestCluster.QUERY);
      }
      assertThat(cluster.facts(A).upstream()).isEqualTo(B);
    }
  }

  @Test
  @DisplayName(
      "postgres/S28: over SSH the archive script is put in its place, looked at and mended")
  void archives() throws Exception {
    Path archive = registry.folder("archive");
    OsUser account = new LocalProcesses().user(ssh.access().user()).orElse(null);
    if (account != null) {
      account.own(archive);
    }
    Archive wanted = new Archive(new Archive.Place.Folder(archive));
    try (TestCluster cluster =
        new TestCluster(
            bin,
            TestCluster.PASSWORD,
            (name, places) -> {
              ssh.member(name, GateProgram.member(places));
              return new Reach.Ssh(ssh.access());
            },
            practice -> practice.caring(Care.PLAIN.with(wanted)))) {
      cluster.first();
      try (PgSession session = cluster.session(A)) {
        session.run("SELECT pg_switch_wal()", TestCluster.QUERY);
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(archive.resolve("00000002.history")).exists());
      Path script = cluster.gate(A).resolve("archive");
      String text = Files.readString(script);
      Step setup =
          cluster.step(Acts.ARCHIVE, A).with(Acts.ARCHIVING, true).with(Acts.STOPPED, false);
      assertThat(cluster.inspect(setup)).isInstanceOf(Inspection.Applied.class);
      await().atMost(PATIENCE).until(() -> seen(cluster).equals(ArchiveScript.checksum(text)));
      Files.writeString(script, "exit 0\n");
      assertThat(cluster.inspect(setup)).isInstanceOf(Inspection.NotApplied.class);
      cluster.done(setup);
      assertThat(script).hasContent(text);
      await().atMost(PATIENCE).until(() -> seen(cluster).equals(ArchiveScript.checksum(text)));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(cluster.done(cluster.step(Acts.ARCHIVE_CHECK, A)).need("gaps"))
                  .isEqualTo("none"));
    }
  }

  @Test
  @DisplayName(
      "a copy over the network keeps its pace, tells how far it is, and may be of a replica")
  void pace() throws Exception {
    try (TestCluster cluster =
        new TestCluster(
            bin,
            TestCluster.PASSWORD,
            (name, places) -> {
              ssh.member(name, GateProgram.member(places));
              return new Reach.Ssh(ssh.access());
            },
            practice -> practice.caring(Care.PLAIN.at(8L << 20)))) {
      cluster.first();
      List<Progress> told = new ArrayList<>();
      long began = System.nanoTime();
      Outcome copied =
          cluster.driver.act(
              cluster.step(Acts.CLONE, B).with(Acts.FROM, "a"), cluster.stamp, told::add);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(copied).isInstanceOf(Outcome.Done.class);
      long bytes = Long.parseLong(((Outcome.Done) copied).evidence().need(Acts.BYTES));
      assertThat(took).isGreaterThan(Duration.ofMillis(bytes * 1000 / (8L << 20) / 2));
      assertThat(told).isNotEmpty();
      assertThat(told.getLast().done()).isPositive().isLessThanOrEqualTo(bytes);
      assertThat(told).isSortedAccordingTo(Comparator.comparingLong(Progress::done));
      assertThat(((Outcome.Done) copied).evidence().need("way")).startsWith("pg_basebackup");
      cluster.done(cluster.step(Acts.START, B).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true));

      // Another one is copied of that replica, and follows the primary.
      cluster.done(cluster.step(Acts.SLOTS, A).with(Acts.QUORUM, "c").with(Acts.GONE, ""));
      cluster.done(cluster.step(Acts.CLONE, C).with(Acts.FROM, "b"));
      assertThat(cluster.facts(B).slots()).containsExactly("c");
      cluster.done(cluster.step(Acts.SLOTS, B).with(Acts.QUORUM, "").with(Acts.GONE, "c"));
      assertThat(cluster.facts(B).slots()).isEmpty();
      cluster.done(cluster.step(Acts.START, C).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true));
      assertThat(cluster.facts(C).upstream()).isEqualTo(A);
    }
  }

  @Test
  @DisplayName(
      "a copy by rsync, between far members and to a near one; the second one sends little")
  void rsync() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/rsync")) || System.getenv("CI") != null,
        "skipped: rsync is not installed; apt-get install rsync");
    try (TestCluster cluster =
        new TestCluster(
            bin,
            TestCluster.PASSWORD,
            (name, places) -> {
              if (name.startsWith("c")) {
                return new Reach.Local();
              }
              ssh.member(name, GateProgram.member(places));
              return new Reach.Ssh(ssh.access());
            },
            practice -> practice.caring(Care.PLAIN.by(CopyWay.RSYNC)))) {
      cluster.first();
      try (PgSession session = cluster.session(A)) {
        session.run(
            "CREATE TABLE pages AS SELECT i, md5(i::text) FROM generate_series(1, 300000) AS i",
            PATIENCE);
        // Else the first reader changes every page.
        session.run("VACUUM pages", PATIENCE);
      }
      Step clone = cluster.step(Acts.CLONE, B).with(Acts.FROM, "a");
      Step start = cluster.step(Acts.START, B).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true);
      long first = Long.parseLong(cluster.done(clone).need("moved"));
      assertThat(first).isGreaterThan(20 << 20);
      cluster.done(start);

      // What only b has, and what only a has.
      cluster.done(cluster.step(Acts.FENCE, B));
      Path stray = cluster.server(B).data().resolve("base/stray");
      Files.writeString(stray, "x");
      try (PgSession session = cluster.session(A)) {
        session.run("UPDATE pages SET i = -i WHERE i <= 1000", PATIENCE);
      }
      assertThat(Long.parseLong(cluster.done(clone).need("moved"))).isLessThan(first / 10);
      assertThat(stray).doesNotExist();
      cluster.done(start);
      assertThat(cluster.facts(B).upstream()).isEqualTo(A);
      try (PgSession session = cluster.session(B)) {
        assertThat(
                session.<Long>one(
                    "SELECT count(*) FROM pages WHERE i < 0",
                    TestCluster.QUERY,
                    row -> row.getLong(1)))
            .isEqualTo(1000);
      }

      // Far to near, of a replica; and near to far.
      cluster.done(cluster.step(Acts.SLOTS, A).with(Acts.QUORUM, "c").with(Acts.GONE, ""));
      cluster.done(cluster.step(Acts.CLONE, C).with(Acts.FROM, "b"));
      cluster.done(cluster.step(Acts.START, C).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true));
      assertThat(cluster.facts(C).upstream()).isEqualTo(A);
      cluster.done(cluster.step(Acts.FENCE, B));
      Step back = cluster.step(Acts.CLONE, B).with(Acts.FROM, "c");
      assertThat(trial(cluster, B).tellsTheTruth(back, new Stamp(1, 2))).isEmpty();
      cluster.stamp = new Stamp(1, 3);
      cluster.done(start);

      // Whoever cannot send is told of before anything is touched.
      ssh.member("a@orders", "nothing");
      cluster.done(cluster.step(Acts.FENCE, B));
      assertThat(cluster.failed(clone)).startsWith("rsync of a to b cannot be: ");
      assertThat(cluster.look(B).host().facts().need(Acts.DATA)).isEqualTo("present");
    }
  }

  private static String seen(TestCluster cluster) {
    LogKeeping log = cluster.facts(A).log();
    return log == null ? "" : log.archiver().script();
  }

  @Test
  @DisplayName("sshd gone, or another key than pinned: the host cannot be told, the server is seen")
  void withoutSsh() throws Exception {
    try (TestCluster cluster = cluster(ALL).first()) {
      ssh.stop();
      await()
          .atMost(PATIENCE)
          .until(() -> cluster.look(A).host().process() == Host.Process.UNKNOWN);
      assertThat(cluster.look(A)).isInstanceOf(Observation.Seen.class);
      Outcome outcome = cluster.act(cluster.step(Acts.FENCE, A).within(Duration.ofSeconds(2)));
      assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
      assertThat(cluster.all(A)).isNotEmpty();
      cluster.signal(A, Signal.KILL);
      await().atMost(PATIENCE).until(() -> cluster.look(A) instanceof Observation.Refused);
      assertThat(cluster.look(A).host()).isEqualTo(Host.UNKNOWN);
      ssh.start();
      await().atMost(PATIENCE).until(() -> cluster.look(A).host().process() == Host.Process.GONE);
    }
  }

  @Test
  @DisplayName("no password is in an argument, a log or a file that others may read")
  void secrets() throws Exception {
    try (TestCluster cluster = cluster(ALL).first()) {
      cluster.replica(B);
      for (MemberId member : List.of(A, B)) {
        try (var files = Files.list(cluster.gate(member))) {
          for (Path file : files.toList()) {
            boolean ours = Files.getPosixFilePermissions(file).size() == 2;
            assertThat(ours || !Files.readString(file).contains("canary")).as(file + "").isTrue();
          }
        }
        assertThat(cluster.log(member)).doesNotContain(TestCluster.PASSWORD);
        assertThat(cluster.log(member)).doesNotContain(TestCluster.REPLICATION_PASSWORD);
      }
    }
  }
}
