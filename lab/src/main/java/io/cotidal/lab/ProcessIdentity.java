package io.cotidal.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process of this machine, told apart from a later one with the same number by the time of its
 * start.
 *
 * @param pid its number
 * @param started when it started, in clock ticks since the machine booted
 */
public record ProcessIdentity(long pid, long started) {
  /** Of this JVM. */
  public static ProcessIdentity self() throws IOException {
    return of(ProcessHandle.current().pid())
        .orElseThrow(() -> new IOException("/proc does not show this process: mount /proc"));
  }

  /**
   * Who has that number now; empty if nobody has, or only a corpse that its parent has not
   * collected.
   *
   * @throws IOException if {@code /proc} cannot be read
   */
  public static Optional<ProcessIdentity> of(long pid) throws IOException {
    String stat;
    try {
      stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      // A process that ends while its file is read answers ESRCH.
      if (!Files.exists(Path.of("/proc", Long.toString(pid)))) {
        return Optional.empty();
      }
      throw e;
    }
    // The second field, the program's name, may hold blanks and parentheses; the rest does not.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    char state = fields[0].charAt(0);
    return state == 'Z' || state == 'X'
        ? Optional.empty()
        : Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[19])));
  }

  /** Whether this very process still runs, stopped or not. */
  public boolean alive() throws IOException {
    return of(pid).filter(this::equals).isPresent();
  }
}
