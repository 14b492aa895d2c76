package io.cotidal.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class QuarantineIT {
  private final LocalProcesses processes = new LocalProcesses();

  @TempDir private Path folder;

  @Test
  @DisplayName("a server of the newest version takes the parameters that shut it in")
  void newest() throws IOException, InterruptedException {
    Path bin =
        PostgresBinaries.bundled(Path.of(System.getProperty("java.io.tmpdir"), "cotidal-binaries"));
    String user = processes.root() ? "nobody" : "";
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path home = Files.createDirectory(folder.resolve("home"));
    Optional<OsUser> owner = processes.user(user);
    if (owner.isPresent()) {
      owner.get().own(home);
    }
    Path data = home.resolve("data");
    run(user, List.of(bin.resolve("initdb").toString(), "-D", data.toString(), "--no-sync"));
    Quarantine quarantine = Quarantine.of(new Source(180_000, 1, 0, List.of()));
    Files.writeString(data.resolve("postgresql.conf"), quarantine.text(new TreeMap<>()));
    for (String name : quarantine.settings().keySet()) {
      String value =
          run(user, List.of(bin.resolve("postgres").toString(), "-D", data.toString(), "-C", name));
      assertThat(value.strip()).as(name).isEqualTo(quarantine.settings().get(name));
    }
  }

  private String run(String user, List<String> line) throws IOException, InterruptedException {
    LocalProcesses.Result result =
        processes.run(
            Program.of(user, line),
            folder.resolve("output"),
            started -> {},
            Deadline.in(Duration.ofSeconds(40)));
    assertThat(result.exit()).as(result.output()).isZero();
    return result.output();
  }
}
