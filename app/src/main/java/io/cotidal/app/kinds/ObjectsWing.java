package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.config.Namespaces;
import io.cotidal.app.config.NamespacesSection;
import io.cotidal.engine.Kind;
import io.cotidal.model.Action;
import io.cotidal.model.ResourceId;
import io.cotidal.objects.actions.ObjectsActions;
import io.cotidal.objects.plan.ObjectsKind;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.steps.Forecast;
import io.cotidal.objects.steps.ObjectsDriver;
import io.cotidal.remote.Deadline;
import io.cotidal.runtime.Managed;
import io.cotidal.server.Doctor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Namespaces over independent Swift sites. */
final class ObjectsWing implements Wing {
  @Override
  public Kind<?, ?> kind() {
    return new ObjectsKind();
  }

  @Override
  public KindSection<?> section() {
    return new NamespacesSection();
  }

  @Override
  public List<Action> actions() {
    return ObjectsActions.ALL;
  }

  @Override
  public Map<ResourceId, Object> wanted(Configuration configuration) {
    return configuration.of(Namespaces.class).named().stream()
        .collect(Collectors.toMap(ObjectsSpec::id, spec -> spec));
  }

  @Override
  public Open open(Configuration configuration, Basis basis) {
    return new Here(configuration);
  }

  private static final class Here implements Open {
    private final OnePerSpec<ObjectsSpec> all;

    Here(Configuration first) {
      this.all =
          new OnePerSpec<>(
              first, each -> each.of(Namespaces.class).named(), Here::managed, Here::foreseen);
    }

    @Override
    public List<Managed<?, ?>> resources() {
      return all.resources();
    }

    private static Managed<?, ?> managed(ObjectsSpec spec) {
      return new Managed<>(
          new ObjectsKind(), spec, new ObjectsDriver(spec, InstantSource.system()));
    }

    /** What other rules would move. */
    private static List<String> foreseen(ObjectsSpec now, ObjectsSpec next, Deadline deadline) {
      try {
        return Forecast.of(now, next, InstantSource.system(), deadline);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return List.of("unknown: what would move, for it was interrupted");
      }
    }

    @Override
    public Optional<Exchange> exchange() {
      return Optional.of(all);
    }

    @Override
    public List<Doctor.Check> checks() {
      return all.running().stream().map(Here::folder).toList();
    }

    /** Without it nobody could tell a deletion from an object that never came. */
    private static Doctor.Check folder(ObjectsSpec spec) {
      String name = spec.id() + " folder";
      @Nullable Path there = spec.folder();
      while (there != null && !Files.exists(there)) {
        there = there.getParent();
      }
      boolean ok = there != null && Files.isDirectory(there) && Files.isWritable(there);
      return new Doctor.Check(
          name,
          ok,
          ok ? spec.folder() + " can be written" : spec.folder() + " cannot be written",
          ok ? "" : "give it to the user of this daemon, mode 0700");
    }
  }
}
