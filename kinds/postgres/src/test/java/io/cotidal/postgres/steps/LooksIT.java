package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.Host;
import io.cotidal.model.Observation;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a look says of servers that are well, frozen, dead, full or closed to us. */
@Timeout(90)
class LooksIT {
  private static final Duration SECOND = Duration.ofSeconds(1);
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
      "postgres/S3: a frozen server is silent within the deadline, look after look, and can be fenced")
  void frozen() throws Exception {
    assertThat(cluster.look(A)).isInstanceOf(Observation.Seen.class);
    cluster.signal(A, Signal.STOP);
    for (int i = 0; i < 3; i++) {
      long began = System.nanoTime();
      Observation<PgFacts> seen = cluster.driver.observe(A, Duration.ofMillis(300));
      assertThat(seen).isInstanceOf(Observation.Silent.class);
      assertThat(seen.host().process()).isEqualTo(Host.Process.RUNNING);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SECOND);
    }
    cluster.done(cluster.step(Acts.FENCE, A));
    Observation<PgFacts> seen = cluster.look(A);
    assertThat(seen).isInstanceOf(Observation.Refused.class);
    assertThat(seen.host().process()).isEqualTo(Host.Process.GONE);
    assertThat(seen.host().facts().need(Acts.CONTROL_STATE)).isEqualTo("in production");
    assertThat(seen.host().facts().need(Acts.TIMELINE)).isIn("1", "2");
  }

  @Test
  @DisplayName(
      "postgres/S1: a killed server refuses at once in the kept session; children that outlive it still run")
  void killed() throws Exception {
    ProcessId postmaster = cluster.postmaster(A);
    List<ProcessId> children = new ArrayList<>(cluster.all(A));
    children.remove(postmaster);
    ProcessId child = children.getFirst();
    Signal.STOP.send(child);
    Signal.KILL.send(postmaster);
    await().until(() -> cluster.driver.observe(A, SECOND) instanceof Observation.Refused);
    assertThat(cluster.look(A).host().process()).isEqualTo(Host.Process.RUNNING);
    Signal.KILL.send(child);
    await().until(() -> cluster.look(A).host().process() == Host.Process.GONE);
  }

  @Test
  @DisplayName("postgres/S15: a wrong password and a full server are no verdict on the server")
  void cannotTell() throws Exception {
    PostgresSpec spec = cluster.spec;
    Access wrong =
        new Access(
            "postgres", new Secret("canary-wrong"), "replicator", new Secret("canary-wrong"));
    PostgresSpec other =
        new PostgresSpec(
            spec.id(), spec.mode(), spec.servers(), 1, spec.failover(), wrong, spec.settings());
    try (PostgresDriver driver = new PostgresDriver(other, cluster.processes)) {
      Observation<PgFacts> seen = driver.observe(A, SECOND);
      assertThat(seen).isInstanceOf(Observation.CannotTell.class);
      assertThat(seen.sentence()).contains("password").doesNotContain("canary");
      assertThat(seen.host().process()).isEqualTo(Host.Process.RUNNING);
    }
    List<PgSession> sessions = new ArrayList<>();
    try (PostgresDriver driver = new PostgresDriver(spec, cluster.processes)) {
      boolean full = false;
      while (!full) {
        try {
          sessions.add(cluster.session(A));
        } catch (PgException e) {
          full = true;
        }
      }
      Observation<PgFacts> seen = driver.observe(A, SECOND);
      assertThat(seen).isInstanceOf(Observation.CannotTell.class);
      assertThat(seen.sentence()).contains("too many clients");
    } finally {
      sessions.forEach(PgSession::close);
    }
  }

  @Test
  @DisplayName("a look changes nothing: no row, no log, and it costs little")
  void readsOnly() throws Exception {
    cluster.look(A);
    try (PgSession session = cluster.session(A)) {
      await()
          .untilAsserted(() -> {
            String before = traces(session);
            long began = System.nanoTime();
            for (int i = 0; i < 50; i++) {
              cluster.look(A);
            }
            long micros = (System.nanoTime() - began) / 50_000;
            assertThat(traces(session)).isEqualTo(before);
            assertThat(micros).isLessThan(20_000);
          });
    }
  }

  @Test
  @DisplayName("a crashed primary starts demoted, on its own timeline")
  void startsDemoted() throws Exception {
    for (ProcessId process : cluster.all(A)) {
      Signal.KILL.send(process);
    }
    await().until(() -> cluster.all(A).isEmpty());
    cluster.done(cluster.step(Acts.START, A));
    PgFacts facts = cluster.facts(A);
    assertThat(facts.recovering()).isTrue();
    assertThat(facts.timeline()).isEqualTo(2);
  }

  @Test
  @DisplayName("the control file says what the server says of it, on a primary and on a standby")
  void controlFile() throws Exception {
    cluster.replica(TestCluster.B);
    ControlFiles.agree(cluster, A);
    ControlFiles.agree(cluster, TestCluster.B);
  }

  private static String traces(PgSession session) throws PgException {
    return session.one(
        """
        SELECT pg_current_wal_insert_lsn() || ' '
          || (SELECT sum(tup_inserted + tup_updated + tup_deleted) FROM pg_stat_database)
        """,
        SECOND,
        row -> row.getString(1));
  }
}
