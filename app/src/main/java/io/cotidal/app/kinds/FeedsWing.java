package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Feeds;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.config.ReplicasSection;
import io.cotidal.app.feeds.ReplicaChecks;
import io.cotidal.engine.Kind;
import io.cotidal.engine.ResourceView;
import io.cotidal.feeds.actions.FeedsActions;
import io.cotidal.feeds.plan.FeedsKind;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.steps.FeedsDriver;
import io.cotidal.model.Action;
import io.cotidal.model.ResourceId;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.runtime.Managed;
import io.cotidal.server.Doctor;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replicas of published datasets. */
final class FeedsWing implements Wing {
  private static final Logger log = LoggerFactory.getLogger(FeedsWing.class);

  @Override
  public Kind<?, ?> kind() {
    return new FeedsKind();
  }

  @Override
  public KindSection<?> section() {
    return new ReplicasSection();
  }

  @Override
  public List<Action> actions() {
    return FeedsActions.ALL;
  }

  @Override
  public Map<ResourceId, Object> wanted(Configuration configuration) {
    return configuration.of(Feeds.class).named().stream()
        .collect(Collectors.toMap(FeedsSpec::id, spec -> spec));
  }

  @Override
  public Open open(Configuration configuration, Basis basis) {
    Feeds feeds = configuration.of(Feeds.class);
    feeds.warnings().forEach(warning -> log.warn("event=feeds-warning {}", warning));
    return new Here(feeds);
  }

  private static final class Here implements Open, Exchange {
    private final Feeds feeds;
    private final ReplicaChecks checks = new ReplicaChecks(new LocalProcesses());

    /** Those that run now. */
    private final Map<ResourceId, FeedsSpec> running = new ConcurrentSkipListMap<>();

    Here(Feeds feeds) {
      this.feeds = feeds;
      feeds.named().forEach(spec -> running.put(spec.id(), spec));
    }

    @Override
    public List<Managed<?, ?>> resources() {
      return feeds.named().stream().<Managed<?, ?>>map(this::managed).toList();
    }

    private Managed<?, ?> managed(FeedsSpec spec) {
      return new Managed<>(
          new FeedsKind(),
          spec,
          new FeedsDriver(spec, InstantSource.system(), feeds.transaction()));
    }

    @Override
    public Optional<Exchange> exchange() {
      return Optional.of(this);
    }

    @Override
    public Managed<?, ?> resource(Configuration next, ResourceId id) {
      return Optional.ofNullable(named(next).get(id))
          .<Managed<?, ?>>map(this::managed)
          .orElseThrow(() -> new IllegalArgumentException("nothing is written of " + id));
    }

    private static Map<ResourceId, FeedsSpec> named(Configuration next) {
      return next.of(Feeds.class).named().stream()
          .collect(Collectors.toMap(FeedsSpec::id, Function.identity()));
    }

    /** What is published stays where it is; what nobody wants any more is planned from there. */
    @Override
    public Optional<String> objection(Configuration next, ResourceView view) {
      return Optional.empty();
    }

    @Override
    public void applied(Configuration next, Set<ResourceId> changed) {
      Map<ResourceId, FeedsSpec> named = named(next);
      for (ResourceId id : changed) {
        FeedsSpec spec = named.get(id);
        if (spec == null) {
          running.remove(id);
        } else {
          running.put(id, spec);
        }
      }
    }

    @Override
    public List<Doctor.Check> checks() {
      return running.values().stream().flatMap(spec -> checks.of(spec).stream()).toList();
    }
  }
}
