package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether commits obey the list at once, and servers stand on their own. */
@Timeout(90)
class QuorumIT {
  private TestCluster cluster;

  @BeforeEach
  void begin() throws Exception {
    cluster = new TestCluster(TestCluster.bundled()).first();
    try (PgSession session = cluster.session(A)) {
      session.run("CREATE TABLE t (id int)", TestCluster.QUERY);
    }
  }

  @AfterEach
  void end() throws Exception {
    cluster.close();
  }

  @Test
  @DisplayName(
      "once a list is set, no commit is acknowledged without it; once it is taken away, all are")
  void inForceAtOnce() throws Exception {
    for (int i = 0; i < 5; i++) {
      // Nobody of that list streams.
      cluster.done(cluster.step(Acts.SET_QUORUM, A).with(Acts.QUORUM, "b,c").with(Acts.K, 1));
      assertThat(commits(A)).isFalse();
      cluster.done(cluster.step(Acts.SET_QUORUM, A).with(Acts.QUORUM, "b,c").with(Acts.K, 0));
      assertThat(commits(A)).isTrue();
    }
  }

  @Test
  @DisplayName(
      "a promoted standby acknowledges nothing without its quorum, from the first commit on")
  void guardedFromTheFirstCommit() throws Exception {
    cluster.replica(B);
    cluster.done(cluster.step(Acts.CUT_OFF, B));
    cluster.done(cluster.step(Acts.FENCE, A));
    cluster.done(cluster.step(Acts.PROMOTE, B).with(Acts.QUORUM, "a,c").with(Acts.K, 1));
    assertThat(commits(B)).isFalse();
  }

  @Test
  @DisplayName(
      "postgres/S17: a standby that is promoted behind our back acknowledges nothing alone")
  void promotedByHand() throws Exception {
    cluster.replica(B);
    cluster.done(cluster.step(Acts.CUT_OFF, B));
    try (PgSession session = cluster.session(B)) {
      session.run("SELECT pg_promote()", Duration.ofSeconds(10));
    }
    assertThat(cluster.facts(B).writable()).isTrue();
    assertThat(commits(B)).isFalse();
  }

  @Test
  @DisplayName("a server stands on its own: a session of its own, no input, no terminal of ours")
  void detached() throws Exception {
    ProcessId postmaster = cluster.postmaster(A);
    ProcessTable.Entry entry = cluster.processes.table().find(postmaster.pid()).orElseThrow();
    assertThat(entry.session()).isEqualTo(postmaster.pid());
    Path input = Files.readSymbolicLink(Path.of("/proc/" + postmaster.pid() + "/fd/0"));
    assertThat(input).isEqualTo(Path.of("/dev/null"));
  }

  @Test
  @DisplayName(
      "a lock file whose number now belongs to another program does not keep a server from starting")
  void recycledNumber() throws Exception {
    cluster.done(cluster.step(Acts.STOP, A));
    Path lock = cluster.server(A).data().resolve("postmaster.pid");
    Files.write(
        lock,
        List.of(Long.toString(ProcessHandle.current().pid()), cluster.server(A).data().toString()));
    cluster.own(lock);
    assertThat(cluster.all(A)).isEmpty();
    Step start = cluster.step(Acts.START, A);
    assertThat(cluster.inspect(start)).isInstanceOf(Inspection.NotApplied.class);
    cluster.done(start);
    assertThat(cluster.inspect(start)).isInstanceOf(Inspection.Applied.class);
  }

  private boolean commits(MemberId member) throws PgException {
    try (PgSession session = cluster.session(member)) {
      session.run("SET synchronous_commit = on", TestCluster.QUERY);
      PgException problem =
          catchThrowableOfType(
              PgException.class,
              () -> session.run("INSERT INTO t VALUES (1)", Duration.ofMillis(400)));
      if (problem != null) {
        assertThat(problem.trouble()).isInstanceOf(Trouble.Silent.class);
      }
      return problem == null;
    }
  }
}
