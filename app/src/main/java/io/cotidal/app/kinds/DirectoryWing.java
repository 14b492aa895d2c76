package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Directories;
import io.cotidal.app.config.DirectoriesSection;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.config.StorePlace;
import io.cotidal.app.directory.OwnStore;
import io.cotidal.app.directory.Roster;
import io.cotidal.app.directory.ServerChecks;
import io.cotidal.directory.actions.DirectoryActions;
import io.cotidal.directory.plan.DirectoryKind;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.steps.DirectoryDriver;
import io.cotidal.directory.target.Servers;
import io.cotidal.directory.target.Target;
import io.cotidal.engine.Kind;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Action;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.Discovery;
import io.cotidal.runtime.Managed;
import io.cotidal.server.Doctor;
import io.cotidal.sources.Sources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replicated directories, and the sources that name their servers. */
final class DirectoryWing implements Wing {
  private static final Logger log = LoggerFactory.getLogger(DirectoryWing.class);

  @Override
  public Kind<?, ?> kind() {
    return new DirectoryKind();
  }

  @Override
  public KindSection<?> section() {
    return new DirectoriesSection();
  }

  @Override
  public List<Action> actions() {
    return DirectoryActions.ALL;
  }

  @Override
  public Map<ResourceId, Object> wanted(Configuration configuration) {
    return configuration.of(Directories.class).named().stream()
        .collect(Collectors.toMap(directory -> directory.spec().id(), directory -> directory));
  }

  @Override
  public Open open(Configuration configuration, Basis basis) {
    Directories directories = configuration.of(Directories.class);
    if (directories.alone()) {
      alone(configuration.store());
    }
    directories.warnings().forEach(warning -> log.warn("event=directory-warning {}", warning));
    return new Here(directories.named());
  }

  private static void alone(StorePlace store) {
    switch (store) {
      case StorePlace.File file -> OwnStore.check(file.lock());
      case StorePlace.Server server ->
          throw new IllegalArgumentException(
              "store "
                  + server.address()
                  + ": AUTOREP_CLUSTERING_DRIVER_MODULE is standalone, which asks no other"
                  + " instance; name a file of its own with COT_STORE, or write election");
    }
  }

  private static final class Here implements Open, Exchange {
    private final List<Directories.Directory> directories;
    private final ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<ResourceId, ServerChecks> checks = new ConcurrentSkipListMap<>();

    /** Of what has been made ready; it is checked once it runs. */
    private final Map<ResourceId, ServerChecks> ready = new ConcurrentSkipListMap<>();

    Here(List<Directories.Directory> directories) {
      this.directories = directories;
    }

    @Override
    public List<Managed<?, ?>> resources() {
      List<Managed<?, ?>> resources =
          directories.stream().<Managed<?, ?>>map(this::managed).toList();
      checks.putAll(ready);
      return resources;
    }

    private Managed<?, ?> managed(Directories.Directory directory) {
      DirectoryKind kind = new DirectoryKind();
      DirectorySpec spec = directory.spec();
      Servers servers = target(spec.target()).servers(spec);
      if (directory.source().isEmpty()) {
        ready.put(spec.id(), new ServerChecks(() -> spec, servers));
        return new Managed<>(kind, spec, new DirectoryDriver(() -> spec, servers));
      }
      Roster roster =
          new Roster(
              new Sources(questions).open(directory.source().get()), kind, spec, directory.port());
      ready.put(spec.id(), new ServerChecks(roster, servers));
      return new Managed<>(
          kind,
          spec,
          new DirectoryDriver(roster, servers),
          Optional.of(new Discovery(roster, spec.tick())));
    }

    @Override
    public Optional<Exchange> exchange() {
      return Optional.of(this);
    }

    @Override
    public Managed<?, ?> resource(Configuration next, ResourceId id) {
      return next.of(Directories.class).named().stream()
          .filter(directory -> directory.spec().id().equals(id))
          .findFirst()
          .map(this::managed)
          .orElseThrow(() -> new IllegalArgumentException("nothing is written of " + id));
    }

    /** Members that a file no longer names depart as those do whom a source no longer names. */
    @Override
    public Optional<String> objection(Configuration next, ResourceView running) {
      return Optional.empty();
    }

    @Override
    public void applied(Configuration next, Set<ResourceId> changed) {
      Set<ResourceId> named =
          next.of(Directories.class).named().stream()
              .map(directory -> directory.spec().id())
              .collect(Collectors.toSet());
      for (ResourceId id : changed) {
        ServerChecks its = named.contains(id) ? ready.get(id) : null;
        if (its == null) {
          checks.remove(id);
        } else {
          checks.put(id, its);
        }
      }
    }

    /** The configuration has been read with the same class path, so it is there. */
    private static Target target(String name) {
      return ServiceLoader.load(Target.class).stream()
          .map(ServiceLoader.Provider::get)
          .filter(target -> target.name().equals(name))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("target '" + name + "' is not known"));
    }

    @Override
    public void close() {
      questions.shutdownNow();
    }

    @Override
    public List<Doctor.Check> checks() {
      return checks.values().stream().flatMap(each -> each.now(questions).stream()).toList();
    }
  }
}
