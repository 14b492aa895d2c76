package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration.TableDigest;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.User;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.SortedMap;

/** Where one copy lives: on a server of its own, or in a database of its generation's server. */
sealed interface Home permits OwnServer, SharedServer {
  /** Who is let in. */
  User user() throws IOException;

  /** How users reach it, and how it was made. */
  Details facts() throws IOException;

  /**
   * Makes it of that generation's data, and lets its user in. The folder of the place is there and
   * empty but for what says that it lives here.
   *
   * @param spare whether it waits for an owner: then nobody is let in yet
   * @return how long the parts took
   */
  Details make(String generation, boolean spare, Deadline deadline)
      throws EngineException, IOException, InterruptedException;

  /**
   * Puts a generation's data in the place of its own; the password stays.
   *
   * @return where it lives then
   */
  Home replace(String generation, Deadline deadline)
      throws EngineException, IOException, InterruptedException;

  /** Lets it be reached again; returns when that was tried. */
  void start(String generation, Deadline deadline)
      throws EngineException, IOException, InterruptedException;

  /** Lets nobody reach it; data and password stay. */
  void stop(Deadline deadline) throws EngineException, IOException, InterruptedException;

  /** Whether its server runs, and has it. */
  boolean there() throws EngineException, IOException;

  /** Whether it was stopped, for good until it is started. */
  boolean stopped() throws EngineException, IOException;

  /** What its tables hold. */
  SortedMap<String, TableDigest> digest(String generation, Deadline deadline)
      throws EngineException, IOException, InterruptedException;

  /** Removes it from where it lives; what is in its folder is the caller's business. */
  void leave(Deadline deadline) throws IOException, InterruptedException;
}
