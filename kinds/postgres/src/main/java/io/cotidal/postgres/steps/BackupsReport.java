package io.cotidal.postgres.steps;

import io.cotidal.engine.State;
import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.model.Mode;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.pgclient.Lsn;
import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.archive.Base;
import io.cotidal.postgres.archive.RestoreChoice;
import io.cotidal.postgres.archive.RestorePoint;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.postgres.reach.Tool;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which base backups there are, and from when to when a restore is possible: of this cluster's own
 * archive, or if it has not been made yet of the one that it can be made from.
 */
final class BackupsReport {
  private static final Logger LOG = LoggerFactory.getLogger(BackupsReport.class);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration EACH = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final State<PgFacts> state;

  BackupsReport(Cluster cluster, State<PgFacts> state) {
    this.cluster = cluster;
    this.state = state;
  }

  /**
   * Puts the script where a cluster is still to be restored, so that it can be asked what there is.
   */
  static void ready(PostgresSpec spec, Node node, Inside inside) throws InterruptedException {
    boolean wanted = spec.practice().care().restore().isPresent() && spec.mode() != Mode.OBSERVE;
    if (wanted && node.server().gated()) {
      try {
        new Archiving(spec, node).write(inside);
      } catch (IOException e) {
        LOG.info("member={} has no archive script yet: {}", node.id(), e.getMessage());
      }
    }
  }

  Report report() {
    boolean made = state.ledger().find("primary").isPresent();
    boolean own = cluster.spec().practice().care().archive().isPresent();
    if (!own && cluster.spec().practice().care().restore().isEmpty()) {
      return nothing("the configuration has neither archive nor restore");
    }
    List<String> of = own && made ? List.of() : List.of(ArchiveScript.SOURCE);
    if (!of.isEmpty() && cluster.spec().practice().care().restore().isEmpty()) {
      return nothing("the cluster has not been made yet");
    }
    String problem = "no member has a gate";
    for (Server server : cluster.spec().servers()) {
      if (server.gated()) {
        try {
          Deadline deadline = Deadline.in(LIMIT);
          return told(new Stocktaking(words -> ask(server, words, deadline), of));
        } catch (IllegalArgumentException e) {
          return nothing(String.valueOf(e.getMessage()));
        } catch (ActFailed | IOException e) {
          problem = server.id() + ": " + e.getMessage();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return nothing("the question was interrupted");
        }
      }
    }
    return new Report(problem, List.of(new Line("archive", Verdict.UNKNOWN, problem)));
  }

  private static Report nothing(String why) {
    return new Report(why, List.of(new Line("restore", Verdict.NO, why)));
  }

  private String ask(Server server, List<String> words, Deadline deadline)
      throws ActFailed, IOException, InterruptedException {
    Node node = cluster.node(server.id());
    Optional<LocalProcesses.Result> result =
        node.machine()
            .look(
                node.machine().remembered(),
                deadline.atMost(EACH),
                inside -> inside.run(new Tool.Archive(words), deadline.most()));
    if (result.isEmpty()) {
      throw new IOException("its gate follows a newer stamp: ask again");
    }
    if (result.get().exit() != 0) {
      throw new ActFailed(Complaint.of(result.get().output()));
    }
    return result.get().output();
  }

  private static Report told(Stocktaking stocktaking)
      throws ActFailed, IOException, InterruptedException {
    RestoreChoice.Stock stock = stocktaking.of(Optional.empty());
    List<Line> lines = new ArrayList<>();
    Optional<Instant> first = Optional.empty();
    Optional<Instant> last = Optional.empty();
    for (Base base : stock.inventory().bases()) {
      Line line = line(base);
      try {
        RestoreChoice choice =
            RestoreChoice.choose(
                stock, new RecoveryTarget.Latest(), Optional.of(base.id()), Optional.empty());
        first = first.isEmpty() ? Optional.of(base.ended()) : first;
        last = stocktaking.archived(stock, choice);
      } catch (IllegalArgumentException e) {
        line =
            new Line(
                base.id(),
                Verdict.NO,
                line.sentence() + "; not up to now: " + e.getMessage(),
                "take a backup anew",
                line.facts());
      }
      lines.add(line);
    }
    for (RestorePoint point : points(stocktaking, stock)) {
      lines.add(
          new Line("restore point", Verdict.YES, point.name())
              .with(Details.of("lsn", Lsn.format(point.position()))));
    }
    if (first.isEmpty()) {
      return new Report("no base backup leads up to now", lines);
    }
    return new Report(
        "a restore is possible from "
            + first.get()
            + " to "
            + last.map(Instant::toString).orElse("the end of the archive")
            + ", timeline "
            + stock.lineage().timeline(),
        lines);
  }

  private static List<RestorePoint> points(Stocktaking stocktaking, RestoreChoice.Stock stock)
      throws IOException, InterruptedException {
    try {
      return stocktaking.points(stock);
    } catch (ActFailed e) {
      LOG.info("restore points are not known: {}", e.getMessage());
      return List.of();
    }
  }

  private static Line line(Base base) {
    return new Line(
            base.id(),
            Verdict.YES,
            "ended " + base.ended() + ", " + base.bytes() + " bytes, timeline " + base.timeline())
        .with(
            Details.of("start", Lsn.format(base.start()))
                .with("stop", Lsn.format(base.stop()))
                .with("version", base.version())
                .with("verified", base.verified() ? "yes" : "no")
                .with("repositories", base.places().size()));
  }
}
