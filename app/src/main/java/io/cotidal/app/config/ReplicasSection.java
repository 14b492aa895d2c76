package io.cotidal.app.config;

import io.cotidal.feeds.spec.FeedsSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what stands below {@code feeds}: a replica each. */
public final class ReplicasSection extends KindSection<Feeds> {
  /** The section. */
  public ReplicasSection() {
    super(Feeds.KIND, Feeds.class);
  }

  @Override
  Feeds read(Section root, Given given) {
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
    return new Feeds(replicas);
  }
}
