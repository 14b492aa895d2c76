package io.cotidal.postgres.reach;

import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.util.Optional;

/**
 * A member's machine: what can be seen of it, and its gate, through which alone it is acted on.
 * Thread-safe.
 */
public interface Machine extends AutoCloseable {
  /** What is done while the gate is held. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it; {@code inside} belongs to this call alone. */
    T in(Inside inside) throws IOException, InterruptedException;
  }

  /** A look that has begun. */
  interface Glance {
    /**
     * What was seen.
     *
     * @param answered whether the server itself has just answered: then it runs, and its control
     *     file says less than it did
     * @throws IOException if the machine does not tell by the deadline
     */
    Sight sight(boolean answered, Deadline deadline) throws IOException, InterruptedException;
  }

  /** Begins a look; waits for nothing. */
  Glance glance();

  /**
   * The newest stamp that the member is known to have seen; {@link Stamp#NONE} if none. Asks nobody
   * who is far away.
   */
  Stamp remembered() throws IOException;

  /**
   * Enters the gate, refuses a stamp older than the newest seen, remembers a newer one for good,
   * and only then does the work.
   *
   * @throws IOException if the gate could not be entered by the deadline; then nothing was done
   */
  Outcome under(Stamp stamp, Deadline deadline, Work<Outcome> work)
      throws IOException, InterruptedException;

  /**
   * Enters only to look: waits for an act that is inside, and remembers a newer stamp, so that an
   * act which this look finds missing cannot come in late.
   *
   * @return what the work found; empty if the member has seen a newer stamp
   */
  <T> Optional<T> look(Stamp stamp, Deadline deadline, Work<T> work)
      throws IOException, InterruptedException;

  /**
   * Whether {@link #send} could do it.
   *
   * @throws IOException if not, with the reason
   */
  void requireSends(Deadline deadline) throws IOException, InterruptedException;

  /**
   * The far end of an rsync, which reads that portion of the member's data and changes nothing. It
   * does not enter the gate: a copy must keep nobody out of its source.
   */
  Conduit send(Portion portion, Deadline deadline) throws IOException, InterruptedException;

  /** The processes of the machine, if it is the one that we run on. */
  Optional<LocalProcesses> here();

  @Override
  void close();
}
