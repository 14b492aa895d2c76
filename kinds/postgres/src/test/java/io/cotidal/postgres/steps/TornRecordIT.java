package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.FaultProxy;
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
import io.cotidal.postgres.spec.Addresses;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A log that ends in the middle of a record, at the end of a segment: what a server leaves that
 * found no room for the next segment.
 */
@Timeout(120)
final class TornRecordIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final long ROOM = 1_200_000;
  private static final String SLOW = "127.0.0.2";

  /**
   * Commits a record that begins in one segment and ends in the next; returns where that begins.
   */
  private static long acrossSegments(PgSession session) throws PgException {
    long size = size(session);
    long left = size - position(session) % size;
    if (left > 2 * ROOM) {
      commit(session, left - ROOM);
    }
    long next = (position(session) / size + 1) * size;
    commit(session, 2 * ROOM);
    assertThat(position(session)).isGreaterThan(next);
    return next;
  }

  private static void commit(PgSession session, long bytes) throws PgException {
    session.run("SELECT pg_logical_emit_message(true, 'fill', repeat('x', " + bytes + "))", LONG);
  }

  private static long size(PgSession session) throws PgException {
    return session.<Long>one(
        "SELECT pg_size_bytes(current_setting('wal_segment_size'))", LONG, row -> row.getLong(1));
  }

  private static long position(PgSession session) throws PgException {
    return session.<Long>one(
        "SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint", LONG, row -> row.getLong(1));
  }

  /** Removes the log from that segment on. */
  private static void tear(TestCluster cluster, MemberId member, long segment) throws IOException {
    String first = String.format(Locale.ROOT, "%08X%08X", segment >>> 8, segment & 0xff);
    List<Path> files;
    try (Stream<Path> listed = Files.list(cluster.server(member).data().resolve("pg_wal"))) {
      files = listed.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}")).toList();
    }
    for (Path file : files) {
      if (file.getFileName().toString().substring(8).compareTo(first) >= 0) {
        Files.delete(file);
      }
    }
  }

  private static Step step(TestCluster cluster, String act) {
    return cluster.step(act, A).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true);
  }

  /** Before b: whoever connects there is answered slowly, and shows itself connected for long. */
  private static FaultProxy slow(TestCluster cluster) throws IOException {
    int port = cluster.server(B).port();
    FaultProxy proxy =
        new FaultProxy(
            new InetSocketAddress(InetAddress.ofLiteral(SLOW), port),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    proxy.delay(FaultProxy.Way.TO_CLIENT, Duration.ofMillis(300));
    return proxy;
  }

  private static PostgresSpec through(PostgresSpec spec) {
    Addresses addresses = new Addresses("127.0.0.1", SLOW, "127.0.0.1");
    List<Server> servers =
        spec.servers().stream()
            .map(each ->
                each.id().equals(B)
                    ? new Server(
                        B,
                        addresses,
                        each.port(),
                        each.data(),
                        each.bin(),
                        each.user(),
                        each.reach())
                    : each)
            .toList();
    return new PostgresSpec(
        spec.id(),
        spec.mode(),
        servers,
        spec.quorum(),
        spec.failover(),
        spec.access(),
        spec.settings(),
        spec.practice());
  }

  private static boolean claims(PostgresDriver driver) {
    return driver.observe(A, Duration.ofSeconds(2)) instanceof Observation.Seen<PgFacts> seen
        && seen.facts().receiver() != null
        && seen.facts().receiver().streaming();
  }

  /**
   * It shows itself streaming as soon as it has connected, and is sent nothing: an older server is
   * refused, one of PostgreSQL 18 waits until there is as much.
   */
  private static void notTakenToFollow(TestCluster cluster) throws IOException {
    try (FaultProxy slow = slow(cluster);
        PostgresDriver driver = new PostgresDriver(through(cluster.spec), cluster.processes)) {
      assertThat(slow.port()).isEqualTo(cluster.server(B).port());
      Step follow = step(cluster, Acts.FOLLOW).within(Duration.ofSeconds(2));
      assertThat(driver.act(follow, cluster.stamp, _ -> {}))
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.reason()).contains("a does not stream from b: "));
      await().pollInterval(Duration.ofMillis(5)).atMost(LONG).until(() -> claims(driver));
      assertThat(driver.inspect(follow, cluster.stamp)).isInstanceOf(Inspection.NotApplied.class);
    }
  }

  @Test
  @DisplayName(
      "postgres/S14: a record torn at a segment's end: its holder looks ahead, is not the furthest,"
          + " and is not taken to follow until it does")
  void torn() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.bundled()).first()) {
      cluster.replica(B);
      long next;
      long segment;
      try (PgSession session = cluster.session(A)) {
        session.run("CREATE TABLE kept AS SELECT 1 AS id", LONG);
        next = acrossSegments(session);
        segment = next / size(session);
      }
      await().atMost(LONG).until(() -> cluster.facts(B).position() > next);
      cluster.done(cluster.step(Acts.FENCE, A));
      cluster.done(cluster.step(Acts.FENCE, B));
      tear(cluster, A, segment);
      tear(cluster, B, segment);

      cluster.done(cluster.step(Acts.START, B));
      cluster.done(cluster.step(Acts.PROMOTE, B).with(Acts.QUORUM, "").with(Acts.K, 0));
      assertThat(cluster.facts(B).position()).isLessThan(next);
      assertThat(cluster.failed(step(cluster, Acts.START))).contains("cannot follow b");
      notTakenToFollow(cluster);

      // It shows where the next segment begins, which nobody has written yet.
      assertThat(cluster.facts(A).position()).isEqualTo(next);
      assertThat(cluster.facts(A).replayed()).isLessThan(next);
      Details cut = cluster.done(cluster.step(Acts.CUT_OFF, A));
      assertThat(Long.parseLong(cut.need(Acts.TIMELINE)))
          .as("an older timeline never wins, however far it got")
          .isLessThan(cluster.facts(B).timeline());

      try (PgSession session = cluster.session(B)) {
        session.run("INSERT INTO kept VALUES (2)", LONG);
        acrossSegments(session);
      }
      // A server of PostgreSQL 18 ends itself as it finds that the two parts do not fit, perhaps
      // before it is asked how it follows, and is started again; an older one asks again.
      assertThat(cluster.act(cluster.step(Acts.FOLLOW, A).with(Acts.UPSTREAM, "b")))
          .isNotInstanceOf(Outcome.Failed.class);
      await()
          .atMost(LONG)
          .ignoreExceptionsInstanceOf(PgException.class)
          .untilAsserted(() -> {
            assertThat(cluster.act(step(cluster, Acts.START))).isInstanceOf(Outcome.Done.class);
            assertThat(cluster.facts(A).timeline()).isEqualTo(cluster.facts(B).timeline());
            try (PgSession session = cluster.session(A)) {
              assertThat(session.<Long>one("SELECT sum(id) FROM kept", LONG, row -> row.getLong(1)))
                  .isEqualTo(3);
            }
          });
    }
  }
}
