package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Directories;
import io.cotidal.app.config.DirectoriesSection;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.directory.OwnStore;
import io.cotidal.app.directory.Roster;
import io.cotidal.directory.actions.DirectoryActions;
import io.cotidal.directory.plan.DirectoryKind;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.steps.DirectoryDriver;
import io.cotidal.directory.target.Servers;
import io.cotidal.directory.target.Target;
import io.cotidal.engine.Kind;
import io.cotidal.model.Action;
import io.cotidal.runtime.Discovery;
import io.cotidal.runtime.Managed;
import io.cotidal.server.Doctor;
import io.cotidal.sources.Sources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
  public Open open(Configuration configuration, Basis basis) {
    Directories directories = configuration.of(Directories.class);
    if (directories.alone()) {
      OwnStore.check(Path.of(configuration.store() + ".lock"));
    }
    directories.warnings().forEach(warning -> log.warn("event=directory-warning {}", warning));
    return new Here(directories.named(), Executors.newVirtualThreadPerTaskExecutor());
  }

  private record Here(List<Directories.Directory> directories, ExecutorService questions)
      implements Open {
    @Override
    public List<Managed<?, ?>> resources() {
      return directories.stream().<Managed<?, ?>>map(this::managed).toList();
    }

    private Managed<?, ?> managed(Directories.Directory directory) {
      DirectoryKind kind = new DirectoryKind();
      DirectorySpec spec = directory.spec();
      Servers servers = target(spec.target()).servers(spec);
      if (directory.source().isEmpty()) {
        return new Managed<>(kind, spec, new DirectoryDriver(() -> spec, servers));
      }
      Roster roster =
          new Roster(
              new Sources(questions).open(directory.source().get()), kind, spec, directory.port());
      return new Managed<>(
          kind,
          spec,
          new DirectoryDriver(roster, servers),
          Optional.of(new Discovery(roster, spec.tick())));
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
      List<Doctor.Check> checks = new ArrayList<>();
      for (Directories.Directory each : directories) {
        String name = each.spec().id().toString();
        boolean plain =
            each.spec().access().security() == Security.PLAIN
                || each.spec().replication().security() == Security.PLAIN;
        checks.add(
            plain
                ? Doctor.Check.ill(
                    name,
                    "passwords and data cross the network in clear",
                    "write security: starttls or ldaps")
                : Doctor.Check.well(name, "every connection is over TLS"));
      }
      return checks;
    }
  }
}
