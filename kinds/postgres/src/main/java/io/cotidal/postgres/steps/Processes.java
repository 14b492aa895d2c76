package io.cotidal.postgres.steps;

import io.cotidal.pgclient.PgException;
import io.cotidal.remote.Deadline;
import java.io.IOException;

/** Ending a server's processes, with the proof that none is left. */
final class Processes {
  private Processes() {}

  /** Kills all of them, stopped ones too, and waits until they are gone. */
  static boolean kill(Turn turn, Deadline until)
      throws PgException, IOException, InterruptedException, ActFailed {
    return turn.await(until, Turn.QUICK, () -> turn.inside().kill().isEmpty());
  }

  /** Fails unless the server has no process. */
  static void requireGone(Turn turn) throws IOException, InterruptedException, ActFailed {
    if (!turn.inside().processes().isEmpty()) {
      throw new ActFailed(turn.node().id() + " runs; stop it first");
    }
  }
}
