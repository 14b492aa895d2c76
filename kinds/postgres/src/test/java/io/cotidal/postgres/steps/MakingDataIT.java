package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static io.cotidal.postgres.steps.TestCluster.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.CopyWay;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies and rewinds that come to nothing, and data that must not be touched. */
@Timeout(90)
class MakingDataIT {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private TestCluster cluster;

  @BeforeEach
  void begin() throws Exception {
    cluster = new TestCluster(TestCluster.bundled()).first();
  }

  @AfterEach
  void end() throws Exception {
    cluster.close();
  }

  @Test
  @DisplayName(
      "postgres/S19: an interrupted clone is never started, its slot is removed, and another heals it")
  void interruptedClone() throws Exception {
    Step clone = cluster.step(Acts.CLONE, B).with(Acts.FROM, "a");
    Outcome outcome =
        cluster.driver.act(clone, cluster.stamp, progress -> Thread.currentThread().interrupt());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
    assertThat(cluster.look(B).host().facts().need(Acts.DATA)).isEqualTo("incomplete");
    assertThat(cluster.inspect(clone)).isInstanceOf(Inspection.NotApplied.class);
    assertThat(cluster.facts(A).slots()).doesNotContain("b");
    Step start = cluster.step(Acts.START, B).with(Acts.UPSTREAM, "a");
    assertThat(cluster.failed(start)).contains("incomplete");
    assertThat(cluster.all(B)).isEmpty();
    cluster.replica(B);
    assertThat(cluster.inspect(clone)).isInstanceOf(Inspection.Applied.class);
  }

