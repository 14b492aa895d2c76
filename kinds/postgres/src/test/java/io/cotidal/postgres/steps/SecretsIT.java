package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.postgres.acts.Acts;
import io.cotidal.remote.ProcessTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class SecretsIT {
  private static final List<String> SECRETS =
      List.of(
          TestCluster.PASSWORD,
          TestCluster.REPLICATION_PASSWORD,
          // As a password file and a configuration file would write it.
          "canary\\:repl",
          "repl\\\\''");

  @Test
  @DisplayName(
      "postgres/S26: passwords lie in private password files only; not in a command line, a log, a setting")
  void nowhere() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.bundled()).first()) {
      cluster.replica(B);
      cluster.done(cluster.step(Acts.SET_QUORUM, A).with(Acts.QUORUM, "b").with(Acts.K, 1));
      Set<String> holders = new TreeSet<>();
      try (Stream<Path> files = Files.walk(cluster.base)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (holds(file)) {
            holders.add(file.getFileName().toString());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .as(file.toString())
                .isEqualTo("rw-------");
          }
        }
      }
      assertThat(holders).containsExactly("passfile");
      for (Path process : processes()) {
        assertThat(holds(process.resolve("cmdline"))).as(process.toString()).isFalse();
      }
      for (var process : cluster.all(A)) {
        assertThat(holds(Path.of("/proc/" + process.pid() + "/environ"))).isFalse();
      }
    }
  }

  private static List<Path> processes() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path folder : all.toList()) {
        String name = folder.getFileName().toString();
        if (name.matches("[0-9]+") && new ProcessTable().find(Long.parseLong(name)).isPresent()) {
          found.add(folder);
        }
      }
    }
    return found;
  }

  private static boolean holds(Path file) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return SECRETS.stream().anyMatch(text::contains);
    } catch (IOException e) {
      // Gone meanwhile: then it holds nothing.
      return false;
    }
  }
}
