package io.cotidal.app.postgres.rehearsal;

import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What becomes of one clone. */
final class Strike {
  private static final String PROGRAM = "postgres";

  private final Server server;
  private final LocalProcesses processes;
  private final List<ProcessId> frozen = new ArrayList<>();

  Strike(Server server, LocalProcesses processes) {
    this.server = server;
    this.processes = processes;
  }

  /** Kills all its processes, the main one first. */
  void kill() throws IOException {
    for (ProcessId each : all()) {
      Signal.KILL.send(each);
    }
  }

  /** Stops all its processes where they stand, the main one first. */
  void freeze() throws IOException {
    for (ProcessId each : all()) {
      frozen.add(each);
      Signal.STOP.send(each);
    }
  }

  /** Lets run on who was frozen and has not been killed. */
  void thaw() throws IOException {
    for (ProcessId each : frozen) {
      Signal.CONTINUE.send(each);
    }
  }

  /** The main process began before its children. */
  private List<ProcessId> all() throws IOException {
    return processes.table().workingUnder(server.data(), PROGRAM).stream()
        .sorted(Comparator.comparingLong(ProcessId::start).thenComparingLong(ProcessId::pid))
        .toList();
  }
}
