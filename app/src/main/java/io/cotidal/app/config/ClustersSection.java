package io.cotidal.app.config;

import io.cotidal.model.ResourceId;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.StateTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
    Map<ResourceId, StateTable> tables = new TreeMap<>();
    root.named(key())
        .forEach((name, section) -> {
          PostgresSection cluster = new PostgresSection(section, given.secrets(), clashes);
          Optional<PostgresSpec> spec = cluster.read(name);
          spec.ifPresent(specs::add);
          spec.ifPresent(each -> cluster.table().ifPresent(table -> tables.put(each.id(), table)));
        });
    return new Clusters(specs, tables, new HandyrepSection(root, given.secrets()).read(specs));
  }
}
