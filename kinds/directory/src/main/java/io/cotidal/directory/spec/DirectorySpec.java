package io.cotidal.directory.spec;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Spec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A replicated directory: one suffix, held by several suppliers.
 *
 * @param servers the members, as configuration or source named them last
 * @param target the word for the vendor's servers: {@code 389ds}
 * @param suffix the DN below which everything is replicated, as written by the operator
 * @param tick how often each member is looked at
 */
public record DirectorySpec(
    ResourceId id,
    Mode mode,
    List<Server> servers,
    String target,
    String suffix,
    Topology topology,
    Access access,
    Replication replication,
    Guards guards,
    Duration tick,
    Duration deadline)
    implements Spec {
  /** Copies the list. */
  public DirectorySpec {
    servers = List.copyOf(servers);
  }

  @Override
  public List<MemberId> members() {
    return servers.stream().map(Server::id).toList();
  }

  /** The server of that name, if the directory has it. */
  public Optional<Server> server(MemberId member) {
    return servers.stream().filter(server -> server.id().equals(member)).findFirst();
  }

  /** The same directory with other members. */
  public DirectorySpec withServers(List<Server> others) {
    return new DirectorySpec(
        id, mode, others, target, suffix, topology, access, replication, guards, tick, deadline);
  }
}
