package io.cotidal.lab;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A repository of a real pgBackRest in a folder of its own, with its configuration. */
public final class PgBackRest implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/pgbackrest");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final LocalProcesses processes = new LocalProcesses();
  private final Path folder;
  private final String stanza;

  /**
   * Of whom a backup is taken.
   *
   * @param data its data directory
   * @param port where it listens on loopback
   * @param user the account that runs it; empty for this process's own
   * @param password of the role {@code postgres}
   */
  public record Server(Path data, int port, String user, String password) {}

  private PgBackRest(Path folder, String stanza) {
    this.folder = folder;
    this.stanza = stanza;
  }

  /** Why it cannot be run here, with the remedy; empty if it can. */
  public static Optional<String> missing() {
    return Files.isExecutable(PROGRAM)
        ? Optional.empty()
        : Optional.of("pgBackRest is not installed: apt-get install pgbackrest");
  }

  /** Makes an empty repository for {@code stanza}. It keeps one full backup. */
  public static PgBackRest make(String stanza) throws IOException {
    Path folder = Files.createTempDirectory("cotidal-pgbackrest");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String name : List.of("repository", "log", "lock")) {
      Files.createDirectory(folder.resolve(name));
    }
    PgBackRest made = new PgBackRest(folder, stanza);
    Files.writeString(
        made.configuration(),
        """
        [global]
        repo1-path=%1$s/repository
        repo1-retention-full=1
        log-path=%1$s/log
        lock-path=%1$s/lock
        start-fast=y
        compress-level=1
        """
            .formatted(folder));
    return made;
  }

  /** Its configuration. */
  public Path configuration() {
    return folder.resolve("pgbackrest.conf");
  }

  /** Lets that account use it; empty for this process's own. */
  public void own(String user) throws IOException {
    Optional<OsUser> account = processes.user(user);
    if (account.isPresent()) {
      for (String name : List.of("repository", "log", "lock")) {
        account.get().own(folder.resolve(name));
      }
      account.get().own(configuration());
    }
  }

  /**
   * Runs one of its commands against a server, as that server's account.
   *
   * @throws IOException if it fails, with what it says
   */
  public void run(Server server, String... words) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(),
                "--config=" + configuration(),
                "--stanza=" + stanza,
                "--pg1-path=" + server.data(),
                "--pg1-port=" + server.port(),
                "--pg1-user=postgres",
                "--log-level-console=warn"));
    line.addAll(List.of(words));
    Program program =
        Program.of(server.user(), line)
            .with(Map.of("PGHOST", "127.0.0.1", "PGPASSFILE", passwords(server).toString()));
    LocalProcesses.Result result =
        processes.run(program, folder.resolve("output"), started -> {}, Deadline.in(LIMIT));
    if (result.exit() != 0) {
      throw new IOException("pgbackrest " + List.of(words) + ": " + result.output());
    }
  }

  private Path passwords(Server server) throws IOException {
    Path file = folder.resolve("passwords");
    Durable.write(
        file,
        "127.0.0.1:*:*:postgres:" + server.password() + "\n",
        processes.user(server.user()).orElse(null),
        "rw-------");
    return file;
  }

  @Override
  public void close() throws IOException {
    Durable.empty(folder);
    Files.delete(folder);
  }
}
