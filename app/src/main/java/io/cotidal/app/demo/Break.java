package io.cotidal.app.demo;

import io.cotidal.lab.ServerProcesses;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code cot demo break}: kills the primary of the demo that runs in another terminal. */
final class Break {
  private Break() {}

  /** Kills it, and says what was killed and where to watch. */
  static void run(Path state, PrintStream out) throws IOException, DemoProblem {
    DemoState demo =
        DemoState.find(state)
            .orElseThrow(
                () -> new DemoProblem("no demo of yours runs: start one with `cot demo` first"));
    Path primary =
        primary(demo.folder())
            .orElseThrow(() ->
                new DemoProblem(
                    "the demo has no primary at the moment: wait for the failover that runs, then try again"));
    ServerProcesses processes = new ServerProcesses(primary);
    int count = processes.list().size();
    processes.kill();
    out.printf(
        "Killed the primary %s: all its %d processes, with SIGKILL.%n"
            + "Watch the failover and its return in the demo's terminal or on its page, %s%n",
        primary.getFileName(), count, demo.page());
  }

  /**
   * The member that runs and is no standby: the gate never leaves the signal with a running
   * primary.
   */
  private static Optional<Path> primary(Path folder) throws IOException {
    try (DirectoryStream<Path> members =
        Files.newDirectoryStream(folder, entry -> Files.exists(entry.resolve("PG_VERSION")))) {
      for (Path member : members) {
        if (!Files.exists(member.resolve("standby.signal"))
            && new ServerProcesses(member).running()) {
          return Optional.of(member);
        }
      }
    }
    return Optional.empty();
  }
}
