package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static io.cotidal.postgres.steps.TestCluster.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Inspection;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL 15 from Debian, which has pg_rewind. */
@Timeout(120)
class RewindIT {

  @Test
  @DisplayName(
      "postgres/S16: a diverged primary does not follow; rewound right after the promotion, it does")
  void rewind() throws Exception {
    Optional<Path> bin = PostgresBinaries.installed(15);
    assumeTrue(
        bin.isPresent() || System.getenv("CI") != null,
        "skipped: PostgreSQL 15 is not installed; apt-get install postgresql-15");
    try (TestCluster cluster = new TestCluster(bin.orElseThrow()).up()) {
      assertThat(cluster.look(A).host().facts().need(Acts.CAN_REWIND)).isEqualTo("true");
      ControlFiles.agree(cluster, A);
      ControlFiles.agree(cluster, B);
      // C first: what a writes between the two must not be on c alone.
      cluster.done(cluster.step(Acts.CUT_OFF, C));
      cluster.done(cluster.step(Acts.CUT_OFF, B));
      try (PgSession session = cluster.session(A)) {
        session.run("CREATE TABLE lost AS SELECT generate_series(1, 1000)", TestCluster.QUERY);
      }
      cluster.done(cluster.step(Acts.FENCE, A));
      cluster.done(cluster.step(Acts.PROMOTE, B).with(Acts.QUORUM, "").with(Acts.K, 0));
      try (PgSession session = cluster.session(B)) {
        session.run("CREATE TABLE kept AS SELECT generate_series(1, 1000)", TestCluster.QUERY);
      }
      Step start = cluster.step(Acts.START, A).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true);
      assertThat(cluster.failed(start)).contains("cannot follow b");
      cluster.done(cluster.step(Acts.FENCE, A));

      Step rewind = cluster.step(Acts.REWIND, A).with(Acts.FROM, "b");
      assertThat(cluster.inspect(rewind)).isInstanceOf(Inspection.NotApplied.class);
      cluster.done(rewind);
      assertThat(cluster.inspect(rewind)).isInstanceOf(Inspection.Applied.class);
      cluster.done(start);
      assertThat(cluster.facts(A).timeline()).isEqualTo(3);
      try (PgSession session = cluster.session(A)) {
        assertThat(
                session.<String>one(
                    "SELECT current_setting('cluster_name') || ' ' || (SELECT count(*) FROM kept)"
                        + " || ' ' || coalesce(to_regclass('lost')::text, 'none')",
                    TestCluster.QUERY,
                    row -> row.getString(1)))
            .isEqualTo("a 1000 none");
      }
      cluster.done(cluster.step(Acts.FOLLOW, C).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true));
    }
  }
}
