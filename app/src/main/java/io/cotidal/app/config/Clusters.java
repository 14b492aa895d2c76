package io.cotidal.app.config;

import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;

/**
 * What the operator asked for of clusters of PostgreSQL.
 *
 * @param named in the order of the file
 */
public record Clusters(List<PostgresSpec> named) {
  /** Copies the list. */
  public Clusters {
    named = List.copyOf(named);
  }
}
