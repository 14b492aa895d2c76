package io.cotidal.postgres.rehearsal;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at this machine before anything is copied to it.
 *
 * @param bin where the server's programs are looked for
 * @param user as whom they would run; empty for our own
 */
record Survey(CloneCluster.Stand stand, Path bin, String user) {
  private static final Set<String> SHARING = Set.of("btrfs", "xfs", "bcachefs");
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
  private static final Duration GLANCE = Duration.ofSeconds(10);

  /** Refuses what could not be brought to an end. */
  void require(CloneRehearsals.Order order, Source source, long limit)
      throws RehearsalFailed, IOException, InterruptedException {
    Path there = existing(stand.root());
    FileStore store = Files.getFileStore(there);
    int members = order.members().size();
    Optional<String> refusal =
        new Ground(
                order.source(),
                source.bytes(),
                source.major(),
                source.tablespaces(),
                limit,
                bin,
                programs(),
                stand.processes().root() && stand.processes().user(user).isEmpty(),
                there,
                store.getUsableSpace(),
                SHARING.contains(store.type()) ? 1 : members,
                members)
            .refusal();
    if (refusal.isPresent()) {
      throw new RehearsalFailed(refusal.get());
    }
  }

  /** Refuses a folder that the servers' account does not come to. */
  void requireReachable(Path folder) throws RehearsalFailed, IOException, InterruptedException {
    int exit =
        stand
            .processes()
            .run(
                Program.of(user, List.of("/usr/bin/test", "-w", folder.toString())),
                Files.createTempFile("cotidal", ".reach"),
                started -> {},
                Deadline.in(GLANCE))
            .exit();
    if (exit != 0) {
      throw new RehearsalFailed(
          "no clones are made: "
              + (user.isEmpty() ? "this account" : user)
              + " does not come to "
              + folder
              + "; write another folder into rehearsal");
    }
  }

  private static Path existing(Path folder) throws IOException {
    Path at = folder.toAbsolutePath();
    while (at != null && !Files.isDirectory(at)) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IOException(folder + " is in no folder");
    }
    return at;
  }

  /** The major version of the programs; 0 if there are none. */
  private int programs() throws IOException, InterruptedException {
    for (String each : List.of("postgres", "pg_basebackup")) {
      if (!Files.isExecutable(bin.resolve(each))) {
        return 0;
      }
    }
    Path output = Files.createTempFile("cotidal", ".version");
    String said =
        stand
            .processes()
            .run(
                Program.of("", List.of(bin.resolve("pg_basebackup").toString(), "--version")),
                output,
                started -> {},
                Deadline.in(GLANCE))
            .output();
    Matcher version = VERSION.matcher(said);
    return version.find() ? Integer.parseInt(version.group(1)) : 0;
  }

  /** How many bytes of memory nobody needs now. */
  static long memory() throws IOException {
    Matcher available = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
    return available.find() ? Long.parseLong(available.group(1)) << 10 : 0;
  }
}
