package io.cotidal.copies.database;

import java.time.Duration;

/**
 * A session with one server as its user, with the user's own password: what proves that a copy can
 * be used. For one thread at a time.
 */
public interface UserSession extends AutoCloseable {
  /**
   * Asks the server who is logged in, and to what.
   *
   * @throws EngineException if it does not answer by {@code deadline}, or answers something else
   *     than the user and the database that the session was opened for
   */
  void confirm(Duration deadline) throws EngineException;

  /** Ends the session; never waits long for the server. */
  @Override
  void close();
}
