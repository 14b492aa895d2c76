package io.cotidal.store;

import io.cotidal.engine.SecretStore;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store;
import io.cotidal.engine.TokenStore;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Token;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal and the tokens in one SQLite file. Thread-safe.
 *
 * <p>A committed batch survives the loss of power: each group of commits is one fsync of the
 * write-ahead log. Batches of one resource are written in the order of the calls. One process at a
 * time may have the file open for writing; the election sees to that. Every method that reads
 * throws {@link StoreException} if the file cannot be read.
 */
public final class SqliteStore implements Store, TokenStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

  /** The lane of what belongs to no resource; no resource's name is empty. */
  private static final String NO_LANE = "";

  private final Sqlite sqlite;
  private final GroupCommit writer;
  private final Readers readers;

  private SqliteStore(Sqlite sqlite, GroupCommit writer) {
    this.sqlite = sqlite;
    this.writer = writer;
    this.readers = new Readers(sqlite);
  }

  /**
   * Opens the store in {@code file}; makes it, readable for its owner alone, if it is not there,
   * and brings an older one up to date.
   *
   * @throws StoreException with one line if the file cannot be used: another program's, damaged,
   *     written by a newer Cotidal, not writable
   */
  public static SqliteStore open(Path file) {
    return open(file, Retention.DEFAULT, Waiting.LIMIT);
  }

  static SqliteStore open(Path file, Retention retention, int limit) {
    Sqlite sqlite = new Sqlite(file);
    sqlite.create();
    GroupCommit writer = new GroupCommit(sqlite, prepare(sqlite), retention, new Waiting(limit));
    SqliteStore store = new SqliteStore(sqlite, writer);
    writer.start();
    return store;
  }

  private static Connection prepare(Sqlite sqlite) {
    String place = "store " + sqlite.file();
    Connection connection = null;
    boolean ready = false;
    try {
      connection = sqlite.writer();
      sqlite.claim(connection);
      Sqlite.begin(connection);
      Schema.migrate(connection, place);
      Sql.run(connection, "COMMIT");
      ready = true;
      return connection;
    } catch (SQLException e) {
      throw new StoreException(place + ": cannot be opened: " + Sqlite.explain(e), e);
    } finally {
      if (!ready) {
        closeQuietly(connection);
      }
    }
  }

  /**
   * The failure that led here is on its way to the caller; one more about closing would hide it.
   */
  private static void closeQuietly(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("closing after a failure: {}", e.getMessage());
      }
    }
  }

  @Override
  public Snapshot load(ResourceId resource) {
    return readers.read(
        "the snapshot of " + resource, connection -> Reading.load(connection, resource));
  }

  @Override
  public void commit(Batch batch, Consumer<Result> then) {
    writer.submit(
        new Waiting.Entry(
            batch.resource().toString(),
            batch.urgent(),
            batch.resource() + " batch " + batch.id(),
            connection -> BatchRows.write(connection, batch),
            then));
  }

  /**
   * {@inheritDoc}
   *
   * <p>A batch that is not there is looked for once more after a commit of its own: until then the
   * log's end could still hold it, and a crash could bring it back.
   *
   * <p>Waits for the writer: never ask on the thread that a commit's result came on.
   *
   * @throws StoreException if that cannot be found out now; ask again later
   */
  @Override
  public boolean committed(ResourceId resource, String batchId) {
    String what = "batch " + batchId + " of " + resource;
    if (readers.read(what, connection -> Reading.committed(connection, resource, batchId))) {
      return true;
    }
    write(
        what,
        connection ->
            Sql.update(connection, "UPDATE counter SET value = value + 1 WHERE name = 'barrier'"));
    return readers.read(what, connection -> Reading.committed(connection, resource, batchId));
  }

  @Override
  public List<LoggedEvent> events(@Nullable ResourceId resource, long after, int limit) {
    return readers.read("events", connection -> Reading.events(connection, resource, after, limit));
  }

  @Override
  public List<LoggedEvent> latest(@Nullable ResourceId resource, long before, int limit) {
    return readers.read(
        "the latest events", connection -> Reading.latest(connection, resource, before, limit));
  }

  @Override
  public long lastEvent() {
    return readers.read("the last event", Reading::lastEvent);
  }

  @Override
  public Optional<Operation> operation(OperationId id) {
    return readers.read("operation " + id, connection -> Reading.operation(connection, id));
  }

  @Override
  public Optional<Operation> operationByKey(ResourceId resource, String idempotencyKey) {
    return readers.read(
        "the operation of an idempotency key",
        connection -> Reading.operationByKey(connection, resource, idempotencyKey));
  }

  @Override
  public List<Operation> operations(ResourceId resource, int limit) {
    return readers.read(
        "operations of " + resource, connection -> Reading.operations(connection, resource, limit));
  }

  @Override
  public boolean add(Token token) {
    return write("a new token", connection -> TokenRows.add(connection, token));
  }

  @Override
  public Optional<Token> find(String hash) {
    return readers.read("a token", connection -> TokenRows.find(connection, hash));
  }

  @Override
  public List<Token> list() {
    return readers.read("tokens", TokenRows::list);
  }

  @Override
  public boolean remove(String id) {
    return write("the removal of a token", connection -> TokenRows.remove(connection, id));
  }

  /**
   * {@inheritDoc} Returns at once; uses within a minute count as one, and one that cannot be
   * written is left out.
   */
  @Override
  public void used(String id, long micros) {
    writer.submit(
        new Waiting.Entry(
            NO_LANE,
            false,
            "a token's use",
            connection -> {
              TokenRows.used(connection, id, micros);
              return true;
            },
            result -> {}));
  }

  /** Why the last attempt to write failed, in one line; empty if it did not. */
  public Optional<String> problem() {
    return writer.problem();
  }

  /**
   * Writes a consistent copy, readable for its owner alone, while work goes on.
   *
   * @param target a path at which nothing is
   * @throws StoreException if it cannot be written; nothing is left at the path then
   */
  public void backup(Path target) {
    String place = "backup " + target;
    try {
      sqlite.backup(target.toAbsolutePath());
    } catch (FileAlreadyExistsException e) {
      throw new StoreException(place + ": exists already; choose another path", e);
    } catch (SQLException e) {
      throw new StoreException(place + ": not written: " + Sqlite.explain(e), e);
    } catch (IOException e) {
      throw new StoreException(place + ": not written: " + e + "; check folder and disk", e);
    }
  }

  /**
   * Secrets in this store, sealed with the key in {@code keyFile}, which is made if it is not
   * there.
   *
   * @throws StoreException if the key cannot be used
   */
  public SecretStore secrets(Path keyFile) {
    return new SealedSecrets(this, Seal.open(keyFile));
  }

  <T> T read(String what, Readers.Query<T> query) {
    return readers.read(what, query);
  }

  <T> T write(String what, Readers.Query<T> query) {
    Change<T> change = new Change<>("store " + sqlite.file() + ": " + what, query);
    writer.submit(new Waiting.Entry(NO_LANE, true, what, change, change));
    return change.await();
  }

  /** Writes what waits, then closes the file. What comes later is answered {@code FAILED}. */
  @Override
  public void close() {
    writer.close();
    readers.close();
  }
}
