package io.cotidal.postgres.reach;

import io.cotidal.model.Stamp;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What this machine's files and process table say of one server. Reads only.
 *
 * @param user the operating-system user that runs it; empty for our own
 */
record LocalServer(Places places, String user, LocalProcesses processes) {
  private static final String PROGRAM = "postgres";
  private static final int CONTROL = 160;

  Optional<OsUser> owner() throws IOException {
    return processes.user(user);
  }

  Sight sight(boolean answered, Stamp remembered) throws IOException {
    boolean running = answered || postmaster().isPresent() || !all().isEmpty();
    String data = data();
    return sight(running, remembered, !answered && data.equals(Sight.PRESENT));
  }

  /** With the control file, however whole the data is. */
  Sight sight(Stamp remembered) throws IOException {
    boolean running = postmaster().isPresent() || !all().isEmpty();
    return sight(running, remembered, Files.exists(control()));
  }

  private Sight sight(boolean running, Stamp remembered, boolean control) throws IOException {
    return new Sight(
        running,
        remembered,
        data(),
        Files.exists(places.signal()),
        Files.isExecutable(places.program("pg_rewind")),
        control ? beginning(control()) : "",
        Optional.empty());
  }

  private Path control() {
    return places.data().resolve("global/pg_control");
  }

  private static String beginning(Path control) throws IOException {
    try (InputStream file = Files.newInputStream(control)) {
      return HexFormat.of().formatHex(file.readNBytes(CONTROL));
    }
  }

  private String data() throws IOException {
    if (Files.exists(places.incomplete())) {
      return Sight.INCOMPLETE;
    }
    if (Files.exists(places.data().resolve("PG_VERSION")) && Files.exists(control())) {
      return Sight.PRESENT;
    }
    return empty() ? Sight.ABSENT : Sight.INCOMPLETE;
  }

  /** Whether there is no data directory, or nothing in it. */
  boolean empty() throws IOException {
    if (!Files.exists(places.data())) {
      return true;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(places.data())) {
      return !entries.iterator().hasNext();
    }
  }

  Optional<ProcessId> postmaster() throws IOException {
    Optional<ProcessId> found = locker();
    return found.isPresent() && processes.table().works(found.get(), places.data(), PROGRAM)
        ? found
        : Optional.empty();
  }

  /** The process with the number that the lock file names: the server's, or a later program's. */
  private Optional<ProcessId> locker() throws IOException {
    return processes.table().find(number()).map(ProcessTable.Entry::id);
  }

  /** The number in the lock file; 0 if there is none. */
  private long number() throws IOException {
    try {
      List<String> lines = Files.readAllLines(places.lock());
      return lines.isEmpty() ? 0 : Math.abs(Long.parseLong(lines.getFirst().strip()));
    } catch (NoSuchFileException | NumberFormatException e) {
      return 0;
    }
  }

  /** Whether the number in the lock file is a program's that is no server, or a zombie's. */
  boolean lockedByForeigner() throws IOException {
    Optional<ProcessId> locker = locker();
    return locker.isPresent()
        ? !processes.table().runs(locker.get(), PROGRAM)
        : processes.table().zombie(number());
  }

  List<ProcessId> all() throws IOException {
    return processes.table().working(places.data(), PROGRAM);
  }
}
