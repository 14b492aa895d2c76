package io.cotidal.app.config;

import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.StateTable;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator asked for of clusters of PostgreSQL.
 *
 * @param named in the order of the file
 * @param tables where the states of some are written, in the managed databases
 * @param handyrep where HandyRep's functions are served; empty if nowhere
 */
public record Clusters(
    List<PostgresSpec> named, Map<ResourceId, StateTable> tables, Optional<Handyrep> handyrep) {
  /** Copies the collections. */
  public Clusters {
    named = List.copyOf(named);
    tables = Map.copyOf(tables);
  }

  /**
   * HandyRep's functions.
   *
   * @param listen where they have a listener of their own; empty if nowhere
   * @param api whether they are below {@code /handyrep/} of the API's listener
   * @param cluster whose functions are at the root of their own listener
   * @param adminPassword lets whoever has it change clusters; empty if tokens alone do
   * @param readPassword lets whoever has it look; empty if tokens alone do
   */
  public record Handyrep(
      Optional<InetSocketAddress> listen,
      boolean api,
      String cluster,
      Optional<Secret> adminPassword,
      Optional<Secret> readPassword) {}
}