  @Test
  @DisplayName("a long copy makes way for an act under a newer stamp")
  void preempted() throws Exception {
    Step clone = cluster.step(Acts.CLONE, B).with(Acts.FROM, "a");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicReference<Future<Outcome>> newer = new AtomicReference<>();
      Outcome outcome =
          cluster.driver.act(
              clone,
              cluster.stamp,
              progress -> {
                if (newer.get() == null) {
                  newer.set(
                      threads.submit(
                          () -> cluster.driver.stamp(B, new Stamp(1, 2), Duration.ofSeconds(20))));
                }
                java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
              });
      assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
      assertThat(((Outcome.Unknown) outcome).reason()).contains("newer stamp");
      assertThat(newer.get().get()).isInstanceOf(Outcome.Done.class);
    }
    assertThat(cluster.act(clone)).isEqualTo(new Outcome.Refused(new Stamp(1, 2)));
  }

  @Test
  @DisplayName("nothing is made or copied over files that are not ours, or over another cluster")
  void foreignData() throws Exception {
    Path data = cluster.server(B).data();
    Files.createDirectories(data);
    Files.writeString(data.resolve("thesis.txt"), "ten years of work");
    assertThat(cluster.failed(cluster.step(Acts.CLONE, B).with(Acts.FROM, "a")))
        .contains("no PostgreSQL data directory");
    assertThat(cluster.failed(cluster.step(Acts.INIT, B))).contains("not empty");
    assertThat(data.resolve("thesis.txt")).exists();

    cluster.done(cluster.step(Acts.INIT, C));
    assertThat(cluster.failed(cluster.step(Acts.CLONE, C).with(Acts.FROM, "a")))
        .contains("another cluster");
    assertThat(cluster.failed(cluster.step(Acts.CLONE, A).with(Acts.FROM, "a")))
        .contains("from itself");
    assertThat(cluster.failed(cluster.step(Acts.REWIND, C).with(Acts.FROM, "a")))
        .contains("no pg_rewind");
    assertThat(cluster.look(C).host().facts().need(Acts.CAN_REWIND)).isEqualTo("false");
  }

  @Test
  @DisplayName(
      "postgres/S19: by rsync on one machine; interrupted it is never started, the next sends little")
  void rsync() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/rsync")) || System.getenv("CI") != null,
        "skipped: rsync is not installed; apt-get install rsync");
    PostgresSpec spec =
        cluster.spec.with(cluster.spec.practice().caring(Care.PLAIN.by(CopyWay.RSYNC)));
    Step clone = cluster.step(Acts.CLONE, B).with(Acts.FROM, "a");
    Step start = cluster.step(Acts.START, B).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true);
    try (PostgresDriver driver = new PostgresDriver(spec, cluster.processes)) {
      Outcome interrupted =
          driver.act(clone, cluster.stamp, progress -> Thread.currentThread().interrupt());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(interrupted).isInstanceOf(Outcome.Unknown.class);
      assertThat(cluster.look(B).host().facts().need(Acts.DATA)).isEqualTo("incomplete");
      assertThat(cluster.inspect(clone)).isInstanceOf(Inspection.NotApplied.class);
      assertThat(cluster.facts(A).slots()).doesNotContain("b");
      assertThat(cluster.failed(start)).contains("incomplete");
      assertThat(cluster.processes.table().working(Path.of("/"), "rsync")).isEmpty();

      Outcome outcome = driver.act(clone, cluster.stamp, progress -> {});
      assertThat(outcome).isInstanceOf(Outcome.Done.class);
      Details first = ((Outcome.Done) outcome).evidence();
      assertThat(first.need("way")).startsWith("rsync");
      cluster.done(start);
      try (PgSession session = cluster.session(A)) {
        session.run("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS i", LIMIT);
      }
      cluster.done(cluster.step(Acts.FENCE, B));
      Details second = paced(spec, clone);
      assertThat(Long.parseLong(second.need("moved")))
          .isLessThan(Long.parseLong(second.need(Acts.BYTES)) / 10);
      cluster.done(start);
      try (PgSession session = cluster.session(B)) {
        assertThat(session.<Long>one("SELECT count(*) FROM kept", LIMIT, row -> row.getLong(1)))
            .isEqualTo(1000);
      }
      assertThat(cluster.inspect(clone)).isInstanceOf(Inspection.Applied.class);
    }
  }

  private Details paced(PostgresSpec spec, Step clone) throws Exception {
    long rate = 16L << 20;
    PostgresSpec slow = spec.with(spec.practice().caring(spec.practice().care().at(rate)));
    try (PostgresDriver driver = new PostgresDriver(slow, cluster.processes)) {
      long began = System.nanoTime();
      Outcome outcome = driver.act(clone, cluster.stamp, progress -> {});
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(outcome).isInstanceOf(Outcome.Done.class);
      Details evidence = ((Outcome.Done) outcome).evidence();
      long sent =
          Long.parseLong(evidence.need("moved")) + Long.parseLong(evidence.need("moved-log"));
      assertThat(sent).isGreaterThan(rate);
      assertThat(took).isGreaterThan(Duration.ofMillis(sent * 1000 / rate));
      return evidence;
    }
  }

  @Test
  @DisplayName("a copy whose source died before the first start still becomes consistent by itself")
  void selfContained() throws Exception {
    cluster.done(cluster.step(Acts.CLONE, B).with(Acts.FROM, "a"));
    cluster.done(cluster.step(Acts.FENCE, A));
    cluster.done(cluster.step(Acts.START, B));
    assertThat(cluster.facts(B).recovering()).isTrue();
    assertThat(cluster.facts(B).timeline()).isEqualTo(2);
  }

  @Test
  @DisplayName(
      "postgres/S18: a rewind that was killed in the middle leaves data that must be cloned")
  void interruptedRewind() throws Exception {
    Path bin = fakeRewind();
    try (TestCluster other = new TestCluster(bin).first()) {
      other.replica(B);
      other.done(other.step(Acts.FENCE, B));
      assertThat(other.failed(other.step(Acts.REWIND, B).with(Acts.FROM, "a")))
          .contains("b is on timeline 2 as a is, where nothing can be rewound; clone it instead");
      other.done(other.step(Acts.START, B).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true));
      other.done(other.step(Acts.FENCE, A));
      other.done(other.step(Acts.PROMOTE, B).with(Acts.QUORUM, "").with(Acts.K, 0));

      assertThat(other.look(A).host().facts().need(Acts.CAN_REWIND)).isEqualTo("true");
      Step rewind = other.step(Acts.REWIND, A).with(Acts.FROM, "b").within(Duration.ofSeconds(2));
      assertThat(other.act(rewind)).isInstanceOf(Outcome.Unknown.class);
      assertThat(other.look(A).host().facts().need(Acts.DATA)).isEqualTo("incomplete");
      assertThat(other.inspect(rewind)).isInstanceOf(Inspection.NotApplied.class);
      assertThat(other.failed(other.step(Acts.START, A))).contains("clone it first");
      assertThat(other.failed(other.step(Acts.REWIND, A).with(Acts.FROM, "b")))
          .contains("clone it instead");
      assertThat(Files.exists(other.server(A).data().resolve("standby.signal"))).isTrue();
      other.done(other.step(Acts.CLONE, A).with(Acts.FROM, "b"));
      other.done(other.step(Acts.START, A).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true));
    }
  }

  @Test
  @DisplayName("an inspection waits for the program of a daemon that died")
  void orphan() throws Exception {
    cluster.replica(B);
    ProcessId sleeper =
        cluster.processes.launch(
            Program.of("", List.of("/bin/sleep", "1")), cluster.base.resolve("sleep.log"));
    Files.writeString(cluster.gate(B).resolve("running"), sleeper.toString());
    Step start = cluster.step(Acts.START, B).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true);
    Inspection first = cluster.inspect(start);
    assertThat(cluster.processes.table().alive(sleeper)).as("after %s", first).isFalse();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(cluster.inspect(start)).isInstanceOf(Inspection.Applied.class));
  }

  /** The programs from Maven Central, and a pg_rewind that damages the target and then hangs. */
  private Path fakeRewind() throws Exception {
    Path home = Files.createDirectory(cluster.base.resolve("programs"));
    Path real = TestCluster.bundled();
    Path bin = Files.createDirectory(home.resolve("bin"));
    try (Stream<Path> programs = Files.list(real)) {
      for (Path program : programs.toList()) {
        Files.createSymbolicLink(bin.resolve(program.getFileName()), program);
      }
    }
    Path rewind = bin.resolve("pg_rewind");
    Files.writeString(
        rewind, "#!/bin/sh\nrm -f \"${2#--target-pgdata=}\"/base/1/1259\nsleep 600\n");
    assertThat(rewind.toFile().setExecutable(true, false)).isTrue();
    return bin;
  }
}
