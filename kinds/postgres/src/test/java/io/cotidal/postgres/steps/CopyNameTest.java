package io.cotidal.postgres.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Conninfo;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.LocalProcesses;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CopyNameTest {
  private static final MemberId A = new MemberId("a");
  private static final MemberId B = new MemberId("b");

  private static Server server(MemberId id) {
    return new Server(id, "127.0.0.1", 5433, Path.of("/srv/" + id), Path.of("/bin"), "");
  }

  @Test
  @DisplayName("postgres/S19: a half copy is no member that could hold a commit")
  void noMember() throws Exception {
    PostgresSpec spec =
        new PostgresSpec(
            new ResourceId("postgres", "orders"),
            Mode.MANAGE,
            List.of(server(A), server(B)),
            1,
            Failover.DEFAULT,
            new Access("postgres", new Secret("s"), "replicator", new Secret("r")),
            new TreeMap<>());
    try (Cluster cluster = new Cluster(spec, new LocalProcesses())) {
      String copying = cluster.copying(cluster.node(B), cluster.node(A));
      assertThat(Conninfo.parse(copying)).containsEntry("application_name", "cotidal copy b");
      assertThat(Conninfo.parse(cluster.conninfo(cluster.node(B), cluster.node(A))))
          .containsEntry("application_name", "b");
      assertThat(copying).doesNotContain("password=");
    }
  }
}
