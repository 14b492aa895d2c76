package io.cotidal.runtime;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.Report;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs resources: a loop for each, one election for all, and the facade for those who show and
 * command them. It acts only while it holds the election; else it looks and shows. Thread-safe.
 */
public final class Daemon implements ControlPlane, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Daemon.class);

  /** How long a driver may take to say how an item is reached. */
  static final Duration ACCESS = Duration.ofSeconds(10);

  /** What a daemon stands on. The daemon closes the election; the store and the clock stay open. */
  public record Ground(Clock clock, Store store, Election election, Accord accord) {
    /** Of a daemon whose configuration nobody compares. */
    public Ground(Clock clock, Store store, Election election) {
      this(clock, store, election, Accord.ALWAYS);
    }
  }

  private final Ground ground;
  private final List<Action> actions;
  private final Runners runners;
  private final Subscribers subscribers = new Subscribers();
  private final EventFeed feed;
  private final EarlierRequests earlier;
  private volatile boolean stopping;

  /**
   * A daemon that does nothing yet.
   *
   * @param actions what can be asked of resources of any kind
   * @param resources with different ids
   * @throws IllegalArgumentException if two resources have one id
   */
  public Daemon(
      Ground ground, List<Action> actions, Collection<? extends Managed<?, ?>> resources) {
    this.ground = ground;
    this.actions = List.copyOf(actions);
    this.earlier = new EarlierRequests(ground.store());
    this.feed =
        new EventFeed(
            ground.store(), event -> subscribers.tell(new ControlPlane.Change.Logged(event)));
    this.runners = new Runners(ground, feed::look, subscribers::tell);
    resources.forEach(runners::enlist);
  }

  /**
   * Runs one more resource; from the start on, if the daemon is not started yet.
   *
   * @throws IllegalArgumentException if there is one of its id
   * @throws IllegalStateException if the daemon is stopping; the resource is not touched
   */
  public void add(Managed<?, ?> resource) {
    runners.add(resource);
  }

  /**
   * Runs a resource anew, with another spec for example, as a daemon that is started again would:
   * acts under way end, no others begin, and what is open is taken up from the journal.
   *
   * @param next what runs in its place; not touched if it does not come to run
   * @return false, with everything as before, if an act under way did not end within some seconds
   * @throws IllegalArgumentException if there is no resource of that id
   * @throws IllegalStateException if the daemon is stopping; {@code next} is not touched
   */
  public boolean replace(ResourceId id, Managed<?, ?> next) {
    return runners.replace(id, next);
  }

  /**
   * Manages a resource no more; its members run on, and what the store holds of it stays.
   *
   * @return false, with everything as before, if an act under way did not end within some seconds
   * @throws IllegalArgumentException if there is no resource of that id
   */
  public boolean release(ResourceId id) {
    return runners.release(id);
  }

  /** What this daemon is elected for and must leave alone, and why. */
  public SortedMap<ResourceId, String> leftAlone() {
    return runners.leftAlone();
  }

  /** Asks anew whether this daemon may manage the resource. */
  public void reconsider(ResourceId id) {
    runners.lead(id);
  }

  /** Begins to look at every member, and to act once the election is won. */
  public void start() {
    runners.start();
    ground.election().start(candidate());
    followOthers();
  }

  private Election.Candidate candidate() {
    return new Election.Candidate() {
      @Override
      public void won() {
        runners.won();
      }

      @Override
      public void lost(String reason) {
        runners.lost(reason);
      }
    };
  }

  /** While another daemon leads, its events and rows come into the store without a word to us. */
  private void followOthers() {
    if (!stopping) {
      if (!ground.election().held()) {
        feed.look();
        runners.follow();
      } else {
        runners.askAgain();
      }
      ground.clock().at(ground.clock().now().nanos() + 1000 * Moment.MILLI, this::followOthers);
    }
  }

  @Override
  public List<ResourceView> resources() {
    return runners.all().stream().map(runner -> runner.loop().view()).toList();
  }

  @Override
  public Optional<ResourceView> resource(ResourceId id) {
    return runners.of(id).map(runner -> runner.loop().view());
  }

  @Override
  public CompletableFuture<Reply> command(ResourceId id, Command command) {
    Runner runner = runners.of(id).orElse(null);
    if (runner == null) {
      return CompletableFuture.completedFuture(new Reply.NotFound("resource " + id));
    }
    if (stopping) {
      return CompletableFuture.failedFuture(new IllegalStateException("the daemon is stopping"));
    }
    return earlier
        .reply(id, command)
        .thenCompose(known ->
            known.map(CompletableFuture::completedFuture).orElseGet(() -> ask(runner, command)));
  }

  /** Who leads is named here: the engine knows only that it does not. */
  private CompletableFuture<Reply> ask(Runner runner, Command command) {
    boolean asksOnly = command instanceof Command.Begin begin && begin.dryRun();
    String refused = runners.leftAlone().get(runner.loop().id());
    if (refused != null && !asksOnly) {
      return CompletableFuture.completedFuture(new Reply.NotLeading(refused));
    }
    return asksOnly || ground.election().held()
        ? runner.loop().command(command)
        : CompletableFuture.completedFuture(new Reply.NotLeading(ground.election().reason()));
  }

  /** Who leads, in one sentence, if it is not this daemon; else empty. */
  public String leader() {
    return ground.election().reason();
  }

  @Override
  public List<Action> actions() {
    return actions;
  }

  @Override
  public Optional<Report> read(ResourceId id, String question, Details input) {
    if (stopping) {
      throw new IllegalStateException("the daemon is stopping");
    }
    return runners
        .of(id)
        .map(runner -> new Asking(ground.clock()).ask(runner.loop(), question, input));
  }

  @Override
  public SortedMap<String, Secret> access(ResourceId id, Item item) {
    if (stopping) {
      throw new IllegalStateException("the daemon is stopping");
    }
    return runners
        .of(id)
        .map(runner -> new Reaching(ground.clock(), ACCESS).ask(id, item, runner.driver()))
        .orElseGet(TreeMap::new);
  }

  @Override
  public Optional<Operation> operation(OperationId id) {
    Optional<Operation> live =
        resource(id.resource()).stream()
            .flatMap(view -> view.operations().stream())
            .filter(operation -> operation.id().equals(id))
            .findFirst();
    return live.isPresent() ? live : ground.store().operation(id);
  }

  @Override
  public List<Operation> operations(ResourceId id, int limit) {
    return ground.store().operations(id, limit);
  }

  @Override
  public List<Store.LoggedEvent> events(@Nullable ResourceId id, long after, int limit) {
    return ground.store().events(id, after, limit);
  }

  @Override
  public List<Store.LoggedEvent> latest(@Nullable ResourceId id, long before, int limit) {
    return ground.store().latest(id, before, limit);
  }

  @Override
  public long lastEvent() {
    return ground.store().lastEvent();
  }

  @Override
  public AutoCloseable subscribe(Consumer<Change> listener) {
    return subscribers.add(listener);
  }

  @Override
  public Health health() {
    List<String> problems = new ArrayList<>();
    runners.all().forEach(runner -> stuck(runner).ifPresent(problems::add));
    boolean live = problems.isEmpty();
    if (stopping) {
      problems.add("the daemon is stopping");
    }
    if (!ground.election().held()) {
      problems.add("not leading: " + ground.election().reason());
    }
    runners.leftAlone().forEach((id, why) -> problems.add(id + ": " + why));
    runners.all().forEach(runner -> problems.addAll(runner.loop().problems()));
    return new Health(live, problems.isEmpty(), problems);
  }

  private static Optional<String> stuck(Runner runner) {
    Duration idle = runner.loop().sinceTurn();
    boolean tooLong = runner.loop().fault() == null && idle.compareTo(runner.patience()) > 0;
    return tooLong
        ? Optional.of(runner.loop().id() + ": its loop has not turned for " + Failures.text(idle))
        : Optional.empty();
  }

  /**
   * Stops in order: takes no more commands, lets acts under way end within ten seconds and begins
   * no others, resigns. What could not end is inspected by whoever leads next. Ends within twelve
   * seconds. The second call does nothing.
   */
  @Override
  public void close() {
    if (stopping) {
      return;
    }
    stopping = true;
    boolean started = runners.end();
    Farewell farewell = new Farewell(runners.all());
    boolean quiet = farewell.loops(started);
    ground.election().close();
    subscribers.close();
    farewell.drivers();
    log.info("event=stopped in-order={}", quiet);
  }
}
