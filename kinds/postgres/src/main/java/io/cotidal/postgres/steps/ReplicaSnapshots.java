package io.cotidal.postgres.steps;

import io.cotidal.engine.ResourceView;
import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Stamp;
import io.cotidal.pgclient.Lsn;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.postgres.reach.Sight;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Data of a replica, taken while its replay stands still. It happens inside the member's gate,
 * under the epoch of whoever leads the cluster: no act on the member runs beside it, whoever comes
 * with a newer stamp, a failover above all, is made way for at once, and an older leader is
 * refused. The primary is never touched.
 */
public final class ReplicaSnapshots implements SnapshotSource {
  private static final int PAUSE_TELLS = 140_000;
  private static final Duration ENTER = Duration.ofSeconds(10);

  private final Cluster cluster;
  private final Supplier<Optional<ResourceView>> view;
  private final InstantSource clock;

  ReplicaSnapshots(Cluster cluster, Supplier<Optional<ResourceView>> view, InstantSource clock) {
    this.cluster = cluster;
    this.view = view;
    this.clock = clock;
  }

  @Override
  public Offer offer(Optional<MemberId> member) {
    return view.get()
        .map(seen -> new ReplicaChoice(seen).offer(member))
        .orElse(new Offer.Refused(cluster.spec().id() + " is not run by this daemon"));
  }

  @Override
  public Result take(Order order, Consumer<Progress> progress) throws InterruptedException {
    Deadline deadline = Deadline.in(order.deadline());
    return switch (offer(order.member())) {
      case Offer.Refused refused -> new Result.Failed(refused.reason());
      case Offer.Later later -> new Result.Failed(later.reason());
      case Offer.Ready ready -> {
        try {
          yield enter(cluster.node(ready.member()), order, deadline, progress);
        } catch (ActFailed | PgException e) {
          yield new Result.Failed(ready.member() + ": " + e.getMessage());
        } catch (IOException | UncheckedIOException e) {
          if (Thread.interrupted()) {
            throw (InterruptedException)
                new InterruptedException("the snapshot was interrupted").initCause(e);
          }
          yield new Result.Failed(ready.member() + ": " + e.getMessage());
        }
      }
    };
  }

  /** Flushed before the gate is entered: a checkpoint may take long, and nobody may wait for it. */
  private Result enter(Node node, Order order, Deadline deadline, Consumer<Progress> progress)
      throws ActFailed, PgException, IOException, InterruptedException {
    LocalProcesses here =
        node.machine()
            .here()
            .orElseThrow(() ->
                new ActFailed("its files are on another machine: they are not taken over SSH"));
    node.work()
        .use(
            deadline,
            (session, left) -> {
              session.run("CHECKPOINT", left.left());
              return true;
            });
    Stamp newest = node.machine().remembered();
    long epoch = view.get().map(ResourceView::epoch).orElse(0L);
    if (newest.epoch() != epoch) {
      throw new ActFailed("its gate follows epoch " + newest.epoch() + ", and we lead in " + epoch);
    }
    AtomicReference<Result> result = new AtomicReference<>();
    Outcome outcome =
        node.machine()
            .under(
                newest,
                deadline.atMost(ENTER),
                inside -> {
                  Pause.recover(node, inside);
                  result.set(inside(new Stay(node, here, inside, deadline), order, progress));
                  return new Outcome.Done(Details.NONE);
                });
    Result found = result.get();
    return found != null
        ? found
        : new Result.Failed("an operation came to " + node.id() + " first: " + outcome);
  }

  /** A stay inside a member's gate. */
  private record Stay(Node node, LocalProcesses here, Inside inside, Deadline deadline) {
    void goOn() {
      try {
        if (inside.superseded()) {
          throw new IOException("made way for an operation on " + node.id());
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new IOException("the snapshot of " + node.id() + " was interrupted");
        }
        if (deadline.over()) {
          throw new IOException("the snapshot of " + node.id() + " did not end in time");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(
            new IOException("the snapshot of " + node.id() + " was interrupted", e));
      }
    }
  }

