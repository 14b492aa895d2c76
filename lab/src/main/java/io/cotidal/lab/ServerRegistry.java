package io.cotidal.lab;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * One lab: the ports, folders and processes that this JVM uses for real servers. All of them end
 * with {@link #close}; what a killed JVM leaves behind ends when the next lab of the same user
 * opens. Nothing that no lab recorded is ever touched: a process is killed only if its number and
 * the time of its start are recorded, or if it is a database server that works in a recorded
 * folder; a folder is unmounted and removed only if it bears the lab's marker. Thread-safe.
 */
public final class ServerRegistry implements AutoCloseable {
  private final Path base;
  private final Path file;
  private final Ports ports;
  private final SecureRandom random = new SecureRandom();
  private final Swept swept;

  private ServerRegistry(Path base, Path file, Ports ports, Swept swept) {
    this.base = base;
    this.file = file;
    this.ports = ports;
    this.swept = swept;
  }

  /**
   * What an earlier lab left behind and this one removed.
   *
   * @param labs whose owner no longer lived
   * @param processes that still ran
   * @param folders that still existed
   * @param unreadable records that say nothing it understands, and that it left alone
   */
  public record Swept(int labs, int processes, int folders, List<Path> unreadable) {
    /** Copies the list. */
    public Swept {
      unreadable = List.copyOf(unreadable);
    }
  }

  /**
   * Removes what dead labs left behind, and opens one.
   *
   * @param state where labs of this user remember what they own; see {@link StateFolder}
   * @param base where folders are made
   */
  public static ServerRegistry open(Path state, Path base) throws IOException {
    Path labs = Files.createDirectories(state.resolve("lab"));
    Files.createDirectories(base);
    // Two that start together must not remove the same things, nor see each other's file half born.
    SweepLock lock = SweepLock.take(state.resolve("lab.lock"));
    try {
      Swept swept = sweep(labs);
      ProcessId self = self();
      SecureRandom random = new SecureRandom();
      String name = self.pid() + "-" + Integer.toUnsignedString(random.nextInt(), 36) + ".owner";
      Path file = labs.resolve(name);
      OwnerFile.append(file, OwnerFile.ownerLine(self, OwnerFile.thisBoot()));
      return new ServerRegistry(base.toRealPath(), file, Ports.in(labs, random), swept);
    } finally {
      lock.close();
    }
  }

  /**
   * The same, with folders where this JVM keeps temporary files: {@code ./check} gives tests memory
   * for them.
   *
   * @param state as above
   */
  public static ServerRegistry open(Path state) throws IOException {
    return open(state, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** What was found of dead labs and removed when this one opened. */
  public Swept swept() {
    return swept;
  }

  /** A free loopback port, this lab's until it closes. */
  public int port() throws IOException {
    return ports.next();
  }

  /**
   * A new folder of this lab, which others may pass through but not list. Recorded before it is
   * made.
   *
   * @param name the beginning of its name
   */
  public Path folder(String name) throws IOException {
    return folder(base, name);
  }

  /**
   * The same, elsewhere than where this lab makes its folders.
   *
   * @param place exists
   * @param name the beginning of its name
   */
  public Path folder(Path place, String name) throws IOException {
    Path folder = place.resolve(name + "-" + Long.toUnsignedString(random.nextLong(), 36));
    OwnerFile.append(file, OwnerFile.folderLine(folder));
    try {
      Files.createDirectory(folder);
      Files.createFile(folder.resolve(OwnerFile.MARKER));
      Folders.passable(folder);
      return folder;
    } catch (IOException e) {
      throw new IOException("cannot make the folder " + folder + ": " + Reasons.of(e), e);
    }
  }

  /** Starts a process and records it. */
  public Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    record(process.pid());
    return process;
  }

  /**
   * Records a process that somebody else started on this lab's behalf; without effect if it has
   * ended.
   */
  public void record(long pid) throws IOException {
    var entry = new ProcessTable().find(pid);
    if (entry.isPresent()) {
      OwnerFile.append(file, OwnerFile.processLine(entry.get().id()));
    }
  }

  /** Kills what still runs and removes every folder. */
  @Override
  public void close() throws IOException {
    if (Files.exists(file)) {
      Remains.of(OwnerFile.read(file)).remove();
      Files.delete(file);
    }
    ports.close();
  }

  /** This JVM, as another one finds it. */
  public static ProcessId self() throws IOException {
    return new ProcessTable()
        .find(ProcessHandle.current().pid())
        .orElseThrow(() -> new IOException("/proc does not show this process: mount /proc"))
        .id();
  }

  private static Swept sweep(Path labs) throws IOException {
    int dead = 0;
    int processes = 0;
    int folders = 0;
    List<Path> unreadable = new ArrayList<>();
    for (Path file : ownerFiles(labs)) {
      OwnerFile owned;
      try {
        owned = OwnerFile.read(file);
      } catch (NoSuchFileException e) {
        // Its lab has just closed in order.
        continue;
      } catch (IllegalArgumentException e) {
        unreadable.add(file);
        continue;
      }
      if (!owned.ownerLives()) {
        Remains.Removed removed = Remains.of(owned).remove();
        Files.deleteIfExists(file);
        dead++;
        processes += removed.processes();
        folders += removed.folders();
      }
    }
    return new Swept(dead, processes, folders, unreadable);
  }

  private static List<Path> ownerFiles(Path labs) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(labs, "*.owner")) {
      stream.forEach(files::add);
    }
    return files;
  }
}
