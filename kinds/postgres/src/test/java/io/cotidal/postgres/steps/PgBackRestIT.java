package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static io.cotidal.postgres.steps.TestCluster.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.PgBackRest;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.Reach;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster that archives into a real repository of pgBackRest. */
@Timeout(120)
class PgBackRestIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static void fill(TestCluster cluster, MemberId member) throws PgException {
    try (PgSession session = cluster.session(member)) {
      session.run("SELECT txid_current()", TestCluster.QUERY);
      session.run("SELECT pg_switch_wal()", TestCluster.QUERY);
    }
  }

  private static String newest(TestCluster cluster, MemberId member) throws PgException {
    return ask(cluster, member, "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver");
  }

  private static String ask(TestCluster cluster, MemberId member, String sql) throws PgException {
    try (PgSession session = cluster.session(member)) {
      return session.one(sql, TestCluster.QUERY, row -> row.getString(1));
    }
  }

  private Details check(TestCluster cluster, MemberId member) {
    return cluster.done(cluster.step(Acts.ARCHIVE_CHECK, member));
  }

  @Test
  @DisplayName(
      "postgres/S25: pgBackRest takes the log and backups, the new timeline after a failover too,"
          + " and gives a replica what it lacks")
  void wholeLife() throws Exception {
    Optional<Path> bin = PostgresBinaries.installed(15);
    String missing =
        Stream.of(
                PgBackRest.missing(),
                bin.isEmpty()
                    ? Optional.of("apt-get install postgresql-15")
                    : Optional.<String>empty())
            .flatMap(Optional::stream)
            .findFirst()
            .orElse("");
    if (!missing.isEmpty() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing);
    }
    assumeTrue(missing.isEmpty(), "SKIPPED, no pgBackRest proven: " + missing);
    PgBackRest backRest = PgBackRest.make("orders");
    Archive archive =
        new Archive(new Archive.Place.PgBackRest("orders", Optional.of(backRest.configuration())));
    try (TestCluster cluster =
        new TestCluster(
            bin.orElseThrow(),
            TestCluster.PASSWORD,
            (name, places) -> new Reach.Local(),
            practice -> practice.caring(Care.PLAIN.with(archive)))) {
      backRest.own(cluster.server(A).user());
      cluster.first();
      backRest.run(server(cluster, A), "stanza-create");
      fill(cluster, A);
      await().atMost(PATIENCE).until(() -> newest(cluster, A).length() == 24);
      backRest.run(server(cluster, A), "--type=full", "backup");
      assertThat(check(cluster, A).need("gaps")).isEqualTo("none");
      cluster.replica(B);

      cluster.done(cluster.step(Acts.FENCE, A));
      cluster.done(cluster.step(Acts.PROMOTE, B).with(Acts.QUORUM, "").with(Acts.K, 0));
      fill(cluster, B);
      await().atMost(PATIENCE).until(() -> newest(cluster, B).startsWith("00000003"));
      Details checked = check(cluster, B);
      assertThat(checked.need(Acts.TIMELINE)).isEqualTo("3");
      assertThat(checked.need("gaps")).isEqualTo("none");

      cluster.done(cluster.step(Acts.CLONE, C).with(Acts.FROM, "b"));
      fill(cluster, B);
      String filled = ask(cluster, B, "SELECT pg_walfile_name(pg_current_wal_lsn())");
      fill(cluster, B);
      await().atMost(PATIENCE).until(() -> newest(cluster, B).compareTo(filled) >= 0);
      cluster.done(cluster.step(Acts.START, C).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true));
      assertThat(cluster.log(C)).contains("restored log file").contains("from archive");

      backRest.run(server(cluster, B), "--type=full", "backup");
      String said =
          cluster
              .done(
                  cluster
                      .step(Acts.ARCHIVE_EXPIRE, B)
                      .with(Acts.BEFORE, filled)
                      .with(Acts.MINUTES, 0))
              .need("said");
      assertThat(said).isEqualTo("removed by pgbackrest");
      assertThat(check(cluster, B).need("gaps")).isEqualTo("none");
    } finally {
      backRest.close();
    }
  }

  private static PgBackRest.Server server(TestCluster cluster, MemberId member) {
    return new PgBackRest.Server(
        cluster.server(member).data(),
        cluster.server(member).port(),
        cluster.server(member).user(),
        TestCluster.PASSWORD);
  }
}
