package io.cotidal.directory.plan;

import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Guards;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.spec.Topology;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A directory's configuration on paper. */
final class Paper {
  static final String ACCOUNT = "cn=replication manager,cn=config";

  private Paper() {}

  static Server server(String name) {
    return new Server(new MemberId(name), name + ".test", 389, Details.NONE);
  }

  static List<Server> servers(String names) {
    return names.isEmpty()
        ? List.of()
        : Arrays.stream(names.split(" ", -1)).map(Paper::server).toList();
  }

  static DirectorySpec spec(String names) {
    return spec(names, "fullmesh", false, "");
  }

  static DirectorySpec spec(String names, String graph, boolean reinitialise, String adopted) {
    return new DirectorySpec(
        new ResourceId("directory", "people"),
        Mode.MANAGE,
        servers(names),
        "389ds",
        "dc=cotidal,dc=test",
        new Topology(graph, Details.NONE),
        new Access(Security.PLAIN, "", "cn=admin", new Secret("x")),
        new Replication(
            Security.PLAIN, 0, ACCOUNT, new Secret("x"), Duration.ZERO, Duration.ZERO, adopted),
        new Guards(
            Duration.ofSeconds(60), reinitialise, Duration.ofSeconds(30), Duration.ofMinutes(1)),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1));
  }
}
