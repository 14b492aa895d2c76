package io.cotidal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server that is looked at from outside, with the processes that it has started.
 *
 * @param name what it is called in a report
 * @param port where it listens, on 127.0.0.1
 */
record ObjectsProcess(String name, int port, Process process) {
  private static final Path PROC = Path.of("/proc");

  /** The kernel's clock for times of processes: 100 a second on every Linux. */
  private static final long MICROS_PER_TICK = 10_000;

  /** Forgets what a process took at most. */
  private static final String RESET_PEAK = "5";

  private static final int USER = 11;
  private static final int SYSTEM = 12;

  /** Microseconds of processor that it has taken so far. */
  long cpuMicros() throws IOException {
    long ticks = 0;
    for (Path each : folders()) {
      ticks += ticks(Files.readString(each.resolve("stat")));
    }
    return ticks * MICROS_PER_TICK;
  }

  /**
   * User and system time.
   *
   * @param stat as the kernel shows a process
   */
  static long ticks(String stat) {
    // The name of a program, in brackets, may have blanks.
    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(words[USER]) + Long.parseLong(words[SYSTEM]);
  }

  /** Kilobytes of a thousand bytes of memory that it holds now. */
  long resident() throws IOException {
    return kilobytes("VmRSS:");
  }

  /** The same, at most since {@link #forgetPeak}. */
  long peak() throws IOException {
    return kilobytes("VmHWM:");
  }

  /** Makes {@link #peak} begin anew. */
  void forgetPeak() throws IOException {
    for (Path each : folders()) {
      Files.writeString(each.resolve("clear_refs"), RESET_PEAK);
    }
  }

  private long kilobytes(String word) throws IOException {
    long sum = 0;
    for (Path each : folders()) {
      sum +=
          Files.readAllLines(each.resolve("status")).stream()
              .filter(line -> line.startsWith(word))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum();
    }
    return sum * 1_024 / 1_000;
  }

  private List<Path> folders() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(each -> PROC.resolve(Long.toString(each.pid())))
        .toList();
  }
}
