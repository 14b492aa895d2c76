package io.cotidal.copies.database;

import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Program;
import java.time.Duration;

/**
 * What some engines can do besides: clone a database inside one server, so that a copy needs no
 * server of its own. Stateless and thread-safe; every call ends by its deadline.
 *
 * <p>A generation's server goes through it like this: clone of the frozen folder, {@link #prepare},
 * {@link #server} run, {@link #tenants}, {@link Tenants#protect}. A copy: {@link Tenants#admit},
 * {@link #login}.
 */
public interface DatabaseClones {
  /**
   * Makes sure that these programs can.
   *
   * @throws EngineException naming those that can
   */
  void require(Installation installation) throws EngineException;

  /**
   * The server that all copies of a generation share, in the foreground, as {@code place.uid()}.
   *
   * @param sharing whether the volume lets two files share what they have in common; a clone then
   *     costs no room for each byte
   */
  Program server(Installation installation, Place place, boolean sharing);

  /**
   * Makes a clone of a frozen folder ready for that server: from then on each user is let into the
   * database of the user's own name, and into no other.
   */
  void prepare(Place place) throws EngineException;

  /**
   * Logs in to that server as the administrator, over TLS, trusting {@code place.certificate()}
   * alone.
   *
   * @param purpose what the session is for, as the server shows it: the name of the copy that it
   *     works on; a later session of the same purpose can end it
   * @throws EngineException if the server does not answer, or not yet
   */
  Tenants tenants(Place place, Secret administrator, String purpose, Duration deadline)
      throws EngineException;

  /**
   * Logs in as a user and asks for something.
   *
   * @throws EngineException if that was not answered
   */
  void login(Place place, User user, Deadline deadline) throws EngineException;
}
