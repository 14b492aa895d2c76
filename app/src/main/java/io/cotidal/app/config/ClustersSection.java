package io.cotidal.app.config;

import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.List;

/** Reads what stands below {@code postgres}: clusters. */
public final class ClustersSection extends KindSection<Clusters> {
  /** The section. */
  public ClustersSection() {
    super("postgres", Clusters.class);
  }

  @Override
  Clusters read(Section root, Given given) {
    Clashes clashes = new Clashes();
    List<PostgresSpec> specs = new ArrayList<>();
    root.named(key())
        .forEach((name, section) ->
            new PostgresSection(section, given.secrets(), clashes)
                .read(name)
                .ifPresent(specs::add));
    return new Clusters(specs);
  }
}
