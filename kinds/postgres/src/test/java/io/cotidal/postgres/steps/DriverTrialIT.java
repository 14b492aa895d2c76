package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.DriverTrial;
import io.cotidal.model.MemberId;
import io.cotidal.model.Stamp;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every kind's driver promises, on servers of PostgreSQL. */
@Timeout(180)
class DriverTrialIT {

  private static DriverTrial<PgFacts> trial(TestCluster cluster, MemberId member) {
    return new DriverTrial<>(
        () -> new PostgresDriver(cluster.spec, cluster.processes),
        member,
        () -> traces(cluster, member));
  }

  /** The server's files, settings, catalogue and slots. */
  private static List<String> traces(TestCluster cluster, MemberId member) {
    try (PgSession session = cluster.session(member);
        Stream<Path> files = Files.list(cluster.server(member).data())) {
      return Stream.concat(
              files.map(file -> file.getFileName().toString()).sorted(),
              Stream.of(
                  Files.readString(cluster.server(member).data().resolve("cotidal.conf")),
                  session.<String>one(
                      """
                      SELECT (SELECT count(*) FROM pg_class)
                        || ' ' || (SELECT count(*) FROM pg_replication_slots)
                        || ' ' || (SELECT string_agg(name || '=' || setting, ' ' ORDER BY name)
                                   FROM pg_settings)
                      """,
                      TestCluster.QUERY,
                      row -> row.getString(1))))
          .toList();
    } catch (PgException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("a look at a primary and at a replica changes nothing")
  void looksOnly() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.bundled()).first()) {
      cluster.replica(B);
      assertThat(trial(cluster, A).looksOnly()).isEmpty();
      assertThat(trial(cluster, B).looksOnly()).isEmpty();
    }
  }

  @Test
  @DisplayName("after a kill between act and answer an inspection tells the truth")
  void tellsTheTruth() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.bundled())) {
      DriverTrial<PgFacts> a = trial(cluster, A);
      assertThat(a.tellsTheTruth(cluster.step(Acts.INIT, A), new Stamp(2, 1))).isEmpty();
      assertThat(a.tellsTheTruth(cluster.step(Acts.START, A), new Stamp(2, 2))).isEmpty();
      assertThat(
              a.tellsTheTruth(
                  cluster.step(Acts.PROMOTE, A).with(Acts.QUORUM, "").with(Acts.K, 0),
                  new Stamp(2, 3)))
          .isEmpty();
      assertThat(
              trial(cluster, B)
                  .tellsTheTruth(cluster.step(Acts.CLONE, B).with(Acts.FROM, "a"), new Stamp(2, 4)))
          .isEmpty();
    }
  }
}
