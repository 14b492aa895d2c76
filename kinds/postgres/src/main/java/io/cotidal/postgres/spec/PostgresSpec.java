package io.cotidal.postgres.spec;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Spec;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A PostgreSQL cluster: one primary and its replicas.
 *
 * @param servers the members, in the order in which they are preferred as primary when positions
 *     are equal
 * @param quorum how many replicas must have a commit on disk before it is acknowledged; 0 means
 *     asynchronous
 * @param access how Cotidal and the replicas log in
 * @param settings further server parameters for members that Cotidal creates, as {@code name =
 *     value}
 */
public record PostgresSpec(
    ResourceId id,
    Mode mode,
    List<Server> servers,
    int quorum,
    Failover failover,
    Access access,
    SortedMap<String, String> settings)
    implements Spec {
  /** Copies the lists. */
  public PostgresSpec {
    servers = List.copyOf(servers);
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  @Override
  public List<MemberId> members() {
    return servers.stream().map(Server::id).toList();
  }

  @Override
  public Duration tick() {
    return failover.tick();
  }

  @Override
  public Duration deadline() {
    return failover.deadline();
  }

  /** The server of that name, if the cluster has it. */
  public Optional<Server> server(MemberId member) {
    return servers.stream().filter(server -> server.id().equals(member)).findFirst();
  }

  /**
   * The same cluster with only those servers, in the order given; names that are not known are left
   * out.
   */
  public PostgresSpec withServers(List<MemberId> members) {
    List<Server> kept = members.stream().flatMap(member -> server(member).stream()).toList();
    return new PostgresSpec(id, mode, kept, quorum, failover, access, settings);
  }
}
