package io.cotidal.copies.database;

import java.time.Duration;
import java.util.SortedMap;

/**
 * A session with one server as its administrator. Every call ends by its deadline. For one thread
 * at a time.
 */
public interface Administration extends AutoCloseable {
  /**
   * Lets the user in with that password, and nobody else but the administrator; ends older sessions
   * of other users. The password never reaches a log: only its verifier is sent.
   */
  void admit(User user, Duration deadline) throws EngineException;

  /** How many sessions of others there are now: a copy that has some is in use. */
  int sessions(Duration deadline) throws EngineException;

  /**
   * What each table of the database holds, by {@code schema.table}; for comparing two servers that
   * hold the same engine and version.
   */
  SortedMap<String, TableDigest> digest(String database, Duration deadline) throws EngineException;

  /** Whether the session is of no more use. */
  boolean broken();

  @Override
  void close();

  /**
   * A table's definition and content, condensed.
   *
   * @param definition hash of its columns, indexes and constraints
   * @param rows how many there are
   * @param content hash of all rows, independent of their order
   */
  record TableDigest(String definition, long rows, String content) {}
}
