package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static io.cotidal.postgres.steps.TestCluster.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.remote.Signal;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The whole life of one cluster, in the order in which it happens. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ActsOnServersIT {
  private static TestCluster cluster;

  @BeforeAll
  static void begin() throws Exception {
    cluster = new TestCluster(TestCluster.bundled());
  }

  @AfterAll
  static void end() throws Exception {
    cluster.close();
  }

  @Test
  @Order(1)
  @DisplayName("a primary is made from nothing: initdb, start demoted, promote")
  void first() {
    Observation<PgFacts> nothing = cluster.look(A);
    assertThat(nothing).isInstanceOf(Observation.Refused.class);
    assertThat(nothing.host().process()).isEqualTo(Host.Process.GONE);
    assertThat(nothing.host().facts().need(Acts.DATA)).isEqualTo("absent");

    Step init = cluster.step(Acts.INIT, A);
    assertThat(cluster.inspect(init)).isInstanceOf(Inspection.NotApplied.class);
    String systemId = cluster.done(init).need(Acts.SYSTEM_ID);
    assertThat(cluster.inspect(init)).isInstanceOf(Inspection.Applied.class);
    Host host = cluster.look(A).host();
    assertThat(host.facts().need(Acts.SYSTEM_ID)).isEqualTo(systemId);
    assertThat(host.facts().need(Acts.CONTROL_STATE)).isEqualTo("shut down");
    assertThat(host.facts().need(Acts.SIGNAL)).isEqualTo("standby");

    Step start = cluster.step(Acts.START, A);
    assertThat(cluster.inspect(start)).isInstanceOf(Inspection.NotApplied.class);
    Details started = cluster.done(start);
    assertThat(started.need(Acts.TIMELINE)).isEqualTo("1");
    assertThat(cluster.inspect(start)).isInstanceOf(Inspection.Applied.class);
    PgFacts standby = cluster.facts(A);
    assertThat(standby.recovering()).isTrue();
    assertThat(standby.syncNames()).isEqualTo("ANY 1 (\"b\",\"c\")");
    assertThat(standby.writable()).isFalse();

    Step promote = cluster.step(Acts.PROMOTE, A).with(Acts.QUORUM, "").with(Acts.K, 0);
    assertThat(cluster.inspect(promote)).isInstanceOf(Inspection.NotApplied.class);
    assertThat(cluster.done(promote).need(Acts.TIMELINE)).isEqualTo("2");
    assertThat(cluster.inspect(promote)).isInstanceOf(Inspection.Applied.class);
    PgFacts primary = cluster.facts(A);
    assertThat(primary.writable()).isTrue();
    assertThat(primary.syncNames()).isEmpty();
    assertThat(primary.timeline()).isEqualTo(2);
    assertThat(Files.exists(cluster.server(A).data().resolve("standby.signal"))).isFalse();
  }

  @Test
  @Order(2)
  @DisplayName("replicas are cloned while the primary runs, and stream")
  void replicas() throws Exception {
    try (PgSession session = cluster.session(A)) {
      session.run(
          "CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 50000) AS g",
          TestCluster.QUERY);
    }
    for (var member : java.util.List.of(B, C)) {
      Step clone = cluster.step(Acts.CLONE, member).with(Acts.FROM, "a");
      assertThat(cluster.inspect(clone)).isInstanceOf(Inspection.NotApplied.class);
      assertThat(Long.parseLong(cluster.done(clone).need(Acts.BYTES))).isGreaterThan(1_000_000);
      assertThat(cluster.inspect(clone)).isInstanceOf(Inspection.Applied.class);
      Step start =
          cluster.step(Acts.START, member).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true);
      cluster.done(start);
      assertThat(cluster.inspect(start)).isInstanceOf(Inspection.Applied.class);
      PgFacts facts = cluster.facts(member);
      assertThat(facts.upstream()).isEqualTo(A);
      assertThat(facts.receiver()).isNotNull();
      assertThat(facts.receiver().sender()).isEqualTo(A);
      assertThat(facts.receiver().silentMillis()).isLessThan(5000);
      assertThat(facts.timeline()).isEqualTo(2);
      try (PgSession session = cluster.session(member)) {
        assertThat(
                session.<Long>one(
                    "SELECT count(*) FROM t", TestCluster.QUERY, row -> row.getLong(1)))
            .isEqualTo(50000);
      }
    }
    assertThat(cluster.facts(A).slots()).containsExactly("b", "c");
    assertThat(cluster.facts(A).senders()).extracting(PgFacts.Sender::name).contains("b", "c");
  }

  @Test
  @Order(3)
  @DisplayName("the quorum list is widened, and a commit waits for it")
  void quorum() throws Exception {
    Step step = cluster.step(Acts.SET_QUORUM, A).with(Acts.QUORUM, "b,c").with(Acts.K, 1);
    assertThat(cluster.inspect(step)).isInstanceOf(Inspection.NotApplied.class);
    String position = cluster.done(step).need(Acts.POSITION);
    assertThat(cluster.inspect(step)).isInstanceOf(Inspection.Applied.class);
    Step flush =
        cluster.step(Acts.AWAIT_FLUSH, A).with(Acts.QUORUM, "b,c").with(Acts.POSITION, position);
    cluster.done(flush);
    assertThat(cluster.inspect(flush)).isInstanceOf(Inspection.Applied.class);
    cluster.driver.heartbeat(A, cluster.stamp, TestCluster.QUERY);
    try (PgSession session = cluster.session(A)) {
      assertThat(
              session.<Long>one(
                  "SELECT epoch FROM cotidal.heartbeat", TestCluster.QUERY, row -> row.getLong(1)))
          .isEqualTo(1);
    }
    cluster.done(cluster.step(Acts.CHECKPOINT, A));
  }

  @Test
  @Order(4)
  @DisplayName("postgres/S2: cut off, fence, promote, follow")
  void failover() throws Exception {
    Signal.KILL.send(cluster.postmaster(A));
    await().until(() -> cluster.look(A) instanceof Observation.Refused);
    Step cut = cluster.step(Acts.CUT_OFF, B);
    assertThat(cluster.inspect(cut)).isInstanceOf(Inspection.NotApplied.class);
    Details b = cluster.done(cut);
    assertThat(cluster.inspect(cut)).isInstanceOf(Inspection.Applied.class);
    cluster.done(cluster.step(Acts.CUT_OFF, C));
    assertThat(b.need(Acts.TIMELINE)).isEqualTo("2");
    assertThat(cluster.facts(B).upstream()).isNull();
    assertThat(cluster.facts(B).timeline()).isEqualTo(2);

    assertThat(cluster.done(cluster.step(Acts.FENCE, A)).need(Acts.PROOF))
        .isEqualTo("process gone");
    assertThat(cluster.all(A)).isEmpty();
    assertThat(cluster.inspect(cluster.step(Acts.FENCE, A))).isInstanceOf(Inspection.Applied.class);

    Step promote = cluster.step(Acts.PROMOTE, B).with(Acts.QUORUM, "a,c").with(Acts.K, 1);
    assertThat(cluster.done(promote).need(Acts.TIMELINE)).isEqualTo("3");
    Step follow = cluster.step(Acts.FOLLOW, C).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true);
    assertThat(cluster.inspect(follow)).isInstanceOf(Inspection.NotApplied.class);
    cluster.done(follow);
    assertThat(cluster.inspect(follow)).isInstanceOf(Inspection.Applied.class);
    try (PgSession session = cluster.session(B)) {
      session.run("INSERT INTO t VALUES (-1)", TestCluster.QUERY);
    }
    assertThat(cluster.facts(C).timeline()).isEqualTo(3);
    assertThat(cluster.facts(B).slots()).containsExactly("a", "c");
  }

  @Test
  @Order(5)
  @DisplayName("the old primary comes back as a clone; a stop in order tells where it ended")
  void rejoin() {
    cluster.done(cluster.step(Acts.CLONE, A).with(Acts.FROM, "b"));
    cluster.done(cluster.step(Acts.START, A).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true));
    Step stop = cluster.step(Acts.STOP, B);
    assertThat(cluster.inspect(stop)).isInstanceOf(Inspection.NotApplied.class);
    Details stopped = cluster.done(stop);
    assertThat(cluster.inspect(stop)).isInstanceOf(Inspection.Applied.class);
    assertThat(cluster.look(B).host().facts().need(Acts.CONTROL_STATE)).isEqualTo("shut down");
    cluster.done(cluster.step(Acts.CUT_OFF, A));
    long received = Long.parseLong(cluster.done(cluster.step(Acts.CUT_OFF, C)).need(Acts.POSITION));
    assertThat(received).isGreaterThan(Long.parseLong(stopped.need(Acts.POSITION)));
    assertThat(
            cluster
                .done(cluster.step(Acts.PROMOTE, C).with(Acts.QUORUM, "a,b").with(Acts.K, 1))
                .need(Acts.TIMELINE))
        .isEqualTo("4");
    cluster.done(cluster.step(Acts.FOLLOW, A).with(Acts.UPSTREAM, "c").with(Acts.STREAM, true));
    cluster.done(cluster.step(Acts.START, B).with(Acts.UPSTREAM, "c").with(Acts.STREAM, true));
    assertThat(cluster.facts(B).slots()).isEmpty();
  }

  @Test
  @Order(6)
  @DisplayName("an older stamp is refused, and a newer one is remembered")
  void stamps() {
    Outcome first = cluster.driver.stamp(A, new Stamp(7, 0), TestCluster.QUERY);
    assertThat(((Outcome.Done) first).evidence().need("before")).startsWith("1.1.");
    assertThat(cluster.act(cluster.step(Acts.FENCE, A)))
        .isEqualTo(new Outcome.Refused(new Stamp(7, 0)));
    assertThat(cluster.look(A)).isInstanceOf(Observation.Seen.class);
    assertThat(cluster.look(A).host().stamp()).isEqualTo(new Stamp(7, 0));
  }
}
