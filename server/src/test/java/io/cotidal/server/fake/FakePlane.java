package io.cotidal.server.fake;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.Report;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.runtime.ControlPlane;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps views, operations and events in memory; what a command does, whoever makes it decides. */
public final class FakePlane implements ControlPlane {
  private final Map<ResourceId, ResourceView> views = new TreeMap<>();
  private final Map<OperationId, Operation> operations =
      new TreeMap<>(
          Comparator.comparing(OperationId::resource).thenComparingLong(OperationId::number));
  private final List<LoggedEvent> events = new ArrayList<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private final List<Action> actions;
  private long version;
  private volatile Health health = new Health(true, true, List.of());
  private volatile BiFunction<ResourceId, Command, Reply> onCommand =
      (_, _) -> new Reply.Invalid("nobody listens");
  private volatile BiFunction<ResourceId, Item, SortedMap<String, Secret>> onAccess =
      (_, _) -> new TreeMap<>();

  /** A plane that offers {@code actions}. */
  public FakePlane(List<Action> actions) {
    this.actions = List.copyOf(actions);
  }

  /** From now on commands are answered by {@code answer}. */
  public void onCommand(BiFunction<ResourceId, Command, Reply> answer) {
    onCommand = answer;
  }

  /** From now on it is so well. */
  public void health(Health now) {
    health = now;
  }

  /** Shows a resource for the first time, or anew. */
  public synchronized void show(ResourceView view) {
    views.put(view.id(), view);
    view.operations().forEach(operation -> operations.put(operation.id(), operation));
    version++;
    tell(new Change.Updated(view.id(), version));
  }

  /** Changes what is shown of a resource. */
  public synchronized void change(ResourceId id, UnaryOperator<ResourceView> how) {
    show(how.apply(views.get(id)));
  }

  /** Writes an operation and shows it first among its resource's. */
  public synchronized void put(Operation operation) {
    change(
        operation.id().resource(),
        view -> {
          List<Operation> all = new ArrayList<>(view.operations());
          all.removeIf(old -> old.id().equals(operation.id()));
          all.add(operation);
          all.sort(Comparator.comparingLong(Operation::number).reversed());
          return Scenes.with(view, all);
        });
  }

  /** Logs an event. */
  public synchronized void log(Event event) {
    LoggedEvent logged = new LoggedEvent(events.size() + 1L, event);
    events.add(logged);
    tell(new Change.Logged(logged));
  }

  /** The next free number of a resource. */
  public synchronized long nextNumber(ResourceId id) {
    return operations.keySet().stream()
            .filter(known -> known.resource().equals(id))
            .mapToLong(OperationId::number)
            .max()
            .orElse(0)
        + 1;
  }

  /** Tells every listener something. */
  public void tell(Change change) {
    listeners.forEach(listener -> listener.accept(change));
  }

  /** How many listen. */
  public int listeners() {
    return listeners.size();
  }

  @Override
  public synchronized List<ResourceView> resources() {
    return List.copyOf(views.values());
  }

  @Override
  public synchronized Optional<ResourceView> resource(ResourceId id) {
    return Optional.ofNullable(views.get(id));
  }

  @Override
  public CompletableFuture<Reply> command(ResourceId id, Command command) {
    return CompletableFuture.completedFuture(onCommand.apply(id, command));
  }

  /** From now on items are reached as {@code answer} says. */
  public void onAccess(BiFunction<ResourceId, Item, SortedMap<String, Secret>> answer) {
    onAccess = answer;
  }

  @Override
  public Optional<Report> read(ResourceId id, String question, Details input) {
    if (input.get("member", "").equals("nobody")) {
      throw new IllegalArgumentException("no member 'nobody'");
    }
    return resource(id)
        .map(view ->
            new Report(
                "one is as it should be",
                List.of(new Report.Line("a", Report.Verdict.YES, "it streams"))));
  }

  @Override
  public SortedMap<String, Secret> access(ResourceId id, Item item) {
    return onAccess.apply(id, item);
  }

  @Override
  public List<Action> actions() {
    return actions;
  }

  @Override
  public synchronized Optional<Operation> operation(OperationId id) {
    return Optional.ofNullable(operations.get(id));
  }

  @Override
  public synchronized List<Operation> operations(ResourceId id, int limit) {
    return operations.values().stream()
        .filter(operation -> operation.id().resource().equals(id))
        .sorted(Comparator.comparingLong(Operation::number).reversed())
        .limit(limit)
        .map(operation -> operation.withSteps(List.of()))
        .toList();
  }

  @Override
  public synchronized List<LoggedEvent> events(@Nullable ResourceId id, long after, int limit) {
    return events.stream()
        .filter(event -> event.sequence() > after)
        .filter(event -> id == null || event.event().resource().equals(id))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<LoggedEvent> latest(@Nullable ResourceId id, long before, int limit) {
    List<LoggedEvent> older =
        events.stream()
            .filter(event -> event.sequence() < before)
            .filter(event -> id == null || event.event().resource().equals(id))
            .toList();
    return older.subList(Math.max(0, older.size() - limit), older.size());
  }

  @Override
  public synchronized long lastEvent() {
    return events.size();
  }

  @Override
  public AutoCloseable subscribe(Consumer<Change> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public Health health() {
    return health;
  }
}
