package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.CrashRounds.Occasion;
import io.cotidal.app.CrashRounds.Points;
import io.cotidal.app.HaltingStore.Side;
import io.cotidal.lab.PostgresBinaries;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The daemon is killed at commits of an operation's rows, and started again. */
@Timeout(900)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashPointsIT {
  private CrashRounds rounds;

  @BeforeAll
  void open() throws IOException, InterruptedException, SQLException {
    rounds = new CrashRounds(ClusterLab.open());
  }

  @AfterAll
  void close() throws IOException {
    rounds.close();
  }

  private void run(Occasion occasion, Side side, Points points)
      throws IOException, InterruptedException, SQLException {
    System.out.println("measured: " + rounds.exhaust(occasion, side, points));
  }

  @Test
  @DisplayName("kill -9 of the daemon after every third commit of a switchover")
  void switchover() throws IOException, InterruptedException, SQLException {
    run(Occasion.SWITCHOVER, Side.AFTER, Points.sample(3));
  }

  @Test
  @DisplayName("kill -9 of the daemon after every third commit of a failover and of the rejoin")
  void failover() throws IOException, InterruptedException, SQLException {
    run(Occasion.FAILOVER, Side.AFTER, Points.sample(3));
  }

  @Test
  @Tag("slow")
  @DisplayName("kill -9 of the daemon after every commit of a switchover")
  void afterSwitchover() throws IOException, InterruptedException, SQLException {
    run(Occasion.SWITCHOVER, Side.AFTER, Points.ALL);
  }

  @Test
  @Tag("slow")
  @DisplayName("kill -9 of the daemon after every commit of a failover and of the rejoin behind it")
  void afterFailover() throws IOException, InterruptedException, SQLException {
    run(Occasion.FAILOVER, Side.AFTER, Points.ALL);
  }

  @Test
  @Tag("slow")
  @DisplayName("kill -9 of the daemon before every commit of a switchover: acts done, not recorded")
  void beforeSwitchover() throws IOException, InterruptedException, SQLException {
    run(Occasion.SWITCHOVER, Side.BEFORE, Points.ALL);
  }

  @Test
  @Tag("slow")
  @DisplayName(
      "kill -9 of the daemon before every commit of a failover and of the rejoin behind it")
  void beforeFailover() throws IOException, InterruptedException, SQLException {
    run(Occasion.FAILOVER, Side.BEFORE, Points.ALL);
  }

  @Test
  @Tag("slow")
  @DisplayName("PostgreSQL 15, where the old primary is rewound instead of copied anew")
  void rewind() throws IOException, InterruptedException, SQLException {
    var bin = PostgresBinaries.installed(15);
    Assumptions.assumeTrue(bin.isPresent(), "PostgreSQL 15 is not installed");
    try (CrashRounds fifteen = new CrashRounds(ClusterLab.open(bin.get()))) {
      String record = fifteen.exhaust(Occasion.FAILOVER, Side.AFTER, Points.ALL);
      assertThat(record).contains("act rewind=");
      System.out.println("measured: PostgreSQL 15: " + record);
    }
  }
}
