package io.cotidal.feeds.repository;

import static io.cotidal.feeds.repository.Rig.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.feeds.spec.FeedsSpec.Tool;
import io.cotidal.lab.GitRepo;
import io.cotidal.lab.HgRepo;
import io.cotidal.lab.SshServer;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@DisplayName("A state repository over SSH")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class SshRepositoryIT {
  private Rig rig;
  private SshServer server;

  @BeforeAll
  void begin() throws Exception {
    Optional<String> missing =
        Stream.of(GitRepo.missing(), HgRepo.missing(), SshServer.missing())
            .flatMap(Optional::stream)
            .findFirst();
    rig = new Rig(missing);
    server = SshServer.start(rig.registry);
    server.letIn("");
  }

  @AfterAll
  void end() throws Exception {
    rig.close();
  }

  @Test
  @DisplayName("in Git is pulled from a host whose key is pinned, and from no other")
  void git() throws Exception {
    GitRepo master = GitRepo.make(server.makeFolder("git"), server.account());
    check(Tool.GIT, master.url(server), master.write("a.json", "1").commit("one"));
  }

  @Test
  @DisplayName("in Mercurial is pulled from a host whose key is pinned, and from no other")
  void hg() throws Exception {
    HgRepo master = HgRepo.make(server.makeFolder("hg"), server.account());
    check(Tool.HG, master.url(server), master.write("a.json", "1").commit("one"));
  }

  private void check(Tool tool, String url, String head) throws Exception {
    String stranger =
        "[127.0.0.1]:" + server.port() + " " + SshServer.publicKey(server.stranger()) + "\n";
    for (String pinned : new String[] {"", stranger}) {
      Repository wary = rig.open(rig.place(tool, rig.fresh("clone"), url, rig.ssh(server, pinned)));
      RepositoryException refused =
          catchThrowableOfType(RepositoryException.class, () -> wary.pull(soon()));
      assertThat(refused.kind()).isEqualTo(Kind.UNKNOWN_HOST);
      assertThat(refused).hasMessageContaining("does not show a key that is pinned");
      assertThat(wary.known()).isEmpty();
    }
    Repository replica =
        rig.open(
            rig.place(tool, rig.fresh("clone"), url, rig.ssh(server, server.knownHost() + "\n")));
    assertThat(replica.pull(soon()).head()).isEqualTo(head);
  }
}
