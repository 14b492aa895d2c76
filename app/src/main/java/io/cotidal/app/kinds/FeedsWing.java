package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Feeds;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.config.ReplicasSection;
import io.cotidal.app.feeds.ReplicaChecks;
import io.cotidal.engine.Kind;
import io.cotidal.feeds.actions.FeedsActions;
import io.cotidal.feeds.plan.FeedsKind;
import io.cotidal.feeds.repository.HgHook;
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
    configuration
        .of(Feeds.class)
        .warnings()
        .forEach(warning -> log.warn("event=feeds-warning {}", warning));
    return new Here(configuration);
  }

  private static final class Here implements Open {
    private final ReplicaChecks checks = new ReplicaChecks(new LocalProcesses());
    private final OnePerSpec<FeedsSpec> all;

    Here(Configuration first) {
      Optional<HgHook> within = first.of(Feeds.class).transaction();
      this.all =
          new OnePerSpec<>(
              first, each -> each.of(Feeds.class).named(), spec -> managed(spec, within));
    }

    @Override
    public List<Managed<?, ?>> resources() {
      return all.resources();
    }

    private static Managed<?, ?> managed(FeedsSpec spec, Optional<HgHook> within) {
      return new Managed<>(
          new FeedsKind(), spec, new FeedsDriver(spec, InstantSource.system(), within));
    }

    @Override
    public Optional<Exchange> exchange() {
      return Optional.of(all);
    }

    @Override
    public List<Doctor.Check> checks() {
      return all.running().stream().flatMap(spec -> checks.of(spec).stream()).toList();
    }
  }
}
