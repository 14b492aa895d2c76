package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.reach.Sight;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Acts#START}: demoted, always. */
final class Start implements Act {
  private static final Logger LOG = LoggerFactory.getLogger(Start.class);
  private static final Duration SLOT = Duration.ofMillis(500);

  /** For so long what a plug-in says that it started may not be there yet. */
  private static final Duration APPEARS = Duration.ofSeconds(5);

  /** What a plug-in is to do with a server: {@code start} or {@code stop} it. */
  static final String MODE = "mode";

  private static final int STATUS_LINE = 7;

  private final Cluster cluster;
  private final Follow follow;

  Start(Cluster cluster, Follow follow) {
    this.cluster = cluster;
    this.follow = follow;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    String data = turn.inside().sight().data();
    if (!data.equals(Sight.PRESENT)) {
      throw new ActFailed("the data of " + node.id() + " is " + data + "; clone it first");
    }
    Optional<ProcessId> running = turn.inside().postmaster();
    if (running.isPresent()) {
      return already(turn, running.get());
    }
    if (!Processes.kill(turn, turn.deadline().most())) {
      throw new ActFailed("processes that an earlier server of " + node.id() + " left do not end");
    }
    long logged = turn.inside().openLog();
    StartParameters parameters = new StartParameters(cluster.spec(), turn);
    prepare(turn, parameters);
    String refusal = comeUp(turn, parameters, logged);
    PgFacts facts = cluster.facts(turn);
    if (!facts.recovering()) {
      throw new IOException(node.id() + " came up as a primary though it was started demoted");
    }
    if (turn.stream()) {
      follow.awaitStream(turn, upstream(turn), logged);
      facts = cluster.facts(turn);
    }
    return evidence(facts).with(parameters.kept(refusal));
  }

  /**
   * Starts it, and with the parameters that it had before if it does not come up with others.
   *
   * @return why it did not come up with those; empty if it did
   */
  private String comeUp(Turn turn, StartParameters parameters, long logged)
      throws ActFailed, PgException, IOException, InterruptedException {
    try {
      parameters.lower();
      launched(turn, logged);
      parameters.taken();
      return "";
    } catch (ActFailed e) {
      Optional<SequencedMap<String, String>> before = parameters.before();
      if (before.isEmpty()) {
        throw e;
      }
      LOG.warn(
          "member={} is started with earlier parameters: {}", turn.node().id(), e.getMessage());
      new OwnFile(cluster.spec(), turn).write(OwnFile.text(before.get()));
      launched(turn, turn.inside().openLog());
      parameters.taken();
      return String.valueOf(e.getMessage());
    }
  }

  private void launched(Turn turn, long logged)
      throws ActFailed, PgException, IOException, InterruptedException {
    ProcessId started = ByPlugin.wanted(turn) ? byPlugin(turn) : turn.inside().start();
    awaitReady(turn, started, logged);
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, IOException, InterruptedException {
    Node node = turn.node();
    if (turn.inside().within() && !turn.inside().sight().running()) {
      return new Inspection.NotApplied("no process of " + node.id() + " runs");
    }
    PgFacts facts = cluster.facts(turn);
    if (!facts.recovering()) {
      return new Inspection.NotApplied(node.id() + " runs as a primary");
    }
    StartParameters parameters = new StartParameters(cluster.spec(), turn);
    return follow.verdict(turn, facts, evidence(facts).with(parameters.kept("")));
  }

  /** Evidence of where a server is. */
  static Details evidence(PgFacts facts) {
    return Details.of(Acts.TIMELINE, facts.timeline()).with(Acts.POSITION, facts.position());
  }

  /** No process was there before, so whichever is there now has been started since. */
  private ProcessId byPlugin(Turn turn)
      throws ActFailed, PgException, IOException, InterruptedException {
    cluster.plugins().ask(turn, Details.of(MODE, "start"));
    turn.await(
        turn.deadline().atMost(APPEARS), Turn.CALM, () -> turn.inside().postmaster().isPresent());
    return turn.inside()
        .postmaster()
        .orElseThrow(() ->
            new IOException(
                "plug-in "
                    + ByPlugin.name(turn)
                    + " says that it started "
                    + turn.node().id()
                    + ", and no process of it runs: let it leave the plug-in's session, as pg_ctl"
                    + " does"));
  }

  private Details already(Turn turn, ProcessId running)
      throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    long logged = turn.inside().openLog();
    boolean ready = turn.await(turn.deadline().most(), Turn.CALM, () -> ready(turn, running));
    if (!ready) {
      throw new IOException(
          node.id() + " runs but does not take sessions: " + ServerLog.decisive(turn, 0));
    }
    if (!cluster.facts(turn).recovering()) {
      throw new ActFailed(node.id() + " runs as a primary; it is not demoted while it runs");
    }
    follow.point(turn);
    if (turn.stream()) {
      follow.awaitStream(turn, upstream(turn), logged);
    }
    return evidence(cluster.facts(turn)).with(new StartParameters(cluster.spec(), turn).kept(""));
  }

  private void prepare(Turn turn, StartParameters parameters)
      throws ActFailed, IOException, InterruptedException {
    Node node = turn.node();
    turn.inside().dropForeignLock();
    if (ControlFile.of(turn.inside().sight()).wasPrimary()) {
      dropOldSlots(turn);
    }
    String upstream = turn.argument(Acts.UPSTREAM);
    String conninfo = "";
    Node from = null;
    if (!upstream.isEmpty()) {
      Node up = upstream(turn);
      from = up;
      conninfo = cluster.conninfo(node, up);
      try {
        up.work()
            .use(
                turn.deadline().atMost(SLOT),
                (session, deadline) -> {
                  Cluster.makeSlot(session, deadline, node.id());
                  return true;
                });
      } catch (PgException e) {
        // It starts all the same and waits for its upstream; whether it streams is looked at below.
        LOG.info("member={} slot on {} not made yet: {}", node.id(), up.id(), e.getMessage());
      }
    }
    new ServerFiles(cluster.spec(), turn).writeDemoted(conninfo, parameters.chosen(from));
  }

  private Node upstream(Turn turn) throws ActFailed {
    return cluster.node(new MemberId(turn.argument(Acts.UPSTREAM)));
  }

  /**
   * Slots that a primary kept for the others hold its log for ever once it is a standby. Promotion
   * makes them anew.
   */
  private void dropOldSlots(Turn turn) throws IOException, InterruptedException {
    for (Server other : cluster.spec().servers()) {
      turn.inside().dropSlot(SlotNames.of(other.id()));
    }
  }

  private void awaitReady(Turn turn, ProcessId started, long logged)
      throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    Deadline until = turn.deadline().most();
    boolean ready =
        turn.await(
            until,
            Turn.CALM,
            () -> {
              if (!turn.inside().alive(started)) {
                throw new ActFailed(
                    node.id() + " did not come up: " + ServerLog.decisive(turn, logged));
              }
              return ready(turn, started);
            });
    if (!ready) {
      throw new IOException(
          node.id() + " has not come up yet: " + ServerLog.decisive(turn, logged));
    }
  }

  /** Whether that process, and no earlier one, says in the lock file that it takes sessions. */
  private static boolean ready(Turn turn, ProcessId process)
      throws IOException, InterruptedException {
    List<String> lines =
        turn.inside().read(turn.node().places().lock()).orElse("").lines().toList();
    return lines.size() > STATUS_LINE
        && lines.getFirst().strip().equals(Long.toString(process.pid()))
        && lines.get(STATUS_LINE).strip().equals("ready");
  }
}
