package io.cotidal.postgres.steps;

import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Ending a server's processes, with the proof that none is left. */
final class Processes {
  private Processes() {}

  /**
   * Kills all of them, stopped ones too, and waits until they are gone. The kernel closes the
   * sockets of one that ends after its folder is free, so those that were met are waited for by
   * themselves: a server that is started next needs the port.
   */
  static boolean kill(Turn turn, Deadline until)
      throws PgException, IOException, InterruptedException, ActFailed {
    Set<ProcessId> met = new HashSet<>();
    return turn.await(
        until,
        Turn.QUICK,
        () -> {
          List<ProcessId> left = turn.inside().kill();
          met.addAll(left);
          return left.isEmpty() && gone(turn.inside(), met);
        });
  }

  private static boolean gone(Inside inside, Set<ProcessId> met)
      throws IOException, InterruptedException {
    for (ProcessId process : met) {
      if (inside.alive(process)) {
        return false;
      }
    }
    return true;
  }

  /** Fails unless the server has no process. */
  static void requireGone(Turn turn) throws IOException, InterruptedException, ActFailed {
    if (!turn.inside().processes().isEmpty()) {
      throw new ActFailed(turn.node().id() + " runs; stop it first");
    }
  }
}
