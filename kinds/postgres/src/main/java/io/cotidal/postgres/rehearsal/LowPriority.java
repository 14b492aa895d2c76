package io.cotidal.postgres.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The server's programs as clones run them. */
final class LowPriority {
  /** In the scratch folder: where they are. */
  static final String FOLDER = "bin";

  private static final List<String> TOOLS =
      List.of("postgres", "pg_basebackup", "pg_rewind", "pg_waldump");

  private LowPriority() {}

  /**
   * The server's programs under a low priority: what runs for a rehearsal waits for what runs for
   * the real members, on processors and disks alike.
   */
  static void programs(Path bin, Scratch scratch) throws IOException {
    Path folder = scratch.resolve(FOLDER);
    Files.createDirectory(folder);
    for (String tool : TOOLS) {
      if (!Files.isExecutable(bin.resolve(tool))) {
        // Without pg_rewind members are copied anew, on clones as in the real cluster.
        continue;
      }
      String real = bin.resolve(tool).toString();
      if (real.indexOf('\'') >= 0) {
        throw new IOException("bin " + bin + " has a quote in its name: rename it");
      }
      Path file = folder.resolve(tool);
      Files.writeString(
          file, "#!/bin/sh\nexec /usr/bin/nice -n 5 /usr/bin/ionice -c 3 '" + real + "' \"$@\"\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
