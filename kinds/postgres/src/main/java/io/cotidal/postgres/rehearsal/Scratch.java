package io.cotidal.postgres.rehearsal;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder of one rehearsal: all its files lie in it and all its processes work in it, so that
 * whoever finds it, this daemon or the next one, can end and remove everything. A mark in it says
 * whose it is; a folder without the mark is never touched.
 *
 * @param folder absolute
 */
public record Scratch(Path folder) {
  private static final String MARK = "cotidal-rehearsal";
  private static final String PREFIX = "rehearsal-";
  private static final Duration POLITE = Duration.ofSeconds(1);
  private static final Duration FORCE = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(10);

  /**
   * Makes one that is its user's alone, and marks it before anything else is in it.
   *
   * @param root where all of a cluster's are; made if it is missing
   * @param owner who runs the servers; empty for the user of this process
   */
  static Scratch make(Path root, String name, Optional<OsUser> owner) throws IOException {
    makeWay(root);
    Path folder = root.toRealPath().resolve(PREFIX + name);
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(folder + " is there already, and not ours to remove: remove it", e);
    }
    ProcessId own = own();
    Durable.write(folder.resolve(MARK), own.pid() + " " + own.start() + "\n", null, "rw-r--r--");
    if (owner.isPresent()) {
      owner.get().own(folder);
    }
    return new Scratch(folder);
  }

  /** The servers' account goes through it, and sees nothing but what it knows by name. */
  private static void makeWay(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (Files.isDirectory(folder) || parent == null) {
      return;
    }
    makeWay(parent);
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
  }

  private static ProcessId own() throws IOException {
    long pid = ProcessHandle.current().pid();
    return new ProcessTable()
        .find(pid)
        .map(ProcessTable.Entry::id)
        .orElseThrow(() -> new IOException("this process is not in the process table"));
  }

  /**
   * Those below {@code root} whose daemon is gone.
   *
   * @throws IOException if the folder cannot be read
   */
  public static List<Scratch> leftBehind(Path root) throws IOException {
    List<Scratch> found = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return found;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, PREFIX + "*")) {
      for (Path folder : folders) {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && ownerless(folder)) {
          found.add(new Scratch(folder.toRealPath()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private static boolean ownerless(Path folder) throws IOException {
    try {
      String[] words = Files.readString(folder.resolve(MARK)).strip().split(" ");
      return words.length == 2
          && !new ProcessTable()
              .alive(new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1])));
    } catch (NoSuchFileException e) {
      // Made by somebody who died before the mark was there, or by no daemon at all.
      try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
        return !inside.iterator().hasNext();
      }
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** A file or folder in it. */
  public Path resolve(String name) {
    return folder.resolve(name);
  }

  /** All processes that work in it. */
  public List<ProcessId> processes() throws IOException {
    ProcessTable table = new ProcessTable();
    List<ProcessId> found = new ArrayList<>();
    for (ProcessTable.Entry entry : table.entries()) {
      if (table.folder(entry.id()).filter(at -> at.startsWith(folder)).isPresent()) {
        found.add(entry.id());
      }
    }
    return found;
  }

  /**
   * Ends every process that works in it, servers by a signal on which they give their shared memory
   * back.
   *
   * @throws IOException if some outlive a kill
   */
  public void end() throws IOException, InterruptedException {
    Deadline polite = Deadline.in(POLITE);
    Deadline force = Deadline.in(FORCE);
    for (ProcessId process : processes()) {
      Signal.QUIT.send(process);
      Signal.CONTINUE.send(process);
    }
    while (true) {
      List<ProcessId> left = processes();
      if (left.isEmpty()) {
        return;
      }
      if (force.over()) {
        throw new IOException(folder + ": processes outlive a kill: " + left);
      }
      if (polite.over()) {
        for (ProcessId process : left) {
          Signal.KILL.send(process);
        }
      }
      force.pause(LOOK);
    }
  }

  /**
   * Ends and removes everything, the mark last.
   *
   * @throws IOException if something of it stays; then the mark stays, too
   */
  public void remove() throws IOException, InterruptedException {
    end();
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().equals(MARK)) {
          continue;
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          Durable.empty(entry);
        }
        Files.deleteIfExists(entry);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Files.deleteIfExists(folder.resolve(MARK));
    Files.deleteIfExists(folder);
  }

  /** Who runs the servers there, as this machine knows it. */
  static Optional<OsUser> owner(LocalProcesses processes, String user) throws RehearsalFailed {
    try {
      return processes.user(user);
    } catch (IOException e) {
      throw new RehearsalFailed("no clones are made: " + e.getMessage(), e);
    }
  }
}
