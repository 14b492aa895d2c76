package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.engine.snapshot.SnapshotSource.Result;
import io.cotidal.model.Outcome;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.remote.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
@DisplayName("replay that is held for a snapshot, on PostgreSQL 18")
final class PauseIT {
  private static String state(TestCluster cluster) throws PgException {
    try (PgSession session = cluster.session(B)) {
      return session.one(
          "SELECT pg_get_wal_replay_pause_state()", Duration.ofSeconds(5), row -> row.getString(1));
    }
  }

  @Test
  @DisplayName("a cut-off that comes meanwhile goes first: the snapshot ends, replay goes on")
  void madeWay() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.bundled())) {
      cluster.up();
      Path target = Files.createDirectories(cluster.base.resolve("taken"));
      SnapshotSource source =
          cluster.driver.snapshots(() -> Optional.of(new Seen().view()), InstantSource.system());
      AtomicReference<CompletableFuture<Outcome>> cutOff = new AtomicReference<>();
      Result result =
          source.take(
              new SnapshotSource.Order(Optional.of(B), target, -1, Duration.ofSeconds(60)),
              progress -> {
                if (cutOff.get() == null) {
                  cutOff.set(cutOff(cluster));
                  Path wanted = gate(cluster).resolve("wanted");
                  await()
                      .atMost(Duration.ofSeconds(10))
                      .until(() -> read(wanted).startsWith("1.99."));
                }
              });
      assertThat(result)
          .isInstanceOfSatisfying(
              Result.Failed.class, failed -> assertThat(failed.reason()).contains("made way"));
      assertThat(cutOff.get().get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
      assertThat(state(cluster)).isEqualTo("not paused");
      assertThat(gate(cluster).resolve("paused")).doesNotExist();
    }
  }

  @Test
  @DisplayName("a pause whose maker is gone: any act lets replay go on")
  void forsaken() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.bundled())) {
      cluster.up();
      pausedByOneWhoIsGone(cluster);
      assertThat(cluster.driver.stamp(B, cluster.stamp, Duration.ofSeconds(20)))
          .isInstanceOf(Outcome.Done.class);
      assertThat(state(cluster)).isEqualTo("not paused");
      assertThat(gate(cluster).resolve("paused")).doesNotExist();
    }
  }

  @Test
  @Tag("slow")
  @DisplayName("a pause whose maker is gone and on which nobody acts: the server ends it")
  void forgotten() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.bundled())) {
      cluster.up();
      pausedByOneWhoIsGone(cluster);
      await()
          .atMost(Pause.LONGEST.plusSeconds(20))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> state(cluster).equals("not paused"));
    }
  }

  private static void pausedByOneWhoIsGone(TestCluster cluster) throws Exception {
    try (Cluster other = new Cluster(cluster.spec, cluster.processes)) {
      Pause.begin(other.node(B), Deadline.in(Duration.ofSeconds(20)));
    }
    assertThat(state(cluster)).isEqualTo("paused");
  }

  private static Path gate(TestCluster cluster) {
    Path data = cluster.spec.server(B).orElseThrow().data();
    return data.resolveSibling(data.getFileName() + ".gate");
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static CompletableFuture<Outcome> cutOff(TestCluster cluster) {
    CompletableFuture<Outcome> done = new CompletableFuture<>();
    Step step = Step.act(Acts.CUT_OFF, B, "cut b off").within(Duration.ofSeconds(30));
    Thread.ofVirtual()
        .start(() ->
            done.complete(
                cluster.driver.act(
                    step, new io.cotidal.model.Stamp(cluster.stamp.epoch(), 99), _ -> {})));
    return done;
  }
}
