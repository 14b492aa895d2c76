package io.cotidal.postgres.steps;

import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.Node;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Ending a server's processes, with the proof that none is left. */
final class Processes {
  private Processes() {}

  /** Kills all of them, stopped ones too, and waits until they are gone. */
  static boolean kill(Turn turn, Deadline until)
      throws PgException, IOException, InterruptedException, ActFailed {
    Node node = turn.node();
    return turn.await(
        until,
        Turn.QUICK,
        () -> {
          Optional<ProcessId> first = node.postmaster();
          if (first.isPresent()) {
            // The main process first, so that it starts nobody anew.
            Signal.KILL.send(first.get());
          }
          List<ProcessId> left = node.serverProcesses();
          for (ProcessId process : left) {
            Signal.KILL.send(process);
          }
          return left.isEmpty();
        });
  }

  /** Fails unless the server has no process. */
  static void requireGone(Turn turn) throws IOException, ActFailed {
    if (!turn.node().serverProcesses().isEmpty()) {
      throw new ActFailed(turn.node().id() + " runs; stop it first");
    }
  }
}
