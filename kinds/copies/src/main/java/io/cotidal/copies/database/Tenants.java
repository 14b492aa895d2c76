package io.cotidal.copies.database;

import io.cotidal.copies.database.Administration.TableDigest;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.SortedMap;

/**
 * An administrator's session with a server whose databases are copies, each with a user of the same
 * name. Every call ends by its deadline. For one thread at a time.
 */
public interface Tenants extends AutoCloseable {
  /**
   * Shuts the database from which copies are made, and everything else that came with it: nobody
   * can log in to it, no user owns it, and no account has a right that reaches beyond one database.
   *
   * @return the account that owned it, as which its tables stay owned
   */
  String protect(String template, Deadline deadline) throws EngineException;

  /** The copies that are there, by name. */
  SortedMap<String, Tenant> all(Duration deadline) throws EngineException;

  /**
   * Clones the template into a database that has the user's name, and lets the user in. What an
   * earlier attempt left is removed before; one that still runs is ended.
   *
   * @param user whose name is that of the database as well
   * @param origin what it is cloned from
   */
  void admit(User user, Origin origin, Deadline deadline) throws EngineException;

  /** Lets the user of an existing copy in again, with that password. */
  void open(User user, Deadline deadline) throws EngineException;

  /** Lets nobody into a copy any more, and ends its sessions. Its data stays. */
  void shut(String copy, Deadline deadline) throws EngineException;

  /** Removes a copy with its user, in whatever state it is; one that is not there is no error. */
  void remove(String copy, Deadline deadline) throws EngineException;

  /** Like {@link Administration#digest}, of an open copy. */
  SortedMap<String, TableDigest> digest(String copy, Duration deadline) throws EngineException;

  /** Whether the session is of no more use. */
  boolean broken();

  @Override
  void close();

  /**
   * What copies are cloned from.
   *
   * @param template the database
   * @param owner the account that owns its tables
   */
  record Origin(String template, String owner) {}

  /**
   * How a copy stands.
   *
   * @param open whether its user can log in
   * @param sessions how many it has
   */
  record Tenant(boolean open, int sessions) {}
}
