package io.cotidal.copies.database;

import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A family of database servers. Stateless and thread-safe; every call ends by its deadline.
 *
 * <p>A template goes through it like this: {@link #initialise} once for each version (the result is
 * cloned, never made again), {@link #load} into a clone of that by a server without network, {@link
 * #freeze}. A copy: clone of the frozen folder, {@link #server} run, {@link #administer}, {@link
 * Administration#admit}, {@link #login}.
 */
public interface DatabaseEngine {
  /** The word for it in configuration and answers: {@code mariadb}, {@code postgres}. */
  String name();

  /**
   * Finds the programs.
   *
   * @throws EngineException naming what is missing and the package that has it
   */
  Installation locate(Choice choice) throws EngineException;

  /**
   * Makes {@code place.data()}, an existing empty folder, an empty data folder that is stopped
   * cleanly and belongs to {@code place.uid()}.
   */
  void initialise(Installation installation, Place place, Deadline deadline)
      throws EngineException, InterruptedException;

  /** The server for {@code place}, in the foreground, as {@code place.uid()}. */
  Program server(Installation installation, Place place);

  /** What makes that server end in order without waiting for its clients. */
  Signal stopSignal();

  /**
   * What makes that server end at once, its data no longer wanted, but give back what it holds of
   * the host outside its folders.
   */
  default Signal dropSignal() {
    return Signal.KILL;
  }

  /**
   * Fills a fresh data folder: runs a server that listens on no network, makes the owner's
   * database, lets the dump in with the owner's rights alone, and stops the server again, cleanly
   * or, if the load failed, in any way. Afterwards no process is left.
   *
   * @throws EngineException with the line of the dump and a bounded message that holds none of its
   *     data
   */
  void load(Installation installation, Place place, Load load, Deadline deadline)
      throws EngineException, InterruptedException;

  /**
   * Makes a data folder that holds a server's data, as another cluster had it at one moment, a
   * cluster of its own, and stops it cleanly: the log is replayed to that moment, nothing is left
   * that could join, reach or be taken for the other one, nobody of it can log in, and {@code user}
   * owns the database. Nothing that the data holds is run.
   *
   * @throws EngineException with one line if it is of another version, or this engine cannot do it
   */
  default void adopt(Installation installation, Place place, Adoption adoption, Deadline deadline)
      throws EngineException, InterruptedException {
    throw new EngineException(name() + " templates are made from dumps: name one");
  }

  /**
   * The same as {@link #adopt} of a base backup with the log behind it: recovery goes to the target
   * and no further, and what it says of where it stopped is held against what was wanted.
   *
   * @throws EngineException with one line if the target is not reached, or this engine cannot do it
   */
  default Recovered restore(
      Installation installation, Place place, Restoration restoration, Deadline deadline)
      throws EngineException, InterruptedException {
    throw new EngineException(name() + " templates are made from dumps: name one");
  }

  /**
   * Whether {@link #adopt} or {@link #restore} could take such data.
   *
   * @param version of the server that it comes from
   * @throws EngineException with one line if not
   */
  default void adoptable(Installation installation, String version) throws EngineException {
    throw new EngineException(name() + " templates are made from dumps: name one");
  }

  /**
   * What is adopted.
   *
   * @param version of the server that the data comes from
   * @param timeline on which it stood
   * @param user who is to own the database
   */
  record Adoption(String version, long timeline, User user) {}

  /**
   * What is restored.
   *
   * @param version of the server that the data comes from
   * @param timeline on which recovery goes on
   * @param target where it ends
   * @param least byte position that it must reach where the target is all there is
   * @param user who is to own the database
   */
  record Restoration(String version, long timeline, RecoveryTarget target, long least, User user) {}

  /**
   * Where a recovery ended.
   *
   * @param timeline on which it was then
   * @param position up to which the data goes, as the server writes it
   * @param said why it stopped there, in the server's own words
   * @param lastCommit when the last transaction that it replayed was committed, as the server
   *     writes it; empty if there was none since the base backup
   */
  record Recovered(long timeline, String position, String said, String lastCommit) {}

  /**
   * Asks a data folder one question, as the administrator, in a session that may only read.
   *
   * @return the first column of the first row as text, {@code null} for a value that is null, and
   *     {@code no row} if there is none
   */
  default String answer(
      Installation installation, Place place, Question question, Deadline deadline)
      throws EngineException, InterruptedException {
    throw new EngineException(name() + " templates take no checks: leave them out");
  }

  /**
   * Runs SQL of the operator's, as the administrator, on a data folder that was loaded: what masks
   * data. Whole or not at all is not promised: a generation whose hook failed is thrown away.
   */
  void hook(Installation installation, Place place, Hook hook, Deadline deadline)
      throws EngineException, InterruptedException;

  /**
   * Makes a loaded folder fit for cloning: the administrator's account with {@code administrator}
   * as its password, the user's account with no way in, logs shrunk, nothing that could make a
   * clone join another cluster, stopped cleanly.
   *
   * @return how many rows each table holds, by {@code schema.table}
   */
  SortedMap<String, Long> freeze(
      Installation installation, Place place, Freeze freeze, Deadline deadline)
      throws EngineException, InterruptedException;

  /**
   * Logs in as the administrator, over TLS, trusting {@code place.certificate()} alone.
   *
   * @throws EngineException if the server does not answer, or not yet
   */
  Administration administer(Place place, Secret administrator, Duration deadline)
      throws EngineException;

  /**
   * Logs in as the user, with the user's password, to the user's database; over TLS, trusting
   * {@code place.certificate()} alone. A copy is ready once this was answered.
   *
   * @throws EngineException if the server does not let the user in
   */
  UserSession login(Place place, User user, Duration deadline) throws EngineException;

  /** Copies as databases of one server, if this engine can clone a database. */
  default Optional<DatabaseClones> clones() {
    return Optional.empty();
  }

  /** Whether a file of the data folder is left out of a clone: pid files, sockets, identities. */
  boolean leftOut(Path relative);

  /**
   * How users write the way to a copy: {@code url}, {@code jdbc}, {@code cli}, {@code env} and what
   * else is usual, by dialect.
   *
   * @param host as users reach it
   */
  SortedMap<String, String> connectionStrings(String host, int port, User user, Path certificate);

  /**
   * What is asked.
   *
   * @param sql one statement that reads
   * @param database in which
   */
  record Question(String sql, String database) {}

  /**
   * What a hook runs.
   *
   * @param sql one or more statements
   * @param database in which
   */
  record Hook(String sql, String database) {}

  /** Who is to be in a frozen folder. */
  record Freeze(Secret administrator, User user) {}
}
