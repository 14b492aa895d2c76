package io.cotidal.bench;

import io.cotidal.app.demo.DemoProblem;
import io.cotidal.app.demo.Measured;
import io.cotidal.app.demo.Rig;
import io.cotidal.app.demo.Strike;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PgBouncerServer;
import io.cotidal.lab.Prober;
import io.cotidal.lab.ProxyClient;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One switchover as a client sees it that writes through a pgbouncer. */
final class ProxiedSwitchover {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long WARM = 100;

  private final Rig rig;
  private final PrintStream progress;
  private long nextId;

  ProxiedSwitchover(Rig rig, PrintStream progress) {
    this.rig = rig;
    this.progress = progress;
  }

  /** The lowest id that the next round may use. */
  long nextId() {
    return nextId;
  }

  /**
   * Moves the primary.
   *
   * @return lost counts rows that were acknowledged and are absent, and errors that the client saw
   */
  Measured run(Strike strike, long firstId) throws DemoProblem, IOException, SQLException {
    PgBouncerServer bouncer = rig.throughPgBouncer();
    rig.patience().awaitWhole(LIMIT);
    DemoCluster cluster = rig.cluster();
    String loser = primary();
    try (ProxyClient client = ProxyClient.start(bouncer.port(), cluster.login(), firstId)) {
      await(client, WARM);
      client.anew();
      long struck = System.nanoTime();
      rig.switchover();
      String winner = primary();
      await(client, client.written() + WARM);
      rig.patience().awaitWhole(LIMIT);
      client.stop();
      client.problems().forEach(problem -> progress.println("     client: " + problem));
      List<Long> acknowledged = client.acknowledged();
      Set<Long> absent = new HashSet<>(acknowledged);
      absent.removeAll(Prober.present(cluster.member(winner), cluster.login(), firstId));
      nextId = firstId + acknowledged.size() + 1_000_000;
      return new Measured(
          strike,
          loser,
          winner,
          client.longest(),
          absent.size() + client.problems().size(),
          0,
          0,
          Duration.ofNanos(System.nanoTime() - struck),
          Map.of(),
          Optional.empty());
    }
  }

  private String primary() throws DemoProblem {
    return rig.shown().primary().orElseThrow(() -> new DemoProblem("there is no primary"));
  }

  private void await(ProxyClient client, long written) throws DemoProblem, IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (client.written() < written) {
      if (System.nanoTime() > deadline) {
        throw new DemoProblem("the client behind pgbouncer writes nothing: " + client.problems());
      }
      rig.patience().pause(LOOK);
    }
  }
}
