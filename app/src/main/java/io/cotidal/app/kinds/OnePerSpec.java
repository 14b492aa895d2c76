package io.cotidal.app.kinds;

import io.cotidal.app.config.Configuration;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Spec;
import io.cotidal.remote.Deadline;
import io.cotidal.runtime.Managed;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Resources that each come of one record of the configuration and of nothing else. They may become
 * anything at any time: what nobody wants any more is planned from what there is. Thread-safe.
 */
final class OnePerSpec<S extends Spec> implements Wing.Exchange {
  private final Function<Configuration, List<S>> named;
  private final Function<S, Managed<?, ?>> making;
  private final Foreseeing<S> foreseeing;
  private final Map<ResourceId, S> running = new ConcurrentSkipListMap<>();

  /**
   * Those that a configuration names.
   *
   * @param named what a configuration says of this kind
   * @param making what runs for one of them
   */
  OnePerSpec(
      Configuration first,
      Function<Configuration, List<S>> named,
      Function<S, Managed<?, ?>> making) {
    this(first, named, making, (_, _, _) -> List.of());
  }

  /** Says what comes of it if one becomes another. */
  @FunctionalInterface
  interface Foreseeing<S> {
    /** A line each; what is not known at the deadline is told as unknown. */
    List<String> of(S now, S next, Deadline deadline);
  }

  /**
   * The same.
   *
   * @param foreseeing what comes of it if one becomes another
   */
  OnePerSpec(
      Configuration first,
      Function<Configuration, List<S>> named,
      Function<S, Managed<?, ?>> making,
      Foreseeing<S> foreseeing) {
    this.named = named;
    this.making = making;
    this.foreseeing = foreseeing;
    named.apply(first).forEach(spec -> running.put(spec.id(), spec));
  }

  /** Those that run now, by name. */
  Collection<S> running() {
    return running.values();
  }

  /** What runs for each. */
  List<Managed<?, ?>> resources() {
    return running.values().stream().<Managed<?, ?>>map(making).toList();
  }

  @Override
  public Managed<?, ?> resource(Configuration next, ResourceId id) {
    return spec(next, id)
        .<Managed<?, ?>>map(making)
        .orElseThrow(() -> new IllegalArgumentException("nothing is written of " + id));
  }

  private Optional<S> spec(Configuration next, ResourceId id) {
    return named.apply(next).stream().filter(spec -> spec.id().equals(id)).findFirst();
  }

  @Override
  public Optional<String> objection(Configuration next, ResourceView view) {
    return Optional.empty();
  }

  @Override
  public List<String> foreseen(Configuration next, ResourceId id, Deadline deadline) {
    @Nullable S now = running.get(id);
    return now == null
        ? List.of()
        : spec(next, id).map(wanted -> foreseeing.of(now, wanted, deadline)).orElse(List.of());
  }

  @Override
  public void applied(Configuration next, Set<ResourceId> changed) {
    for (ResourceId id : changed) {
      spec(next, id).ifPresentOrElse(spec -> running.put(id, spec), () -> running.remove(id));
    }
  }
}
