package io.cotidal.app;

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
import io.cotidal.runtime.ControlPlane;
import io.cotidal.runtime.Daemon;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A daemon that was told not to accept commands: it answers what it sees and what the store holds,
 * and says what a command would do. It leads all the same if it is elected.
 */
final class ReadOnlyPlane implements ControlPlane {
  private final Daemon daemon;

  ReadOnlyPlane(Daemon daemon) {
    this.daemon = daemon;
  }

  @Override
  public CompletableFuture<Reply> command(ResourceId id, Command command) {
    boolean asksOnly = command instanceof Command.Begin begin && begin.dryRun();
    if (asksOnly || daemon.resource(id).isEmpty()) {
      return daemon.command(id, command);
    }
    String leader = daemon.leader();
    return CompletableFuture.completedFuture(
        new Reply.NotLeading(
            "this daemon takes no commands (accept-commands: false); "
                + (leader.isEmpty() ? "it leads itself now" : leader)));
  }

  @Override
  public List<ResourceView> resources() {
    return daemon.resources();
  }

  @Override
  public Optional<ResourceView> resource(ResourceId id) {
    return daemon.resource(id);
  }

  @Override
  public List<Action> actions() {
    return daemon.actions();
  }

  @Override
  public Optional<Report> read(ResourceId id, String question, Details input) {
    return daemon.read(id, question, input);
  }

  @Override
  public SortedMap<String, Secret> access(ResourceId id, Item item) {
    return daemon.access(id, item);
  }

  @Override
  public Optional<Operation> operation(OperationId id) {
    return daemon.operation(id);
  }

  @Override
  public List<Operation> operations(ResourceId id, int limit) {
    return daemon.operations(id, limit);
  }

  @Override
  public List<Store.LoggedEvent> events(@Nullable ResourceId id, long after, int limit) {
    return daemon.events(id, after, limit);
  }

  @Override
  public List<Store.LoggedEvent> latest(@Nullable ResourceId id, long before, int limit) {
    return daemon.latest(id, before, limit);
  }

  @Override
  public long lastEvent() {
    return daemon.lastEvent();
  }

  @Override
  public AutoCloseable subscribe(Consumer<Change> listener) {
    return daemon.subscribe(listener);
  }

  @Override
  public Health health() {
    return daemon.health();
  }
}
