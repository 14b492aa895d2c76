package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.config.Namespaces;
import io.cotidal.app.config.NamespacesSection;
import io.cotidal.engine.Kind;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Action;
import io.cotidal.model.ResourceId;
import io.cotidal.objects.actions.ObjectsActions;
import io.cotidal.objects.plan.ObjectsKind;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.steps.ObjectsDriver;
import io.cotidal.runtime.Managed;
import io.cotidal.server.Doctor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
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
    return new Here(configuration.of(Namespaces.class));
  }

  private static final class Here implements Open, Exchange {
    private final Namespaces namespaces;

    /** Those that run now. */
    private final Map<ResourceId, ObjectsSpec> running = new ConcurrentSkipListMap<>();

    Here(Namespaces namespaces) {
      this.namespaces = namespaces;
      namespaces.named().forEach(spec -> running.put(spec.id(), spec));
    }

    @Override
    public List<Managed<?, ?>> resources() {
      return namespaces.named().stream().<Managed<?, ?>>map(Here::managed).toList();
    }

    private static Managed<?, ?> managed(ObjectsSpec spec) {
      return new Managed<>(
          new ObjectsKind(), spec, new ObjectsDriver(spec, InstantSource.system()));
    }

    @Override
    public Optional<Exchange> exchange() {
      return Optional.of(this);
    }

    @Override
    public Managed<?, ?> resource(Configuration next, ResourceId id) {
      return Optional.ofNullable(named(next).get(id))
          .<Managed<?, ?>>map(Here::managed)
          .orElseThrow(() -> new IllegalArgumentException("nothing is written of " + id));
    }

    private static Map<ResourceId, ObjectsSpec> named(Configuration next) {
      return next.of(Namespaces.class).named().stream()
          .collect(Collectors.toMap(ObjectsSpec::id, Function.identity()));
    }

    /** What was agreed stays in its folder; what no rule names any more is planned from there. */
    @Override
    public Optional<String> objection(Configuration next, ResourceView view) {
      return Optional.empty();
    }

    @Override
    public void applied(Configuration next, Set<ResourceId> changed) {
      Map<ResourceId, ObjectsSpec> named = named(next);
      for (ResourceId id : changed) {
        ObjectsSpec spec = named.get(id);
        if (spec == null) {
          running.remove(id);
        } else {
          running.put(id, spec);
        }
      }
    }

    @Override
    public List<Doctor.Check> checks() {
      return running.values().stream().map(Here::folder).toList();
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
