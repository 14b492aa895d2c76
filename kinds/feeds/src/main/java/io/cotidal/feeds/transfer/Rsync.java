package io.cotidal.feeds.transfer;

import io.cotidal.feeds.transfer.TransferException.Kind;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs rsync. Names of files go to it in a list, never as arguments: so neither its own patterns
 * nor the other machine's shell reads them, and an account that may do nothing but {@code rrsync}
 * serves us too. Links of the other machine are followed there and never made here; owners, groups
 * and devices are not taken over.
 */
final class Rsync {
  private static final Path RSYNC = Path.of("/usr/bin/rsync");
  private static final Path FLOCK = Path.of("/usr/bin/flock");
  private static final long SILENCE = 90;

  private final Path ssh;
  private final LocalProcesses processes;
  private final Folders folders;
  private final List<String> further;

  /**
   * @param ssh the program that rsync runs in the place of ssh
   * @param further arguments, for tests
   */
  Rsync(Path ssh, LocalProcesses processes, Folders folders, List<String> further) {
    this.ssh = ssh;
    this.processes = processes;
    this.folders = folders;
    this.further = List.copyOf(further);
  }

  /**
   * What is to be done.
   *
   * @param options besides those that are always the same
   * @param names absolute paths, without control characters
   * @param from a folder, {@code HOST:/} or one of ours
   * @param to the same
   * @param key whose files no two of our programs may write at the same time; empty for none
   */
  record Order(
      List<String> options, List<String> names, String from, String to, Optional<String> key) {}

  /** What is looked at while it runs. */
  @FunctionalInterface
  interface Watch {
    /** Looks; throws to have it killed. */
    void look() throws IOException;
  }

  /** What is missing on this machine, with the remedy; empty if nothing is. */
  static Optional<String> missing() {
    return Files.isExecutable(RSYNC) && Files.isExecutable(FLOCK)
        ? Optional.empty()
        : Optional.of("rsync is not installed: apt-get install rsync util-linux");
  }

  /**
   * Runs it to its end.
   *
   * @throws TransferException as {@link Kind#LATE} if it did not end in time
   * @throws IOException what {@code watch} threw, or a problem with our own files
   */
  LocalProcesses.Result run(Order order, Watch watch, Deadline deadline)
      throws TransferException, IOException, InterruptedException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new TransferException(Kind.LOCAL, missing.get());
    }
    Path list = folders.fresh(".list");
    try {
      Files.writeString(
          list,
          String.join("\0", order.names()),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE_NEW);
      Program program = Program.of("", arguments(order, list, deadline)).with(Map.of("TZ", "UTC"));
      return processes.run(program, folders.fresh(".output"), watching(watch), deadline);
    } catch (IOException e) {
      if (deadline.over()) {
        throw late(order.from());
      }
      throw e;
    } finally {
      Files.deleteIfExists(list);
    }
  }

  /** The deadline has passed. */
  static TransferException late(Object place) {
    return new TransferException(
        Kind.LATE, place + ": not done in time; a later try goes on where this one ended");
  }

  private static LocalProcesses.Record watching(Watch watch) {
    return new LocalProcesses.Record() {
      @Override
      public void running(ProcessId started) {}

      @Override
      public void meanwhile() throws IOException {
        watch.look();
      }
    };
  }

  /**
   * The lock is rsync's own: if this process is killed, its rsync goes on for a while, and a next
   * one must not write into the same file.
   */
  private List<String> arguments(Order order, Path list, Deadline deadline) throws IOException {
    List<String> line = new ArrayList<>();
    if (order.key().isPresent()) {
      line.addAll(
          List.of(
              FLOCK.toString(),
              "--no-fork",
              "--timeout",
              String.valueOf(Math.max(1, deadline.left().toSeconds())),
              "--conflict-exit-code",
              String.valueOf(Troubles.inUse()),
              folders.ready(folders.running(order.key().get())).toString()));
    }
    line.addAll(
        List.of(
            RSYNC.toString(),
            "--rsh=" + ssh,
            "--times",
            "--omit-dir-times",
            "--perms",
            "--copy-links",
            "--no-implied-dirs",
            "--from0",
            "--files-from=" + list,
            "--no-human-readable",
            "--stats",
            "--info=skip1",
            "--timeout=" + Math.clamp(deadline.left().toSeconds(), 1, SILENCE)));
    line.addAll(order.options());
    line.addAll(further);
    line.addAll(List.of("--", order.from(), order.to()));
    return line;
  }
}
