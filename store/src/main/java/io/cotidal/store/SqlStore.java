package io.cotidal.store;

import io.cotidal.engine.LeaseRow;
import io.cotidal.engine.Row;
import io.cotidal.engine.SecretStore;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.SpecStore;
import io.cotidal.engine.Store;
import io.cotidal.engine.TokenStore;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Token;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The journal and the tokens in one database: an SQLite file, or a schema of a PostgreSQL server.
 * Thread-safe.
 *
 * <p>A committed batch survives the loss of power: each group of commits waits once for the disk.
 * Batches of one resource are written in the order of the calls. Several daemons may have the same
 * server's store open, and several processes the same file; transactions that write come one after
 * the other. Every method that reads throws {@link StoreException} if the database cannot be read.
 */
public final class SqlStore implements Store, TokenStore, SpecStore, AutoCloseable {
  /** In the place of a resource, for what belongs to none; no resource's name is empty. */
  private static final String NOBODYS = "";

  private final Database database;
  private final GroupCommit writer;
  private final Readers readers;

  private SqlStore(Database database, GroupCommit writer) {
    this.database = database;
    this.writer = writer;
    this.readers = new Readers(database);
  }

  /**
   * Opens the store in {@code file}; makes it, readable for its owner alone, if it is not there,
   * and brings an older one up to date.
   *
   * @throws StoreException with one line if the file cannot be used: another program's, damaged,
   *     written by a newer Cotidal, not writable
   */
  public static SqlStore open(Path file) {
    return open(file, Retention.DEFAULT, Waiting.LIMIT);
  }

  static SqlStore open(Path file, Retention retention, int limit) {
    return open(file, retention, limit, Reserve.BYTES);
  }

  static SqlStore open(Path file, Retention retention, int limit, long reserve) {
    Sqlite sqlite = new Sqlite(file);
    sqlite.create();
    return open(sqlite, retention, limit, Optional.of(Reserve.beside(sqlite.file(), reserve)));
  }

  /**
   * Opens the store in a schema of a PostgreSQL server; makes schema and tables if they are not
   * there, and brings older ones up to date.
   *
   * @param password of the address's user; null if the server asks for none
   * @throws StoreException with one line if it cannot be used: not reached, not let in, another
   *     program's schema, a standby, written by a newer Cotidal
   */
  public static SqlStore open(PostgresAddress address, @Nullable Secret password) {
    return open(
        new Postgres(address, password), Retention.DEFAULT, Waiting.LIMIT, Optional.empty());
  }

  private static SqlStore open(
      Database database, Retention retention, int limit, Optional<Reserve> reserve) {
    Connection connection = Opening.prepare(database);
    GroupCommit writer =
        new GroupCommit(
            database, connection, new GroupCommit.Care(retention, reserve), new Waiting(limit));
    SqlStore store = new SqlStore(database, writer);
    writer.start();
    return store;
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
            lane(batch),
            batch.resource() + " batch " + batch.id(),
            connection -> BatchRows.write(connection, batch),
            then));
  }

  private static Waiting.Lane lane(Batch batch) {
    if (batch.urgent()) {
      return Waiting.Lane.FAILOVER;
    }
    return batch.rows().stream().allMatch(Row.Append.class::isInstance)
        ? Waiting.Lane.BULK
        : Waiting.Lane.OPERATIONS;
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
        Waiting.Lane.FAILOVER,
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
            NOBODYS,
            Waiting.Lane.BULK,
            "a token's use",
            connection -> {
              TokenRows.used(connection, id, micros);
              return true;
            },
            result -> {}));
  }

  @Override
  public Optional<SpecStore.Spec> spec(ResourceId resource) {
    return readers.read(
        "the configuration of " + resource, connection -> SpecRows.find(connection, resource));
  }

  @Override
  public List<SpecStore.Spec> specs() {
    return readers.read("configurations", SpecRows::list);
  }

  @Override
  public boolean put(SpecStore.Spec next) {
    return write(
        "the configuration of " + next.resource(), connection -> SpecRows.put(connection, next));
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
      database.backup(target.toAbsolutePath());
    } catch (FileAlreadyExistsException e) {
      throw new StoreException(place + ": exists already; choose another path", e);
    } catch (SQLException e) {
      throw new StoreException(place + ": not written: " + database.explain(e), e);
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

  /**
   * The row by which daemons that share a server's store elect one of them; empty for a file, which
   * has a lock beside it. The caller closes it.
   *
   * @param life for how long it is taken each time
   */
  public Optional<LeaseRow> lease(Duration life) {
    return database instanceof Postgres server
        ? Optional.of(new PostgresLease(server, life))
        : Optional.empty();
  }

  <T> T read(String what, Readers.Query<T> query) {
    return readers.read(what, query);
  }

  <T> T write(String what, Readers.Query<T> query) {
    return write(Waiting.Lane.OPERATIONS, what, query);
  }

  private <T> T write(Waiting.Lane lane, String what, Readers.Query<T> query) {
    Change<T> change = new Change<>("store " + database.place() + ": " + what, query);
    writer.submit(new Waiting.Entry(NOBODYS, lane, what, change, change));
    return change.await();
  }

  /** Writes what waits, then closes the database. What comes later is answered {@code FAILED}. */
  @Override
  public void close() {
    writer.close();
    readers.close();
  }
}
