package io.cotidal.app.config;

import io.cotidal.feeds.repository.HgHook;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.ResourceId;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the operator asked for of replicas of published datasets.
 *
 * @param named in the order of the file
 * @param warnings what an operator should know of the original's environment
 * @param transaction of Mercurial, if this process is its hook
 */
public record Feeds(List<FeedsSpec> named, List<String> warnings, Optional<HgHook> transaction) {
  /** The kind's name, and its key in the file. */
  public static final String KIND = "feeds";

  /** Nothing was asked for. */
  static final Feeds NONE = new Feeds(List.of(), List.of(), Optional.empty());

  /** Beside the look itself: the daemon's own start. */
  private static final Duration START = Duration.ofSeconds(5);

  /** Copies the lists. */
  public Feeds {
    named = List.copyOf(named);
    warnings = List.copyOf(warnings);
  }

  /** Of them only the one of that name, or none. */
  public Feeds only(String name) {
    return new Feeds(
        named.stream().filter(each -> each.id().name().equals(name)).toList(),
        warnings,
        transaction);
  }

  /** Which they are. */
  public List<ResourceId> ids() {
    return named.stream().map(FeedsSpec::id).toList();
  }

  /** How long the first look at each may take. */
  public Duration patience() {
    return named.stream()
        .map(FeedsSpec::deadline)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO)
        .plus(START);
  }
}
