package io.cotidal.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.DaemonsHere;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DiskFullIT {
  @TempDir Path root;

  private static int run(String... line) throws Exception {
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  void aSmallDiskIsOneSentenceAndNothingIsStarted() throws Exception {
    Path small = Files.createDirectory(root.resolve("small"));
    Path state = Files.createDirectory(root.resolve("state"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", small.toString()) == 0,
        "mounting a tmpfs needs root");
    try {
      assertThatThrownBy(() ->
              Rig.start(new Site(new DaemonsHere("test"), state, small, 0), "process", new Stop()))
          .isInstanceOf(DemoProblem.class)
          .hasMessageContaining(small.toString())
          .hasMessageContaining("COT_DEMO_DIR");
      assertThat(small).isEmptyDirectory();
    } finally {
      assertThat(run("umount", small.toString())).isZero();
    }
  }
}
