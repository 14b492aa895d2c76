package io.cotidal.postgres.reach;

import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalConduit;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Passage;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The two pipes between a daemon and an rsync that fills a member of this machine. What stands at
 * their ends is the gate's program, as on any other machine.
 */
final class LocalPipes {
  private static final String SCRIPT = "rsync-relay";
  private static final List<String> NAMES = List.of("rsync-in", "rsync-out");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final LocalServer server;
  private final Path gate;

  LocalPipes(LocalServer server) {
    this.server = server;
    this.gate = server.places().gate();
  }

  /** What a shell is given to stand at that end. */
  String words(String end) {
    return gate.resolve(SCRIPT) + " " + end + " " + gate;
  }

  void make(Passage passage) throws IOException, InterruptedException {
    if (!GateProgram.takes(server.places().data())) {
      throw new IOException(
          server.places().data()
              + ": rsync can be given paths of letters, digits, . _ + - alone; leave clone.way out");
    }
    LocalProcesses.Result there =
        passage.run(Program.of(server.user(), Rsync.asked()), Deadline.in(PATIENCE));
    if (there.exit() != 0) {
      throw new IOException("rsync is not installed on this machine: " + there.lastLine());
    }
    OsUser owner = server.owner().orElse(null);
    Durable.write(gate.resolve(SCRIPT), GateProgram.text(), owner, "rw-------");
    for (String name : NAMES) {
      Path pipe = gate.resolve(name);
      Files.deleteIfExists(pipe);
      LocalProcesses.Result made =
          passage.run(
              Program.of("", List.of("/usr/bin/mkfifo", "-m", "600", "--", pipe.toString())),
              Deadline.in(PATIENCE));
      if (made.exit() != 0) {
        throw new IOException(pipe + " cannot be made: " + made.lastLine());
      }
      if (owner != null) {
        owner.own(pipe);
      }
    }
  }

  void remove() throws IOException {
    for (String name : NAMES) {
      Files.deleteIfExists(gate.resolve(name));
    }
    Files.deleteIfExists(gate.resolve(SCRIPT));
  }

  Conduit meet() throws IOException {
    return new LocalConduit(
        server.processes(),
        Program.of(
            server.user(),
            List.of("/bin/sh", gate.resolve(SCRIPT).toString(), "meet", gate.toString())));
  }
}
