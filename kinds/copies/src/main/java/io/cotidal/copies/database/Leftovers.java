package io.cotidal.copies.database;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The processes that fill one data folder, written down in {@code run/isolated} so that whoever
 * comes after a crash ends exactly those.
 */
public final class Leftovers {
  private static final String RECORD = "isolated";

  private final LocalProcesses processes;
  private final Place place;
  private final Path record;

  Leftovers(LocalProcesses processes, Place place) {
    this.processes = processes;
    this.place = place;
    this.record = place.run().resolve(RECORD);
  }

  /** As whom programs of the place run, for {@link io.cotidal.remote.Program}. */
  static String user(Place place) {
    return place.uid() < 0 ? "" : Integer.toString(place.uid());
  }

  /** Makes the run folder if it is missing, for the server's user alone. */
  void prepare(Deadline deadline) throws IOException, InterruptedException {
    if (!Files.exists(place.run(), LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(
          place.run(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    own(place.run());
    end(processes, place.run(), deadline);
  }

  /**
   * Ends what still fills the data folder of the place with that run folder; nothing there is no
   * error.
   *
   * @throws IOException if one of them does not end
   */
  public static void end(LocalProcesses processes, Path run, Deadline deadline)
      throws IOException, InterruptedException {
    Path record = run.resolve(RECORD);
    if (Files.exists(record, LinkOption.NOFOLLOW_LINKS)) {
      for (String line : Files.readAllLines(record)) {
        if (!processes.killSession(ProcessId.parse(line), deadline)) {
          throw new IOException("process " + line + " of an earlier attempt does not end");
        }
      }
      Files.delete(record);
    }
  }

  /** Remembers a process that was just started. */
  void note(long pid) throws IOException {
    var entry = processes.table().find(pid);
    if (entry.isPresent()) {
      Files.writeString(
          record,
          entry.get().id() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** Nothing runs any more. */
  void forget() throws IOException {
    Files.deleteIfExists(record);
  }

  /** Makes a file the server's own. */
  void own(Path file) throws IOException {
    var owner = processes.user(user(place));
    if (owner.isPresent()) {
      owner.get().own(file);
    }
  }
}
