package io.cotidal.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The processes of the PostgreSQL servers under one directory, found by what they are: programs
 * named {@code postgres} that work in it. So orphans of a killed postmaster are found too.
 *
 * @param directory a data directory, or one that holds several
 */
public record ServerProcesses(Path directory) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Those that run or are stopped now; the oldest, so the postmaster, first. */
  public List<ProcessIdentity> list() throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    Path real = directory.toRealPath();
    List<ProcessIdentity> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path entry : all) {
        if (serves(entry, real)) {
          ProcessIdentity.of(Long.parseLong(entry.getFileName().toString())).ifPresent(found::add);
        }
      }
    }
    found.sort(
        Comparator.comparingLong(ProcessIdentity::started).thenComparingLong(ProcessIdentity::pid));
    return found;
  }

  /** Whether there is any. */
  public boolean running() throws IOException {
    return !list().isEmpty();
  }

  /** Kills them all with SIGKILL, stopped ones too, and waits until they are gone. */
  public void kill() throws IOException {
    until("gone", this::signalKill);
  }

  /** Stops them all with SIGSTOP: they keep their sockets, and answer nothing. */
  public void freeze() throws IOException {
    until("stopped", this::signalStop);
  }

  /** Lets all that were stopped go on. */
  public void thaw() throws IOException {
    List<ProcessIdentity> all = list();
    // The postmaster last: what it would do to its children, it does to running ones.
    for (ProcessIdentity process : all.reversed()) {
      Signals.send(process, Signals.CONT);
    }
  }

  private boolean signalKill() throws IOException {
    List<ProcessIdentity> all = list();
    for (ProcessIdentity process : all) {
      Signals.send(process, Signals.KILL);
    }
    return all.isEmpty();
  }

  private boolean signalStop() throws IOException {
    List<ProcessIdentity> moving = new ArrayList<>();
    for (ProcessIdentity process : list()) {
      if (!stopped(process)) {
        moving.add(process);
        Signals.send(process, Signals.STOP);
      }
    }
    return moving.isEmpty();
  }

  private void until(String what, Attempt attempt) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!attempt.succeeded()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "processes of "
                + directory
                + " are not "
                + what
                + " after "
                + PATIENCE.toSeconds()
                + " s");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static boolean stopped(ProcessIdentity process) throws IOException {
    Optional<String> status = read(Path.of("/proc", Long.toString(process.pid()), "stat"));
    return status.map(text -> text.charAt(text.lastIndexOf(')') + 2) == 'T').orElse(true);
  }

  private static boolean serves(Path entry, Path real) {
    return linksTo(
            entry.resolve("exe"),
            program -> program.getFileName().toString().startsWith("postgres"))
        && linksTo(entry.resolve("cwd"), folder -> folder.startsWith(real));
  }

  private static boolean linksTo(Path link, Predicate<Path> test) {
    try {
      Path target = Files.readSymbolicLink(link);
      return target.getFileName() != null && test.test(target);
    } catch (IOException e) {
      // Gone meanwhile, a kernel thread, or another user's: in each case none of ours.
      return false;
    }
  }

  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      if (Files.exists(file.getParent())) {
        throw e;
      }
      return Optional.empty();
    }
  }

  @FunctionalInterface
  private interface Attempt {
    boolean succeeded() throws IOException;
  }
}
