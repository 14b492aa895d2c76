package io.cotidal.remote;

import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The member-side door through which every act on a member goes: one at a time, and none under an
 * older stamp than the newest that the member has seen. Its files lie in {@code <data>.gate},
 * beside the data, so that they survive whatever becomes of the data. Thread-safe, and safe between
 * processes. Those who come over SSH use the same files, by a program in the shell's language; it
 * may be found as {@code gate.sh} among the resources of the kind.
 *
 * <p>Files: {@code lock}; {@code stamp}, the newest stamp; {@code running}, the program that works
 * for an act just now and may outlive the process that started it; {@code wanted}, the newest stamp
 * of somebody who waits.
 */
public final class Gate {
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final Duration KILL = Duration.ofSeconds(5);

  private static final String RESERVE = "reserve";

  private static final int RESERVED = 64 * 1024;

  /**
   * Locks of this process by file. File locks belong to the whole process and any closed channel
   * gives them up, so inside the process something else must keep two acts apart, whoever made the
   * gates.
   */
  private static final ConcurrentHashMap<Path, Semaphore> INSIDE = new ConcurrentHashMap<>();

  private final Path folder;
  private final LocalProcesses processes;
  private final Memory memory;

  /** How long a gate must remember its stamp. */
  public enum Memory {
    /** Through a power cut too: whoever comes late may come from another machine. */
    FOR_GOOD,

    /**
     * As long as this machine is up. For what is only ever acted on by processes of this machine:
     * none that could come late outlives it. Saves the waiting for the disk.
     */
    WHILE_UP
  }

