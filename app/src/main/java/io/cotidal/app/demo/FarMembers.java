package io.cotidal.app.demo;

import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.SshServer;
import io.cotidal.lab.Target;
import io.cotidal.postgres.reach.GateProgram;
import io.cotidal.postgres.reach.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Members of a lab's cluster that are reached over a real SSH server, with the gate behind it. */
public final class FarMembers {
  private final SshServer server;
  private final DemoCluster cluster;
  private final Path knownHosts;

  private FarMembers(SshServer server, DemoCluster cluster) {
    this.server = server;
    this.cluster = cluster;
    this.knownHosts = cluster.folder().resolve("known_hosts");
  }

  /** Starts the server and installs the gate; each member is still to be prepared. */
  public static FarMembers start(ServerRegistry registry, DemoCluster cluster) throws IOException {
    SshServer server = SshServer.start(registry);
    server.install(GateProgram.text(), GateProgram::options);
    cluster.lend();
    FarMembers far = new FarMembers(server, cluster);
    Files.writeString(far.knownHosts, server.knownHost() + "\n");
    return far;
  }

  /** The SSH server. */
  public SshServer server() {
    return server;
  }

  /** The settings with every member over SSH. */
  public ClusterSettings all(ClusterSettings settings) throws IOException {
    ClusterSettings far = settings;
    for (Target member : cluster.members()) {
      far = one(far, member.member());
    }
    return far;
  }

  /** The settings with that member over SSH; it is prepared. */
  public ClusterSettings one(ClusterSettings settings, String member) throws IOException {
    Path data = cluster.data(member);
    server.member(
        member + "@" + DemoCluster.RESOURCE, GateProgram.member(new Places(data, cluster.bin())));
    return settings.member(
        member,
        "data: \"%s\", driver: ssh, ssh: {user: %s, port: %d, identity: \"%s\", known-hosts: \"%s\"}"
            .formatted(data, server.user(), server.port(), server.identity(), knownHosts));
  }
}
