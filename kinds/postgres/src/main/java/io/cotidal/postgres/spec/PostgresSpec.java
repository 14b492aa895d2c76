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
import java.util.stream.Stream;

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
 * @param practice how a change of primary is done here: policy, proxies
 */
public record PostgresSpec(
    ResourceId id,
    Mode mode,
    List<Server> servers,
    int quorum,
    Failover failover,
    Access access,
    SortedMap<String, String> settings,
    Practice practice)
    implements Spec {
  /** Copies the lists. */
  public PostgresSpec {
    servers = List.copyOf(servers);
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** A cluster without policy and proxies. */
  public PostgresSpec(
      ResourceId id,
      Mode mode,
      List<Server> servers,
      int quorum,
      Failover failover,
      Access access,
      SortedMap<String, String> settings) {
    this(id, mode, servers, quorum, failover, access, settings, Practice.PLAIN);
  }

  /** The servers, and then the proxies. */
  @Override
  public List<MemberId> members() {
    return Stream.concat(
            servers.stream().map(Server::id), practice.proxies().stream().map(Proxy::id))
        .toList();
  }

  /** The same cluster, done otherwise. */
  public PostgresSpec with(Practice other) {
    return new PostgresSpec(id, mode, servers, quorum, failover, access, settings, other);
  }

  /** The same cluster as if it had no proxies: its members are its servers. */
  public PostgresSpec withoutProxies() {
    return practice.proxies().isEmpty() ? this : with(practice.with(List.of()));
  }

  /** The proxy of that name, if there is one. */
  public Optional<Proxy> proxy(MemberId member) {
    return practice.proxies().stream().filter(proxy -> proxy.id().equals(member)).findFirst();
  }

  @Override
  public Duration tick() {
    return failover.tick();
  }

  @Override
  public Duration deadline() {
    return failover.deadline();
  }

  /** Whether a primary is to end itself when nobody vouches for it: never with a quorum. */
  public boolean guarded() {
    return quorum == 0 && failover.guard().isPositive();
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
    return new PostgresSpec(id, mode, kept, quorum, failover, access, settings, practice);
  }
}
