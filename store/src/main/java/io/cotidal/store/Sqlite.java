package io.cotidal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/**
 * What is SQLite's own: the file, the pragmas, how a transaction begins, how errors are numbered.
 */
final class Sqlite implements Database {
  /** Marks the file as ours, so that another program's database is never changed by mistake. */
  private static final int APPLICATION_ID = 0x436F7464;

  /**
   * Longer than any write of ours takes; only a foreign process that holds the file waits it out.
   */
  private static final int BUSY_MILLIS = 5_000;

  /**
   * From so many pages on a commit moves the log into the file, whoever waits for it: 32 MiB.
   * Earlier it is done when nobody waits.
   */
  private static final int LONGEST_LOG = 8_000;

  private final Path file;

  Sqlite(Path file) {
    this.file = file.toAbsolutePath().normalize();
    if (this.file.toString().contains("?")) {
      throw new StoreException(
          "store " + file + ": SQLite's driver cannot open a path with '?'; choose another path");
    }
  }

  Path file() {
    return file;
  }

  @Override
  public String place() {
    return file.toString();
  }

  /** Makes the file for its owner alone, and the folders that are missing on the way to it. */
  void create() {
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      createPrivate(file);
      if (folder != null) {
        force(folder);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isRegularFile(file)) {
        throw new StoreException("store " + file + ": is not a file; choose another path", e);
      }
    } catch (IOException e) {
      throw new StoreException(
          "store "
              + file
              + ": cannot be created ("
              + e.getClass().getSimpleName()
              + ": "
              + e.getMessage()
              + "); make its folder writable or choose another path",
          e);
    }
  }

  private static void createPrivate(Path path) throws IOException {
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Connection writer() throws SQLException {
    SQLiteConfig config = config();
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    // A full /tmp must not make a savepoint fail.
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    Connection connection = open(config);
    try {
      Sql.run(connection, "PRAGMA wal_autocheckpoint = " + LONGEST_LOG);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Connection reader() throws SQLException {
    Connection connection = open(config());
    try {
      Sql.run(connection, "PRAGMA query_only = true");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    // The file is made by create(), with its permissions: SQLite must not make another.
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    return config;
  }

  private Connection open(SQLiteConfig config) throws SQLException {
    return config.createConnection("jdbc:sqlite:" + file);
  }

  @Override
  public void claim(Connection connection) throws SQLException {
    long mark = Sql.number(connection, "PRAGMA application_id");
    boolean empty = Sql.number(connection, "SELECT COUNT(*) FROM sqlite_master") == 0;
    if (mark != APPLICATION_ID && (mark != 0 || !empty)) {
      throw new StoreException(
          "store " + file + ": is the SQLite database of another program; choose another path");
    }
    Sql.run(connection, "PRAGMA journal_mode = WAL");
    if (mark != APPLICATION_ID) {
      Sql.run(connection, "PRAGMA application_id = " + APPLICATION_ID);
    }
    begin(connection);
  }

  /** Moves what the log holds into the file, as far as no reader stands in the way. */
  @Override
  public void settle(Connection connection) throws SQLException {
    Sql.run(connection, "PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** At once a writer, so that it never has to give way later. */
  @Override
  public void begin(Connection connection) throws SQLException {
    Sql.run(connection, "BEGIN IMMEDIATE");
  }

  @Override
  public void beginRead(Connection connection) throws SQLException {
    Sql.run(connection, "BEGIN");
  }

  @Override
  public boolean rowsAtFault(SQLException e) {
    return primary(e) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
  }

  @Override
  public boolean full(SQLException e) {
    return primary(e) == SQLiteErrorCode.SQLITE_FULL.code;
  }

  /** A file is reached the same way by every connection. */
  @Override
  public boolean connectionAtFault(SQLException e) {
    return false;
  }

  /** Whether the file is not an SQLite database, or a damaged one. */
  private static boolean damaged(SQLException e) {
    return primary(e) == SQLiteErrorCode.SQLITE_NOTADB.code
        || primary(e) == SQLiteErrorCode.SQLITE_CORRUPT.code;
  }

  @Override
  public String explain(SQLException e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    int code = primary(e);
    if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return "the disk is full (" + reason + "); free some space";
    }
    if (code == SQLiteErrorCode.SQLITE_READONLY.code
        || code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
      return "the file cannot be written (" + reason + "); check its owner, mode and mount";
    }
    if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return "another process holds the file (" + reason + "); end it";
    }
    if (code == SQLiteErrorCode.SQLITE_IOERR.code) {
      return "the disk fails (" + reason + "); see the kernel's log";
    }
    if (damaged(e)) {
      return "the file is damaged or not a database (" + reason + "); restore a backup";
    }
    return reason;
  }

  private static int primary(SQLException e) {
    return e.getErrorCode() & 0xff;
  }

  @Override
  public void backup(Path target) throws SQLException, IOException {
    createPrivate(target);
    boolean done = false;
    try (Connection connection = open(config())) {
      Sql.update(connection, "VACUUM INTO ?", target.toString());
      force(target);
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(target);
      }
    }
  }
}
