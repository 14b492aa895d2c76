package io.cotidal.app.config;

import io.cotidal.feeds.environment.FeedsEnvironment;
import io.cotidal.feeds.repository.HgHook;
import io.cotidal.feeds.repository.RepositoryException;
import io.cotidal.feeds.spec.FeedsSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what stands below {@code feeds}: a replica each. Where nothing stands there, the original's
 * own variables may say one.
 */
public final class ReplicasSection extends KindSection<Feeds> {
  /** The variable that is set, by {@code cot feed hook}, where Mercurial's own ones are meant. */
  public static final String HOOK = "COT_FEED_HOOK";

  /** The section. */
  public ReplicasSection() {
    super(Feeds.KIND, Feeds.class);
  }

  @Override
  boolean meant(Map<String, String> environment) {
    return FeedsEnvironment.isMeant(environment);
  }

  @Override
  Feeds read(Section root, Given given) {
    Optional<HgHook> transaction = transaction(given);
    return !root.has(key()) && meant(given.environment())
        ? new BorgConfiguration(given).read(transaction)
        : new Feeds(written(root, given), List.of(), transaction);
  }

  /** Of Mercurial, if it is told that this process is its hook. */
  private static Optional<HgHook> transaction(Given given) {
    if (!given.environment().containsKey(HOOK)) {
      return Optional.empty();
    }
    try {
      return Optional.of(HgHook.of(given.environment()));
    } catch (RepositoryException e) {
      given
          .report()
          .problem(
              Place.environment("HG_NODE"),
              Feeds.KIND,
              String.valueOf(e.getMessage()),
              "see cot feed hook --help");
      return Optional.empty();
    }
  }

  private List<FeedsSpec> written(Section root, Given given) {
    List<FeedsSpec> replicas = new ArrayList<>();
    Map<Path, String> folders = new LinkedHashMap<>();
    root.named(key())
        .forEach((name, section) -> {
          Optional<FeedsSpec> read = new FeedsSection(section, given.secrets()).read(name);
          read.ifPresent(spec -> {
            String other = folders.putIfAbsent(spec.repository().folder(), name);
            if (other != null) {
              section.problem(
                  "repository",
                  "is the clone of " + other + " too",
                  "give each replica a clone of its own");
            }
            replicas.add(spec);
          });
        });
    return replicas;
  }
}
