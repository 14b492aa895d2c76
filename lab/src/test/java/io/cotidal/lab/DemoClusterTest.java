package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class DemoClusterTest {
  @TempDir Path root;

  @Test
  void passwordsAreForTheirUserOnlyAndNotInTheConfiguration() throws Exception {
    try (ServerRegistry registry = ServerRegistry.open(root.resolve("s"), root.resolve("b"))) {
      DemoCluster cluster = DemoCluster.in(registry, Path.of("/bin"));
      cluster.configure(ClusterSettings.listening(7400).fencedBy("quorum"));

      Path secret = cluster.folder().resolve("superuser.password");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
      assertThat(cluster.configuration())
          .content()
          .contains("listen: 127.0.0.1:7400", "fence: quorum", "secret: \"file:" + secret)
          .doesNotContain(cluster.login().password().reveal(), "user: ,", "user: \"\"");
      assertThat(cluster.login().toString()).doesNotContain(cluster.login().password().reveal());
    }
  }

  @Test
  void whereNoUserIsNeededNoneIsNamed() throws Exception {
    try (ServerRegistry registry = ServerRegistry.open(root.resolve("s"), root.resolve("b"))) {
      DemoCluster made = DemoCluster.in(registry, Path.of("/bin"));
      var own = new DemoCluster(made.folder(), made.bin(), "", made.members(), made.login());
      own.configure(ClusterSettings.listening(7400));
      assertThat(own.configuration()).content().contains("{bin: \"/bin\", host: 127.0.0.1}");
    }
  }
}