  private Result inside(Stay stay, Order order, Consumer<Progress> progress)
      throws IOException, InterruptedException {
    try {
      Node node = stay.node();
      require(stay);
      long total = bytes(stay);
      long began = System.nanoTime();
      Taken taken;
      try {
        Pause.begin(node, stay.deadline().atMost(ENTER));
        taken = copy(stay, order, bytes -> progress.accept(new Progress(bytes, total, "bytes")));
      } finally {
        Pause.end(node, stay.inside());
      }
      return new Result.Taken(
          new Provenance(
              node.id(),
              taken.facts().version() / 10_000 + "." + taken.facts().version() % 10_000,
              Long.toUnsignedString(taken.facts().systemId()),
              taken.facts().timeline(),
              Lsn.format(taken.facts().replayed()),
              taken.moment(),
              taken.bytes(),
              StillCopy.method(node.data(), order.target()),
              Duration.ofNanos(System.nanoTime() - began)));
    } catch (PgException e) {
      return new Result.Failed(stay.node().id() + ": " + e.getMessage());
    } catch (ActFailed e) {
      return new Result.Failed(String.valueOf(e.getMessage()));
    }
  }

  private void require(Stay stay) throws ActFailed, PgException, IOException, InterruptedException {
    Node node = stay.node();
    PgFacts facts = facts(stay);
    if (!facts.recovering()) {
      throw new ActFailed(node.id() + " is a primary now, which is never taken from");
    }
    if (facts.version() < PAUSE_TELLS) {
      throw new ActFailed(
          node.id() + " is older than PostgreSQL 14, which cannot say that it rests");
    }
    if (!Pause.state(node, stay.deadline()).equals("not paused")) {
      throw new ActFailed("somebody has paused replay on " + node.id() + ": resume it first");
    }
    if (!stay.inside().sight().data().equals(Sight.PRESENT)) {
      throw new ActFailed("the data of " + node.id() + " cannot be read on this machine");
    }
    if (BackupFiles.hasTablespaces(node.data())) {
      throw new ActFailed(node.id() + " has tablespaces, which a copy cannot place");
    }
  }

  private record Taken(PgFacts facts, long bytes, Instant moment) {}

  private Taken copy(Stay stay, Order order, java.util.function.LongConsumer progress)
      throws ActFailed, PgException, IOException, InterruptedException {
    Node node = stay.node();
    Instant moment = clock.instant();
    PgFacts facts = facts(stay);
    long segment =
        node.work()
            .use(
                stay.deadline(),
                (session, left) ->
                    session.one(
                        "SELECT pg_size_bytes(current_setting('wal_segment_size'))",
                        left.left(),
                        row -> row.getLong(1)));
    Optional<OsUser> owner =
        order.uid() < 0 ? Optional.empty() : stay.here().user(Integer.toString(order.uid()));
    long bytes =
        new StillCopy(
                node.data(),
                order.target(),
                new StillCopy.Position(facts.replayed(), facts.timeline(), segment),
                owner,
                done -> {
                  stay.goOn();
                  progress.accept(done);
                })
            .go();
    // If the server has let replay go on, pages may be newer than the log that was copied.
    if (!Pause.state(node, stay.deadline()).equals("paused")
        || facts(stay).replayed() != facts.replayed()) {
      throw new ActFailed(
          "copying the data of "
              + node.id()
              + " took longer than replay may stand still ("
              + Pause.LONGEST.toSeconds()
              + " s): let the volume share its file system, btrfs or XFS, with the member");
    }
    return new Taken(facts, bytes, moment);
  }

  private PgFacts facts(Stay stay) throws PgException, InterruptedException {
    return stay.node().work().use(stay.deadline(), cluster.look()::facts);
  }

  private static long bytes(Stay stay) throws PgException, InterruptedException {
    return stay.node()
        .work()
        .use(
            stay.deadline(),
            (session, left) ->
                session.one(
                    "SELECT coalesce(sum(pg_database_size(oid)), 0)::bigint FROM pg_database",
                    left.left(),
                    row -> row.getLong(1)));
  }
}
