package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.model.Host;
import io.cotidal.model.Observation;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server on a small file system of its own that becomes full. */
@Timeout(120)
class DiskIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SECONDS = Duration.ofSeconds(10);
  private static final long SIZE = 400L << 20;
  private static final int MIB = 1 << 20;

  @TempDir Path state;
  private ServerRegistry registry;
  private LoopVolume volume;

  @BeforeEach
  void begin() throws Exception {
    String impossible = LoopVolume.impossible();
    assumeTrue(impossible.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + impossible);
    registry = ServerRegistry.open(state);
    volume = LoopVolume.make(registry, LoopVolume.Type.EXT4, SIZE);
  }

  @AfterEach
  void end() throws Exception {
    if (registry != null) {
      registry.close();
    }
  }

  private static Host host(TestCluster cluster) {
    return cluster.look(A).host();
  }

  private static void awaitDisk(TestCluster cluster, String word) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(host(cluster).facts().get(Acts.DISK, "")).isEqualTo(word));
  }

  /** Takes room away until about so much is left. */
  private Path fill(String name, long left) throws IOException {
    Path file = volume.folder().resolve(name);
    try (RandomAccessFile filler = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] block = new byte[MIB];
      while (volume.folder().toFile().getUsableSpace() > left + MIB) {
        filler.write(block);
      }
      filler.getFD().sync();
    }
    return file;
  }

  @Test
  @DisplayName(
      "postgres/S14: a disk that fills is seen while the server lives, and after it has died of it")
  void full() throws Exception {
    try (TestCluster cluster = TestCluster.in(volume.folder(), TestCluster.bundled()).first()) {
      awaitDisk(cluster, "ample");
      assertThat(Long.parseLong(host(cluster).facts().need(Acts.DISK_TOTAL)))
          .isBetween(SIZE / 2, SIZE);
      Path filler = fill("filler", 20L << 20);
      awaitDisk(cluster, "none");
      // It lives and answers, and nothing but its disk says what is coming.
      assertThat(cluster.look(A)).isInstanceOf(Observation.Seen.class);
      assertThat(Long.parseLong(host(cluster).facts().need(Acts.DISK_FREE))).isLessThan(32L << 20);
      Step clone = cluster.step(Acts.CLONE, B).with(Acts.FROM, "a");
      assertThat(cluster.failed(clone)).contains("no room for a copy", "make room there");
      assertThat(cluster.facts(A).slots()).doesNotContain("b");

      fill("rest", 0);
      assertThatThrownBy(() -> writeUntilItFails(cluster)).isInstanceOf(PgException.class);
      await().atMost(PATIENCE).until(() -> host(cluster).process() == Host.Process.GONE);
      Observation<PgFacts> dead = cluster.look(A);
      assertThat(dead).isInstanceOf(Observation.Refused.class);
      assertThat(dead.host().facts().need(Acts.DISK)).isEqualTo("none");
      assertThat(dead.host().facts().has(Acts.DISK_FREE)).isFalse();
      assertThat(cluster.log(A)).contains("No space left on device");

      Files.delete(filler);
      awaitDisk(cluster, "ample");
      cluster.done(cluster.step(Acts.START, A));
    }
  }

  /** Segments of the log, until there is no room for the next one: then the server ends itself. */
  private static void writeUntilItFails(TestCluster cluster) throws Exception {
    try (PgSession session = cluster.session(A)) {
      for (int i = 0; i < 100; i++) {
        session.run("SELECT pg_logical_emit_message(true, 'fill', repeat('x', 1000000))", SECONDS);
      }
    }
  }
}