  /** What is done while the gate is held. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it; {@code passage} belongs to this call alone. */
    T in(Passage passage) throws IOException, InterruptedException;
  }

  /** The gate could not be entered in time. Nothing was done. */
  public static final class Busy extends IOException {
    private static final long serialVersionUID = 1;

    Busy(Path folder) {
      super("the gate " + folder + " is held by another act");
    }
  }

  /** The gate of the data in {@code data}, which remembers for good; nothing is touched yet. */
  public Gate(Path data, LocalProcesses processes) {
    this(data, processes, Memory.FOR_GOOD);
  }

  /** The gate of the data in {@code data}; nothing is touched yet. */
  public Gate(Path data, LocalProcesses processes, Memory memory) {
    Path absolute = data.toAbsolutePath().normalize();
    this.folder = absolute.resolveSibling(absolute.getFileName() + ".gate");
    this.processes = processes;
    this.memory = memory;
  }

  /** Where the gate's files are. */
  public Path folder() {
    return folder;
  }

  /**
   * The newest stamp that the member has seen; {@link Stamp#NONE} if none. Needs no lock.
   *
   * @throws IOException if the gate's files cannot be read
   */
  public Stamp remembered() throws IOException {
    return read("stamp").orElse(Stamp.NONE);
  }

  /**
   * Enters, refuses a stamp older than the newest seen, remembers a newer one for good, and only
   * then does the work.
   *
   * @throws Busy if somebody else was inside until the deadline
   */
  public Outcome under(Stamp stamp, Deadline deadline, Work<Outcome> work)
      throws IOException, InterruptedException {
    if (remembered().refuses(stamp)) {
      return new Outcome.Refused(remembered());
    }
    return inside(
        deadline,
        stamp,
        passage -> {
          Stamp seen = passage.before();
          if (seen.refuses(stamp)) {
            return new Outcome.Refused(seen);
          }
          if (stamp.compareTo(seen) > 0) {
            remember(stamp);
          }
          return work.in(passage);
        });
  }

  /**
   * Enters only to look: waits for an act that is inside, and for a program that it left behind.
   * Remembers a newer stamp all the same, so that an act which this look finds missing cannot come
   * in late.
   *
   * @return what the work found; empty if the member has seen a newer stamp
   * @throws Busy if somebody else was inside until the deadline
   */
  public <T> Optional<T> look(Stamp stamp, Deadline deadline, Work<T> work)
      throws IOException, InterruptedException {
    return inside(
        deadline,
        Stamp.NONE,
        passage -> {
          Stamp seen = passage.before();
          if (seen.refuses(stamp)) {
            return Optional.<T>empty();
          }
          if (stamp.compareTo(seen) > 0) {
            remember(stamp);
          }
          return Optional.of(work.in(passage));
        });
  }

  private <T> T inside(Deadline deadline, Stamp stamp, Work<T> work)
      throws IOException, InterruptedException {
    prepare();
    Path file = folder.resolve("lock");
    Semaphore lock = INSIDE.computeIfAbsent(file, _ -> new Semaphore(1));
    if (!lock.tryAcquire()) {
      ask(stamp);
      if (!lock.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new Busy(folder);
      }
    }
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        KernelLock shells = KernelLock.on(file)) {
      FileLock held = channel.tryLock();
      if (held == null) {
        ask(stamp);
      }
      while (held == null) {
        if (deadline.over()) {
          throw new Busy(folder);
        }
        deadline.pause(LOOK);
        held = channel.tryLock();
      }
      if (!shells.take()) {
        ask(stamp);
        awaitShell(shells, deadline);
      }
      awaitLeftOver(deadline);
      return work.in(new Passage(this, processes, stamp, remembered()));
    } finally {
      lock.release();
    }
  }

  /** Who comes over SSH holds the gate by the shell's kind of lock. */
  private void awaitShell(KernelLock shells, Deadline deadline)
      throws IOException, InterruptedException {
    while (!shells.take()) {
      if (deadline.over()) {
        throw new Busy(folder);
      }
      deadline.pause(LOOK);
    }
  }

  /**
   * Whoever finds a program of a dead process inside waits for it, and past the deadline kills it.
   */
  private void awaitLeftOver(Deadline deadline) throws IOException, InterruptedException {
    Path file = folder.resolve("running");
    if (!Files.exists(file)) {
      return;
    }
    ProcessId leader = ProcessId.parse(Files.readString(file).strip());
    Deadline patience = Deadline.in(deadline.left().dividedBy(2));
    while (!processes.table().session(leader).isEmpty()) {
      if (patience.over()) {
        if (!processes.killSession(leader, Deadline.in(KILL))) {
          throw new Busy(folder);
        }
        break;
      }
      patience.pause(LOOK);
    }
    Files.deleteIfExists(file);
  }

  void running(ProcessId started) throws IOException {
    Durable.write(folder.resolve("running"), started.toString(), null, "rw-r--r--");
  }

  void ended() throws IOException {
    Files.deleteIfExists(folder.resolve("running"));
  }

  /** Whether somebody with a newer stamp waits at the door. */
  boolean wanted(Stamp stamp) throws IOException {
    return read("wanted").orElse(Stamp.NONE).compareTo(stamp) > 0;
  }

  /**
   * Lets a holder with an older stamp know that it should make way. A hint: it need not survive
   * anything.
   */
  private void ask(Stamp stamp) throws IOException {
    if (read("wanted").orElse(Stamp.NONE).compareTo(stamp) < 0) {
      Path fresh = Files.createTempFile(folder, "wanted", ".new");
      Files.writeString(fresh, stamp.toString());
      Files.move(fresh, folder.resolve("wanted"), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private void prepare() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      // The server's user reads its password file in it.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      if (memory == Memory.FOR_GOOD) {
        Durable.sync(folder.resolveSibling("."));
      }
    }
  }

  /**
   * Keeps a little of the disk, to be given up once that is full: a stamp must be remembered there
   * too, or nobody could end what must end.
   */
  private void reserve() throws IOException {
    Path file = folder.resolve(RESERVE);
    if (!Files.exists(file)) {
      try {
        Files.write(file, new byte[RESERVED]);
      } catch (IOException e) {
        // It is too late for one.
        Files.deleteIfExists(file);
      }
    }
  }

  private void remember(Stamp stamp) throws IOException {
    Path file = folder.resolve("stamp");
    switch (memory) {
      case FOR_GOOD -> {
        reserve();
        try {
          Durable.write(file, stamp.toString(), null, "rw-r--r--");
        } catch (IOException e) {
          if (!Files.deleteIfExists(folder.resolve(RESERVE))) {
            throw e;
          }
          Durable.write(file, stamp.toString(), null, "rw-r--r--");
        }
      }
      case WHILE_UP -> {
        Path fresh = folder.resolve("stamp.new");
        Files.writeString(fresh, stamp.toString());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private Optional<Stamp> read(String name) throws IOException {
    String text;
    try {
      text = Files.readString(folder.resolve(name)).strip();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (memory == Memory.WHILE_UP && text.replace("\0", "").isEmpty()) {
      // Files are replaced whole: only a power cut leaves one without its text.
      return Optional.empty();
    }
    try {
      return Optional.of(Stamp.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IOException(folder.resolve(name) + " holds no stamp: " + e.getMessage(), e);
    }
  }
}
