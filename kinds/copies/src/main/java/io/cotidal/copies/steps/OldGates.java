package io.cotidal.copies.steps;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Removes gates that nobody will come to any more: their place is gone, and so long that an act
 * which was meant for it can no longer be under way. Ids are never used twice.
 */
final class OldGates {
  /** No act on a place that is not there yet, or no more, takes a fraction of that. */
  private static final Duration AGE = Duration.ofDays(1);

  private static final Duration PATIENCE = Duration.ofMillis(50);
  private static final String END = ".gate";

  private final Layout layout;
  private final LocalProcesses processes;

  OldGates(Layout layout, LocalProcesses processes) {
    this.layout = layout;
    this.processes = processes;
  }

  /**
   * Removes them.
   *
   * @return how many there were
   */
  int sweep(Instant now) throws IOException, InterruptedException {
    Path gates = layout.gates();
    if (!Files.isDirectory(gates)) {
      return 0;
    }
    int swept = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(gates, "[cgh][0-9]*-*" + END)) {
      for (Path gate : all) {
        String name = gate.getFileName().toString();
        String id = name.substring(0, name.length() - END.length());
        if (forgotten(id, gate, now) && removed(id)) {
          swept++;
        }
      }
    }
    return swept;
  }

  private boolean forgotten(String id, Path gate, Instant now) throws IOException {
    if (Files.exists(layout.folder(id), LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Instant limit = now.minus(AGE);
    boolean old = Files.getLastModifiedTime(gate).toInstant().isBefore(limit);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(gate)) {
      for (Path file : files) {
        old = old && Files.getLastModifiedTime(file).toInstant().isBefore(limit);
      }
    }
    return old;
  }

  /** From inside, so that nobody else is in it; one that is held is not old. */
  private boolean removed(String id) throws IOException, InterruptedException {
    Gate gate = new Gate(layout.gated(id), processes, Gate.Memory.WHILE_UP);
    try {
      return gate.look(gate.remembered(), Deadline.in(PATIENCE), _ -> emptied(gate.folder()))
          .orElse(false);
    } catch (Gate.Busy e) {
      return false;
    }
  }

  private static boolean emptied(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
    return true;
  }
}
