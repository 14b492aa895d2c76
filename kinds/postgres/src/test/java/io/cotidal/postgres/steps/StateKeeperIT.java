package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.Secret;
import io.cotidal.model.Severity;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.compat.HandyrepDesk;
import io.cotidal.postgres.compat.StateRow;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.StateTable;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The state in a table of the managed database, and what keeps it from there. */
@Timeout(90)
final class StateKeeperIT {
  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final StateTable TABLE = new StateTable("ops", "handyrep");

  private TestCluster cluster;

  @BeforeEach
  void begin() throws Exception {
    cluster = new TestCluster(TestCluster.bundled()).first();
  }

  @AfterEach
  void end() throws Exception {
    cluster.close();
  }

  private StateRow row(long epoch) {
    MemberView a =
        new MemberView(
            A, "primary", Answers.YES, "well", Severity.INFO, true, Details.of("process", "runs"));
    return StateRow.of(
        new HandyrepDesk.Cluster(
            cluster.spec,
            new ResourceView(
                cluster.spec.id(),
                1_700_000_000_000_000L,
                Mode.MANAGE,
                true,
                epoch,
                new PgDiagnosis.Healthy(A, Details.NONE),
                true,
                List.of(),
                "",
                Details.of("primary", A),
                List.of(a),
                List.of(),
                List.of(),
                Map.of(),
                List.of())));
  }

  private StateKeeper.Written write(long epoch) throws PgException {
    return write(cluster.spec, epoch);
  }

  private StateKeeper.Written write(PostgresSpec spec, long epoch) throws PgException {
    return new StateKeeper(spec, TABLE)
        .write(cluster.server(A), row(epoch), epoch, Deadline.in(SHORT));
  }

  private void run(String... statements) throws PgException {
    try (PgSession session = cluster.session(A)) {
      for (String statement : statements) {
        session.run(statement, SHORT);
      }
    }
  }

  private String rows() throws PgException {
    try (PgSession session = cluster.session(A)) {
      return session.one(
          "SELECT coalesce(string_agg(status ->> 'epoch', ' ' ORDER BY updated), '') FROM"
              + " ops.handyrep",
          SHORT,
          each -> each.getString(1));
    }
  }

  @Test
  @DisplayName("made and written; what refuses it is said, and leaves the row as it was")
  void refusals() throws Exception {
    assertThat(write(3)).isEqualTo(StateKeeper.Written.DONE);
    assertThat(write(3)).isEqualTo(StateKeeper.Written.DONE);
    assertThat(rows()).isEqualTo("3");

    run("ALTER DATABASE postgres SET default_transaction_read_only TO on");
    assertThatThrownBy(() -> write(4)).hasMessageContaining("read-only transaction");
    run(
        "SET default_transaction_read_only TO off",
        "ALTER DATABASE postgres RESET default_transaction_read_only");
    assertThat(rows()).isEqualTo("3");

    run("CREATE ROLE clerk LOGIN PASSWORD 'canary-clerk'");
    PostgresSpec byClerk = by("clerk", "canary-clerk");
    assertThatThrownBy(() -> write(byClerk, 4))
        .hasMessageContaining("permission denied")
        .hasMessageNotContaining("canary");
    run(
        "GRANT USAGE ON SCHEMA ops TO clerk",
        "GRANT SELECT, INSERT, UPDATE ON ops.handyrep TO clerk");
    assertThat(write(byClerk, 4)).as("who may write need not be allowed to make").isNotNull();
    assertThat(rows()).isEqualTo("4");
    assertThatThrownBy(() -> write(by("clerk", "wrong"), 5))
        .hasMessageNotContaining("wrong")
        .hasMessageNotContaining("canary");

    run("DROP TABLE ops.handyrep", "CREATE TABLE ops.handyrep (note text)");
    assertThatThrownBy(() -> write(5)).hasMessageContaining("does not exist");
    run("DROP SCHEMA ops CASCADE");
    assertThat(write(5)).isEqualTo(StateKeeper.Written.DONE);
    assertThat(rows()).isEqualTo("5");

    cluster.signal(A, Signal.STOP);
    long began = System.nanoTime();
    assertThatThrownBy(() ->
            new StateKeeper(cluster.spec, TABLE)
                .write(cluster.server(A), row(6), 6, Deadline.in(Duration.ofMillis(400))))
        .isInstanceOf(PgException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    cluster.signal(A, Signal.CONTINUE);
  }

  private PostgresSpec by(String name, String password) {
    PostgresSpec spec = cluster.spec;
    Access access =
        new Access(
            name,
            new Secret(password),
            spec.access().replicationUser(),
            spec.access().replicationPassword());
    return new PostgresSpec(
        spec.id(),
        spec.mode(),
        spec.servers(),
        spec.quorum(),
        spec.failover(),
        access,
        spec.settings(),
        spec.practice());
  }

  @Test
  @DisplayName("a newer leader's row stays, also one that is written this very moment")
  void newer() throws Exception {
    assertThat(write(7)).isEqualTo(StateKeeper.Written.DONE);
    assertThat(write(6)).isEqualTo(StateKeeper.Written.OVERTAKEN);
    assertThat(rows()).isEqualTo("7");
    run("INSERT INTO ops.handyrep (updated, status) VALUES ('2000-01-01', '{\"epoch\": 2}')");
    assertThat(write(6))
        .as("an older row beside it changes nothing")
        .isEqualTo(StateKeeper.Written.OVERTAKEN);
    assertThat(rows()).isEqualTo("2 7");

    run("TRUNCATE ops.handyrep");
    try (PgSession newer = cluster.session(A)) {
      newer.run("BEGIN", SHORT);
      newer.run(
          "SELECT pg_advisory_xact_lock(hashtextextended('cotidal state ' || ?, 0))",
          SHORT,
          "\"ops\".\"handyrep\"");
      newer.run("INSERT INTO ops.handyrep (status) VALUES ('{\"epoch\": 9}')", SHORT);
      CompletableFuture<StateKeeper.Written> older = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              older.complete(write(8));
            } catch (PgException e) {
              older.completeExceptionally(e);
            }
          });
      await()
          .atMost(SHORT)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> older.isDone() || waits(newer));
      newer.run("COMMIT", SHORT);
      assertThat(older.get(5, TimeUnit.SECONDS)).isEqualTo(StateKeeper.Written.OVERTAKEN);
    }
    assertThat(rows()).isEqualTo("9");
  }

  private static boolean waits(PgSession session) throws PgException {
    return session.one(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)",
        SHORT,
        each -> each.getBoolean(1));
  }

  @Test
  @DisplayName("no secret is in it")
  void secrets() throws Exception {
    write(1);
    try (PgSession session = cluster.session(A)) {
      String text =
          session.one("SELECT h::text FROM ops.handyrep h", SHORT, each -> each.getString(1));
      assertThat(text)
          .contains("replicator")
          .doesNotContain(TestCluster.PASSWORD)
          .doesNotContain("canary")
          .doesNotContain("assword");
    }
  }
}
