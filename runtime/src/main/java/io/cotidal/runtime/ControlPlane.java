package io.cotidal.runtime;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.Report;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a running daemon offers to those who show it and command it. Thread-safe. */
public interface ControlPlane {

  /** Every resource as last shown, sorted by id. Never blocks. */
  List<ResourceView> resources();

  /** The resource as last shown. Never blocks. */
  Optional<ResourceView> resource(ResourceId id);

  /**
   * Asks something of a resource.
   *
   * @return the answer, {@link Reply.NotFound} if there is no such resource; completes
   *     exceptionally, with {@link IllegalStateException}, only if the daemon stops. Once it is
   *     complete, {@link #resource} shows what it says
   */
  CompletableFuture<Reply> command(ResourceId id, Command command);

  /** What can be asked of resources of any kind. */
  List<Action> actions();

  /**
   * Answers a question about a resource: an action that reads. Blocks, for {@code 15} seconds at
   * most.
   *
   * @return empty if there is no such resource
   * @throws IllegalArgumentException with one line if its input does not fit
   * @throws IllegalStateException with one line if it cannot be answered now
   */
  Optional<Report> read(ResourceId id, String question, Details input);

  /**
   * How the owner of an item reaches it, by dialect; holds secrets. Blocks, for ten seconds at
   * most.
   *
   * @return empty if there is no such resource, or its items are not reached
   * @throws IllegalStateException with one line if that cannot be found out now
   */
  SortedMap<String, Secret> access(ResourceId id, Item item);

  /**
   * The operation with its steps: as it runs if it is open or recent, else from the store. May
   * block.
   */
  Optional<Operation> operation(OperationId id);

  /** Operations of a resource, newest first, from the store, without their steps. May block. */
  List<Operation> operations(ResourceId id, int limit);

  /**
   * Logged events, oldest first. May block.
   *
   * @param id only this resource's; all if null
   * @param after only those with a higher sequence
   */
  List<Store.LoggedEvent> events(@Nullable ResourceId id, long after, int limit);

  /**
   * The newest logged events with a sequence below {@code before}, oldest first. May block.
   *
   * @param id only this resource's; all if null
   */
  List<Store.LoggedEvent> latest(@Nullable ResourceId id, long before, int limit);

  /** The sequence of the newest event that was ever logged; 0 if there was none. May block. */
  long lastEvent();

  /**
   * Tells {@code listener} of every change from now on, until it is closed or throws. The listener
   * is called on a thread of its own and may block; one that is too slow misses changes and is told
   * so by {@link Change.Resync}.
   */
  AutoCloseable subscribe(Consumer<Change> listener);

  /** How the daemon itself is. Never blocks. */
  Health health();

  /** Something that a screen may want to show. */
  sealed interface Change {

    /** An event has been logged. In the order of the log. */
    record Logged(Store.LoggedEvent event) implements Change {}

    /**
     * What {@link #resource} answers has changed.
     *
     * @param version rises with every change of the resource since the daemon started
     */
    record Updated(ResourceId id, long version) implements Change {}

    /** Changes were missed: read everything again. */
    record Resync() implements Change {}
  }

  /**
   * The daemon's own health.
   *
   * @param live whether its loops turn; a supervisor should restart one that is not live
   * @param ready whether it leads and can write its journal for every resource
   * @param problems one sentence each; empty if live and ready
   */
  record Health(boolean live, boolean ready, List<String> problems) {

    /** Copies the list. */
    public Health {
      problems = List.copyOf(problems);
    }
  }
}
