package io.cotidal.app.postgres.rehearsal;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Details;
import io.cotidal.model.Progress;
import io.cotidal.model.ResourceId;
import io.cotidal.postgres.reach.Machines;
import io.cotidal.postgres.rehearsal.CloneCluster;
import io.cotidal.postgres.rehearsal.CloneRehearsals;
import io.cotidal.postgres.rehearsal.RehearsalFailed;
import io.cotidal.postgres.rehearsal.Scratch;
import io.cotidal.postgres.spec.PostgresSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rehearsals of a daemon's clusters, one a cluster at a time. Thread-safe. */
public final class OnClones implements CloneRehearsals {
  private static final Logger log = LoggerFactory.getLogger(OnClones.class);

  private final Path folder;
  private final Machines machines;
  private final Function<ResourceId, Optional<ResourceView>> views;
  private final Set<ResourceId> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Of a daemon.
   *
   * @param folder for clones of clusters that name none
   * @param views the real clusters as their control plane shows them
   */
  public OnClones(
      Path folder, Machines machines, Function<ResourceId, Optional<ResourceView>> views) {
    this.folder = folder;
    this.machines = machines;
    this.views = views;
  }

  /** Ends and removes what a daemon that is gone left of rehearsals of those clusters. */
  public void sweep(List<PostgresSpec> clusters) {
    for (PostgresSpec each : clusters) {
      try {
        sweep(CloneCluster.root(each, folder));
      } catch (IOException e) {
        log.warn("event=clones-left-behind resource={} reason=\"{}\"", each.id(), e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** One at a time: what is being removed by one is not there for the other. */
  private static synchronized void sweep(Path root) throws IOException, InterruptedException {
    for (Scratch left : Scratch.leftBehind(root)) {
      left.remove();
      log.info("event=clones-removed folder={}", left.folder());
    }
  }

  @Override
  public Details rehearse(Order order, Consumer<Progress> progress)
      throws RehearsalFailed, InterruptedException {
    ResourceId id = order.spec().id();
    if (!running.add(id)) {
      throw new RehearsalFailed(id + " is rehearsed on clones already: wait for its end");
    }
    Path root = CloneCluster.root(order.spec(), folder);
    AtomicReference<@Nullable Scratch> scratch = new AtomicReference<>();
    Sentry sentry = new Sentry(() -> views.apply(id), order, () -> closed);
    try {
      sweep(root);
      sentry.check();
      CloneCluster clones =
          CloneCluster.make(
              order,
              new CloneCluster.Stand(root, machines.processes(), sentry::check),
              scratch::set,
              progress);
      return new Trial(order, clones, sentry, machines).run(made(scratch.get()));
    } catch (IOException e) {
      throw new RehearsalFailed("clones of " + id + " in " + root + ": " + e.getMessage(), e);
    } finally {
      running.remove(id);
      clear(scratch.get());
    }
  }

  private static Scratch made(@Nullable Scratch scratch) {
    if (scratch == null) {
      throw new IllegalStateException("clones run in no folder");
    }
    return scratch;
  }

  /** Whatever hurry there is: nothing may be left. */
  private static void clear(@Nullable Scratch scratch) throws RehearsalFailed {
    if (scratch == null) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      scratch.remove();
    } catch (IOException e) {
      throw new RehearsalFailed(
          "clones in "
              + scratch.folder()
              + " could not be removed: "
              + e.getMessage()
              + "; the next start of the daemon tries again",
          e);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
