package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.HostLook;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.Acts;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Acts#START}: demoted, always. */
final class Start implements Act {
  private static final Logger LOG = LoggerFactory.getLogger(Start.class);
  private static final Duration SLOT = Duration.ofMillis(500);
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
    String data = HostLook.data(node);
    if (!data.equals(HostLook.PRESENT)) {
      throw new ActFailed("the data of " + node.id() + " is " + data + "; clone it first");
    }
    Optional<ProcessId> running = node.postmaster();
    if (running.isPresent()) {
      return already(turn, running.get());
    }
    if (!Processes.kill(turn, turn.deadline().most())) {
      throw new ActFailed("processes that an earlier server of " + node.id() + " left do not end");
    }
    long logged = ServerLog.open(node);
    prepare(turn);
    ProcessId started =
        node.processes()
            .launch(
                Program.of(
                    node.server().user(),
                    List.of(node.program(Node.PROGRAM).toString(), "-D", node.data().toString())),
                node.log());
    awaitReady(turn, started, logged);
    PgFacts facts = cluster.facts(turn);
    if (!facts.recovering()) {
      throw new IOException(node.id() + " came up as a primary though it was started demoted");
    }
    if (turn.stream()) {
      follow.awaitStream(turn, upstream(turn), logged);
      facts = cluster.facts(turn);
    }
    return evidence(facts);
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, IOException, InterruptedException {
    Node node = turn.node();
    if (HostLook.read(node, false).process() == Host.Process.GONE) {
      return new Inspection.NotApplied("no process of " + node.id() + " runs");
    }
    PgFacts facts = cluster.facts(turn);
    if (!facts.recovering()) {
      return new Inspection.NotApplied(node.id() + " runs as a primary");
    }
    return follow.verdict(turn, facts, evidence(facts));
  }

  /** Evidence of where a server is. */
  static Details evidence(PgFacts facts) {
    return Details.of(Acts.TIMELINE, facts.timeline()).with(Acts.POSITION, facts.position());
  }

  private Details already(Turn turn, ProcessId running)
      throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    long logged = ServerLog.open(node);
    boolean ready = turn.await(turn.deadline().most(), Turn.CALM, () -> ready(node, running));
    if (!ready) {
      throw new IOException(
          node.id() + " runs but does not take sessions: " + ServerLog.decisive(node, 0));
    }
    if (!cluster.facts(turn).recovering()) {
      throw new ActFailed(node.id() + " runs as a primary; it is not demoted while it runs");
    }
    follow.point(turn);
    if (turn.stream()) {
      follow.awaitStream(turn, upstream(turn), logged);
    }
    return evidence(cluster.facts(turn));
  }

  private void prepare(Turn turn) throws ActFailed, IOException, InterruptedException {
    Node node = turn.node();
    dropForeignLock(node);
    if (ControlFile.read(node.data()).wasPrimary()) {
      dropOldSlots(node);
    }
    String upstream = turn.argument(Acts.UPSTREAM);
    String conninfo = "";
    if (!upstream.isEmpty()) {
      Node up = upstream(turn);
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
    new ServerFiles(cluster.spec(), node).writeDemoted(conninfo);
  }

  /**
   * A lock file whose number belongs to a program that is no server any more would keep the server
   * from starting. Any other is the server's own business: it knows best whether it is alone.
   */
  private static void dropForeignLock(Node node) throws IOException {
    Optional<ProcessId> locker = node.locker();
    if (locker.isPresent() && !node.processes().table().runs(locker.get(), Node.PROGRAM)) {
      Durable.delete(node.lock());
    }
  }

  private Node upstream(Turn turn) throws ActFailed {
    return cluster.node(new MemberId(turn.argument(Acts.UPSTREAM)));
  }

  /**
   * Slots that a primary kept for the others hold its log for ever once it is a standby. Promotion
   * makes them anew.
   */
  private void dropOldSlots(Node node) throws IOException {
    for (Server other : cluster.spec().servers()) {
      Path slot = node.data().resolve("pg_replslot").resolve(SlotNames.of(other.id()));
      if (Files.isDirectory(slot)) {
        Durable.empty(slot);
        Files.delete(slot);
      }
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
              if (!node.processes().table().alive(started)) {
                throw new ActFailed(
                    node.id() + " did not come up: " + ServerLog.decisive(node, logged));
              }
              return ready(node, started);
            });
    if (!ready) {
      throw new IOException(
          node.id() + " has not come up yet: " + ServerLog.decisive(node, logged));
    }
  }

  /** Whether that process, and no earlier one, says in the lock file that it takes sessions. */
  private static boolean ready(Node node, ProcessId process) throws IOException {
    Path file = node.lock();
    if (!Files.exists(file)) {
      return false;
    }
    List<String> lines = Files.readAllLines(file);
    return lines.size() > STATUS_LINE
        && lines.getFirst().strip().equals(Long.toString(process.pid()))
        && lines.get(STATUS_LINE).strip().equals("ready");
  }
}
