package io.cotidal.runtime;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store;
import io.cotidal.model.Action;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What screens and callers can see and ask of this control plane. Thread-safe. */
public interface ControlPlane {
  /** Every resource, sorted by id. */
  List<ResourceView> resources();

  /** One resource as it stands. */
  Optional<ResourceView> resource(ResourceId id);

  /** Asks something of a resource. Completes exceptionally only if the daemon stops. */
  CompletableFuture<Reply> command(ResourceId id, Command command);

  /** What people can ask for, of all kinds. */
  List<Action> actions();

  /** One operation with its steps: live if it is open or recent, else from the store. */
  Optional<Operation> operation(OperationId id);

  /** Operations of {@code id}, newest first, at most {@code limit}. */
  List<Operation> operations(ResourceId id, int limit);

  /**
   * Events with a sequence above {@code after}, oldest first.
   *
   * @param id only this resource's; all if null
   * @param limit at most so many
   */
  List<Store.LoggedEvent> events(@Nullable ResourceId id, long after, int limit);

  /**
   * Tells {@code listener} of every change, on a virtual thread of the subscriber's own with a bounded queue; one that
   * is too slow gets a {@link Change.Resync}. Closing ends it.
   */
  AutoCloseable subscribe(Consumer<Change> listener);

  /** For liveness and readiness: loops ticked, store writable, lease held. */
  Health health();

  /** What has changed. */
  sealed interface Change {
    /** An event is durable. */
    record Logged(Store.LoggedEvent event) implements Change {}

    /**
     * A resource looks different.
     *
     * @param version rises with every change of the resource
     */
    record Updated(ResourceId id, long version) implements Change {}

    /** Changes were lost: read everything anew. */
    record Resync() implements Change {}
  }

  /**
   * How the control plane itself is.
   *
   * @param live whether its loops turn
   * @param ready whether it can do its work
   * @param problems one sentence each; empty if there is none
   */
  record Health(boolean live, boolean ready, List<String> problems) {
    /** Copies the list. */
    public Health {
      problems = List.copyOf(problems);
    }
  }
}
