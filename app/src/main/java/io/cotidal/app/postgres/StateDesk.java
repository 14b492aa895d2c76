package io.cotidal.app.postgres;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Actor;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.compat.HandyrepDesk;
import io.cotidal.postgres.compat.StateRow;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.StateTable;
import io.cotidal.postgres.steps.StateKeeper;
import io.cotidal.remote.Deadline;
import io.cotidal.runtime.Clock;
import io.cotidal.runtime.ControlPlane;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes clusters' states into tables of their own, where that is wanted: when something but time
 * has changed, a while apart, and only while this daemon leads and one member takes writes. What
 * fails is an event once, until it succeeds again. Thread-safe; a write holds up nothing else.
 */
public final class StateDesk implements Consumer<ControlPlane.Change>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateDesk.class);

  /** How far apart two writes are at least. */
  static final Duration APART = Duration.ofSeconds(10);

  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final ControlPlane plane;
  private final Clock clock;
  private final Keeper keeper;
  private final Map<ResourceId, Kept> kept = new HashMap<>();
  private volatile boolean closed;

  /** A cluster whose state is written. */
  public record Wanted(PostgresSpec spec, StateTable table) {}

  /** Writes a row; blocks for as long as the deadline lets it. */
  @FunctionalInterface
  interface Keeper {
    /** As {@link StateKeeper#write}, into the table that is wanted. */
    StateKeeper.Written write(Wanted wanted, Server primary, StateRow row, long epoch)
        throws PgException;
  }

  /** One cluster's table; guarded by itself. */
  private static final class Kept {
    final Wanted wanted;
    @Nullable StateRow written;
    long next;
    boolean planned;

    /** Whether people have been told last that it fails. */
    boolean failing;

    Kept(Wanted wanted, long now) {
      this.wanted = wanted;
      next = now;
    }

    ResourceId id() {
      return wanted.spec().id();
    }
  }

  /** Of those clusters. */
  public StateDesk(List<Wanted> wanted, ControlPlane plane, Clock clock) {
    this(
        wanted,
        plane,
        clock,
        (cluster, primary, row, epoch) ->
            new StateKeeper(cluster.spec(), cluster.table())
                .write(primary, row, epoch, Deadline.in(LIMIT)));
  }

  /** The same, written by {@code keeper}. */
  StateDesk(List<Wanted> wanted, ControlPlane plane, Clock clock, Keeper keeper) {
    this.plane = plane;
    this.clock = clock;
    this.keeper = keeper;
    long now = clock.now().nanos();
    wanted.forEach(each -> kept.put(each.spec().id(), new Kept(each, now)));
  }

  @Override
  public void accept(ControlPlane.Change change) {
    switch (change) {
      case ControlPlane.Change.Updated updated -> consider(updated.id());
      case ControlPlane.Change.Resync _ -> kept.keySet().forEach(this::consider);
      case ControlPlane.Change.Logged _ -> {}
    }
  }

  private void consider(ResourceId id) {
    Kept one = kept.get(id);
    Optional<ResourceView> view = one == null ? Optional.empty() : plane.resource(id);
    if (one == null || view.isEmpty() || closed) {
      return;
    }
    Optional<Server> primary = primary(one.wanted.spec(), view.get());
    if (primary.isEmpty()) {
      return;
    }
    StateRow row = StateRow.of(new HandyrepDesk.Cluster(one.wanted.spec(), view.get()));
    synchronized (one) {
      if (one.written != null && row.equals(one.written)) {
        return;
      }
      long now = clock.now().nanos();
      if (now < one.next) {
        plan(id, one);
        return;
      }
      one.next = now + APART.toNanos();
    }
    Thread.ofVirtual()
        .name("state of " + id)
        .start(() -> write(one, primary.get(), row, view.get()));
  }

  private void plan(ResourceId id, Kept one) {
    if (!one.planned) {
      one.planned = true;
      clock.at(
          one.next + Moment.MILLI,
          () -> {
            synchronized (one) {
              one.planned = false;
            }
            consider(id);
          });
    }
  }

  private static Optional<Server> primary(PostgresSpec spec, ResourceView view) {
    List<MemberView> writable = view.members().stream().filter(MemberView::writable).toList();
    boolean clear = view.leading() && view.mode() != Mode.OBSERVE && writable.size() == 1;
    return clear ? spec.server(writable.getFirst().id()) : Optional.empty();
  }

  private void write(Kept one, Server primary, StateRow row, ResourceView view) {
    String problem = "";
    try {
      StateKeeper.Written written = keeper.write(one.wanted, primary, row, view.epoch());
      problem =
          written == StateKeeper.Written.DONE ? "" : "a newer leader's row is there, and stays";
    } catch (PgException e) {
      problem = String.valueOf(e.getMessage());
    }
    boolean news;
    synchronized (one) {
      news = one.failing != !problem.isEmpty();
      one.failing = !problem.isEmpty();
      one.written = problem.isEmpty() ? row : null;
      if (!problem.isEmpty()) {
        plan(one.id(), one);
      }
    }
    if (news && !closed) {
      tell(one, problem);
    }
  }

  /** What could not be told is told after the next try. */
  private void tell(Kept one, String problem) {
    StateTable table = one.wanted.table();
    Command.Note note =
        problem.isEmpty()
            ? new Command.Note(
                Actor.COTIDAL,
                Severity.INFO,
                "state-table-written",
                "its state is in " + table + " again")
            : new Command.Note(
                Actor.COTIDAL,
                Severity.WARNING,
                "state-table-failed",
                "its state could not be written to " + table + " (" + problem + ")");
    var _ =
        plane
            .command(one.id(), note)
            .whenComplete((reply, trouble) -> {
              if (trouble != null || !(reply instanceof Reply.Noted)) {
                log.warn("event={} resource={} text=\"{}\"", note.code(), one.id(), note.text());
                synchronized (one) {
                  one.failing = problem.isEmpty();
                }
              }
            });
  }

  @Override
  public void close() {
    closed = true;
  }
}
