package io.cotidal.sources;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Containers that bear a label. */
final class DockerSourceTest extends MemberSourceConformance {
  @TempDir Path folder;

  @Override
  World world() throws Exception {
    return Worlds.docker(folder);
  }
}
