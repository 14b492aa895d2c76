package io.cotidal.sources;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A file. */
final class FileSourceTest extends MemberSourceConformance {
  @TempDir Path folder;

  @Override
  World world() throws Exception {
    return new Worlds.InFile(folder.resolve("members.yaml"));
  }
}
