package io.cotidal.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What differs between the databases in which a store may lie: how one connects, how transactions
 * begin, how errors are told. The SQL of the rows is the same everywhere. Thread-safe.
 */
sealed interface Database permits Sqlite, Postgres {
  /** What messages call it; holds no secret. */
  String place();

  /** The one connection of this process that writes. */
  Connection writer() throws SQLException;

  /** A connection that cannot write. */
  Connection reader() throws SQLException;

  /**
   * Refuses a database that cannot be used or is another program's, before anything in it changes;
   * then begins the transaction in which the tables are brought up to date.
   *
   * @throws StoreException if it is refused
   */
  void claim(Connection writer) throws SQLException;

  /**
   * Begins a transaction that will write. Until it ends no other one begins, whoever's it is: so
   * one that begins after it sees all that it wrote, or that it wrote nothing.
   */
  void begin(Connection writer) throws SQLException;

  /** Begins a transaction in which all answers are of one moment. */
  void beginRead(Connection reader) throws SQLException;

  /** Does what is better done while nobody waits. */
  void settle(Connection writer) throws SQLException;

  /** Whether the rows themselves were at fault, and not the database or the way to it. */
  boolean rowsAtFault(SQLException e);

  /** Whether the connection was at fault, so that another one may do better. */
  boolean connectionAtFault(SQLException e);

  /** Whether the disk had no room. */
  boolean full(SQLException e);

  /** Reason and remedy, in one line. */
  String explain(SQLException e);

  /** Writes a consistent copy to {@code target}, which must not exist, while work goes on. */
  void backup(Path target) throws SQLException, IOException;
}
