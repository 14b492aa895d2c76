package io.cotidal.copies.servers;

import io.cotidal.copies.database.Place;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.util.Map;

/**
 * Runs database servers on this host. What it starts outlives this process; after a restart it
 * finds by its records exactly what it started, never a stranger. Thread-safe.
 */
public interface ServerRuntime {
  /** How a server stands. */
  enum Standing {
    /** It runs. */
    RUNNING,
    /** It is frozen: answers nothing, costs no processor time. */
    PAUSED,
    /** It does not run. */
    GONE
  }

  /** The word for it in configuration and answers: {@code process}, {@code docker}. */
  String name();

  /**
   * Makes sure that a server could be started now, as far as that can be told without one.
   *
   * @throws IOException with what is missing, and what would help
   */
  void require(Deadline deadline) throws IOException, InterruptedException;

  /**
   * Starts the server; returns as soon as it runs, which is before it answers.
   *
   * @param program as the engine says it; a runtime with images takes what fits from it
   * @param labels for people who look at the process or container
   * @throws IOException if it cannot be started; the message says what would help
   */
  void start(Place place, Program program, Details labels, Deadline deadline)
      throws IOException, InterruptedException;

  /** How the server of {@code place} stands. Unknown is an error, never {@link Standing#GONE}. */
  Standing standing(Place place) throws IOException;

  /**
   * How all servers of which there are records stand, by the places' ids; for one look at many. One
   * whose record cannot be read is left out: {@link #standing} says why.
   */
  Map<String, Standing> standings() throws IOException;

  /** Freezes the server. */
  void pause(Place place) throws IOException, InterruptedException;

  /** Lets it go on. */
  void resume(Place place) throws IOException, InterruptedException;

  /**
   * Ends the server and waits until no process of it is left: cleanly if it can within half of the
   * deadline, else by force. A server that does not run is no error.
   *
   * @param clean whether its data will be needed again; else it is killed at once
   */
  void stop(Place place, boolean clean, Deadline deadline) throws IOException, InterruptedException;

  /** Why the server of {@code place} ended, if its log says; empty otherwise. Holds no data. */
  String lastWords(Place place);
}
