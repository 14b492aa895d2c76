package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The probers beside a real server. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProberIT {
  private ServerRegistry registry;
  private TestServer server;
  private long nextId = 1;

  @BeforeAll
  void start(@TempDir Path state) throws Exception {
    registry = ServerRegistry.open(state, Path.of(System.getProperty("java.io.tmpdir")));
    server = new TestServer(registry, PostgresBinaries.bundled(CacheFolder.ofUser()));
    server.start();
  }

  @AfterAll
  void stop() throws Exception {
    registry.close();
    assertThat(server.data()).doesNotExist();
  }

  private Prober prober() throws Exception {
    nextId += 1_000_000;
    return Prober.start(List.of(server.target()), server.login(), nextId);
  }

  private static void awaitMore(Prober prober) {
    long now = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> prober.acknowledgements().first("a", now).isPresent());
  }

  @Test
  void whatIsAcknowledgedIsThere() throws Exception {
    try (Prober prober = prober()) {
      await().until(() -> prober.acknowledgements().inOrder().size() > 30);
      var seen = prober.acknowledgements();
      assertThat(seen.lost(prober.present("a", 0))).isZero();
      assertThat(seen.gap(seen.inOrder().getFirst().nanos(), seen.inOrder().getLast().nanos()))
          .isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void aFrozenServerAcknowledgesNothingAndIsUsedAgainOnceThawed() throws Exception {
    try (Prober prober = prober()) {
      awaitMore(prober);
      server.processes().freeze();
      // An answer sent before the freeze may still be on its way.
      long frozen = System.nanoTime() + Duration.ofMillis(50).toNanos();
      await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
      assertThat(prober.acknowledgements().count("a", frozen)).isZero();
      server.processes().thaw();
      awaitMore(prober);
      assertThat(prober.acknowledgements().lost(prober.present("a", 0))).isZero();
    }
  }

  @Test
  void aKilledServerIsUsedAgainOnceItIsBack() throws Exception {
    try (Prober prober = prober()) {
      awaitMore(prober);
      server.processes().kill();
      assertThat(server.processes().running()).isFalse();
      server.start();
      awaitMore(prober);
      assertThat(prober.acknowledgements().lost(prober.present("a", 0))).isZero();
    }
  }

  @Test
  void aCancelledWaitForAReplicaIsNoAcknowledgement() throws Exception {
    try (Prober prober = prober()) {
      awaitMore(prober);
      server.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
      server.execute("SELECT pg_reload_conf()");
      String waiting =
          "FROM pg_stat_activity WHERE application_name = 'prober' AND wait_event = 'SyncRep'";
      await()
          .until(() -> {
            server.execute("DO $$ BEGIN ASSERT EXISTS (SELECT " + waiting + "); END $$");
            return true;
          });
      long waits = System.nanoTime();
      server.execute("SELECT pg_cancel_backend(pid) " + waiting);
      server.execute("SELECT pg_cancel_backend(pid) " + waiting);
      assertThat(prober.acknowledgements().count("a", waits)).isZero();
      server.execute("ALTER SYSTEM RESET synchronous_standby_names");
      server.execute("SELECT pg_reload_conf()");
      awaitMore(prober);
    }
  }

  @Test
  void theRoutedWriterFindsThePrimaryBehindAHostThatRefuses() throws Exception {
    nextId += 1_000_000;
    Target nobody = new Target("b", "127.0.0.1", registry.port());
    try (RoutedWriter writer =
        RoutedWriter.start(List.of(nobody, server.target()), server.login(), nextId)) {
      await().until(() -> writer.written() > 20);
      assertThat(writer.member()).isEqualTo("a");
    }
  }
}
