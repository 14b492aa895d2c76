package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Feeds;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.config.ReplicasSection;
import io.cotidal.engine.Kind;
import io.cotidal.feeds.actions.FeedsActions;
import io.cotidal.feeds.plan.FeedsKind;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.steps.FeedsDriver;
import io.cotidal.model.Action;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.Managed;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Replicas of published datasets. */
final class FeedsWing implements Wing {
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
    List<Managed<?, ?>> resources =
        feeds.named().stream()
            .<Managed<?, ?>>map(spec ->
                new Managed<>(new FeedsKind(), spec, new FeedsDriver(spec, InstantSource.system())))
            .toList();
    return () -> resources;
  }
}
