package io.cotidal.runtime;

import io.cotidal.engine.Engine;
import io.cotidal.engine.State;
import io.cotidal.model.Moment;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Spec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * The resources that a daemon runs. They come, are replaced and go, and each of them is told
 * whether this daemon leads it. Thread-safe.
 */
final class Runners {
  /** Below this a loop that has not turned may just be waiting. */
  private static final Duration STUCK = Duration.ofSeconds(10);

  private final Daemon.Ground ground;
  private final ResourceLoop.World world;
  private final Consumer<ControlPlane.Change> changes;
  private final Map<ResourceId, Runner> all = new ConcurrentSkipListMap<>();
  private final FleetWatch fleet;
  private final Permits permits;
  private final Object turns = new Object();

  // Guarded by turns: who comes or goes while the daemon starts or stops is begun once, and is
  // ended with the others.
  private boolean started;
  private boolean ended;

  /**
   * Runs none yet.
   *
   * @param logged called when events have been logged; must not block
   * @param changes told what has changed; must not block
   */
  Runners(Daemon.Ground ground, Runnable logged, Consumer<ControlPlane.Change> changes) {
    this.ground = ground;
    this.changes = changes;
    this.fleet =
        new FleetWatch(
            ground.clock(), why -> all.values().forEach(runner -> runner.loop().suspected(why)));
    this.permits = new Permits(ground.accord(), ground.election()::held);
    ResourceLoop.Listener listener =
        new ResourceLoop.Listener() {
          @Override
          public void updated(ResourceId id, long version) {
            changes.accept(new ControlPlane.Change.Updated(id, version));
          }

          @Override
          public void logged() {
            logged.run();
          }

          @Override
          public void departed(ResourceId id, State<?> state) {
            fleet.on(id, state);
          }
        };
    this.world =
        new ResourceLoop.World(ground.clock(), ground.store(), listener, ground.election()::held);
  }

  /** Those there are at each moment, by id. */
  Collection<Runner> all() {
    return all.values();
  }

  /** The one of that id, if there is one. */
  Optional<Runner> of(ResourceId id) {
    return Optional.ofNullable(all.get(id));
  }

  /**
   * One more, which does nothing yet.
   *
   * @throws IllegalArgumentException if there is one of its id
   */
  void enlist(Managed<?, ?> resource) {
    enlist(prepare(resource));
  }

  private void enlist(Runner runner) {
    ResourceId id = runner.loop().id();
    if (all.putIfAbsent(id, runner) != null) {
      throw new IllegalArgumentException("resource " + id + " is there twice");
    }
  }

  private <S extends Spec, F> Runner prepare(Managed<S, F> resource) {
    S spec = resource.spec();
    Moment now = world.clock().now();
    Engine<S, F> engine =
        resource.discovery().isPresent()
            ? Engine.discovering(resource.kind(), spec, now)
            : new Engine<>(resource.kind(), spec, now);
    ResourceLoop<S, F> loop =
        new ResourceLoop<>(spec.id(), Brain.of(engine), resource.driver(), world);
    Duration twoTicks = spec.tick().multipliedBy(2);
    Duration patience = twoTicks.compareTo(STUCK) > 0 ? twoTicks : STUCK;
    Optional<SourceWatch> watch =
        resource
            .discovery()
            .map(found -> new SourceWatch(spec.id(), found, world.clock(), loop::heard));
    return new Runner(loop, patience, resource.driver(), watch);
  }

  /** Begins to look at every member of each. */
  void start() {
    synchronized (turns) {
      started = true;
      all.values().forEach(this::begin);
    }
  }

  /** From now on nobody comes; whether those there were ever begun. */
  boolean end() {
    synchronized (turns) {
      ended = true;
      return started;
    }
  }

  private void goesOn() {
    if (ended) {
      throw new IllegalStateException("the daemon is stopping");
    }
  }

  private void beginIfStarted(Runner runner) {
    if (started) {
      begin(runner);
    }
  }

  private void begin(Runner runner) {
    runner.loop().start();
    fleet.welcome(runner.loop()::suspected);
    runner.watch().ifPresent(SourceWatch::start);
  }

  /** As {@link Daemon#add}. */
  void add(Managed<?, ?> resource) {
    Runner runner = prepare(resource);
    synchronized (turns) {
      goesOn();
      enlist(runner);
      beginIfStarted(runner);
    }
    lead(resource.spec().id());
  }

  /** As {@link Daemon#replace}. */
  boolean replace(ResourceId id, Managed<?, ?> next) {
    Runner runner = prepare(next);
    if (!end(id, "its configuration has changed: ask again")) {
      return false;
    }
    // Who of it is gone counts until it says anew who is: else the others would let go meanwhile.
    synchronized (turns) {
      goesOn();
      all.put(id, runner);
      beginIfStarted(runner);
    }
    lead(id);
    changes.accept(new ControlPlane.Change.Resync());
    return true;
  }

  /** As {@link Daemon#release}. */
  boolean release(ResourceId id) {
    if (!end(id, "it is managed no more")) {
      return false;
    }
    all.remove(id);
    permits.forget(id);
    fleet.forget(id);
    changes.accept(new ControlPlane.Change.Resync());
    return true;
  }

  private boolean end(ResourceId id, String reason) {
    Runner runner = all.get(id);
    if (runner == null) {
      throw new IllegalArgumentException("there is no resource " + id);
    }
    Farewell farewell = new Farewell(List.of(runner));
    synchronized (turns) {
      if (!started) {
        // What never turned has nothing under way, and would not say so.
        farewell.drivers();
        return true;
      }
    }
    return farewell.alone(reason);
  }

  /** This daemon leads those of which nothing speaks against it. */
  void won() {
    all.values().forEach(runner -> permits.ask(runner.loop()));
  }

  /** This daemon leads none; {@code reason} is one sentence. */
  void lost(String reason) {
    permits.forget();
    all.values().forEach(runner -> runner.loop().lost(reason));
  }

  /** Told twice of one victory, by us and by the election, a loop claims twice: no harm. */
  void lead(ResourceId id) {
    Runner runner = all.get(id);
    if (runner != null && ground.election().held()) {
      permits.ask(runner.loop());
    }
  }

  /** Shows what another daemon that leads has written. */
  void follow() {
    all.values().forEach(runner -> runner.loop().follow());
  }

  /** Asks anew for those that this daemon must leave alone though it is elected. */
  void askAgain() {
    for (ResourceId id : permits.refused().keySet()) {
      Runner runner = all.get(id);
      if (runner != null) {
        runner.loop().follow();
        permits.ask(runner.loop());
      }
    }
  }

  /** What this daemon is elected for and must leave alone, and why. */
  SortedMap<ResourceId, String> leftAlone() {
    return permits.refused();
  }
}
