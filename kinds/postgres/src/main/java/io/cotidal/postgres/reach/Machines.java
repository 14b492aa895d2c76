package io.cotidal.postgres.reach;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ssh.SshHosts;

/**
 * The machines of members, by how each is reached. Thread-safe.
 *
 * @param processes this machine
 * @param hosts others over SSH; not closed by those who are made here
 */
public record Machines(LocalProcesses processes, SshHosts hosts) {
  /** The machine of that member; nothing is touched yet. */
  public Machine of(PostgresSpec spec, Server server) {
    Places places = new Places(server.data(), server.bin());
    return switch (server.reach()) {
      case Reach.Local local -> new LocalMachine(places, server.user(), processes);
      case Reach.Ssh ssh ->
          new SshMachine(hosts.link(ssh.access()), name(spec, server.id()), places);
      case Reach.Sql sql -> new NoMachine(server.id());
    };
  }

  /** Under which name a member is prepared on its machine. */
  public static String name(PostgresSpec spec, MemberId member) {
    return member + "@" + spec.id().name();
  }
}
