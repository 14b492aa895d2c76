package io.cotidal.postgres.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.observe.ControlFile;
import java.time.Duration;

/** Holds our reading of a control file against the server's own. */
final class ControlFiles {
  private static final String QUERY =
      """
      SELECT (SELECT system_identifier FROM pg_control_system()) || ' '
        || (SELECT (checkpoint_lsn - '0/0') || ' ' || (redo_lsn - '0/0') || ' ' || timeline_id
            FROM pg_control_checkpoint()) || ' '
        || (SELECT (min_recovery_end_lsn - '0/0') || ' ' || min_recovery_end_timeline
            FROM pg_control_recovery())
      """;

  private ControlFiles() {}

  /** The server may write its file between two readings, so they agree in the end. */
  static void agree(TestCluster cluster, MemberId member) throws PgException {
    try (PgSession session = cluster.session(member)) {
      session.run("CHECKPOINT", Duration.ofSeconds(20));
      await()
          .untilAsserted(() -> {
            String theirs = session.one(QUERY, TestCluster.QUERY, row -> row.getString(1));
            ControlFile ours = ControlFile.read(cluster.server(member).data());
            assertThat(
                    ours.systemId()
                        + " "
                        + ours.checkpoint()
                        + " "
                        + ours.redo()
                        + " "
                        + ours.timeline()
                        + " "
                        + ours.minimumRecovery()
                        + " "
                        + ours.minimumTimeline())
                .isEqualTo(theirs);
            assertThat(ours.state())
                .isEqualTo(
                    cluster.facts(member).recovering() ? "in archive recovery" : "in production");
          });
    }
  }
}
