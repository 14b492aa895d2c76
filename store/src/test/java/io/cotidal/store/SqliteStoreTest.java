package io.cotidal.store;

import static io.cotidal.store.Samples.ORDERS;
import static io.cotidal.store.Samples.batch;
import static io.cotidal.store.Samples.commit;
import static io.cotidal.store.Samples.log;
import static io.cotidal.store.Samples.operation;
import static io.cotidal.store.Samples.put;
import static io.cotidal.store.Samples.step;
import static io.cotidal.store.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Row;
import io.cotidal.engine.SecretStore;
import io.cotidal.engine.SpecStore;
import io.cotidal.engine.Store;
import io.cotidal.engine.Store.Result;
import io.cotidal.engine.TokenStore;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreConformance {
  @TempDir Path folder;
  private SqlStore store;

  @BeforeEach
  void open() {
    store = SqlStore.open(file());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Path file() {
    return folder.resolve("var/lib/cotidal.db");
  }

  @Override
  protected Store store() {
    return store;
  }

  @Override
  protected TokenStore tokens() {
    return store;
  }

  @Override
  protected SpecStore specs() {
    return store;
  }

  @Override
  protected SecretStore secrets() {
    return store.secrets(folder.resolve("secrets.key"));
  }

  @Override
  protected void reopen() {
    store.close();
    store = SqlStore.open(file());
  }

  private void reopen(Retention retention, int limit) {
    store.close();
    store = SqlStore.open(file(), retention, limit);
  }

  @Test
  @DisplayName("the file and the folders made for it are their owner's alone")
  void permissions() throws Exception {
    commit(store, batch(log(ORDERS, "so that the log exists")));
    for (String name : List.of("cotidal.db", "cotidal.db-wal", "cotidal.db-shm")) {
      assertThat(mode(file().resolveSibling(name))).isEqualTo("rw-------");
    }
    assertThat(mode(folder.resolve("var"))).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("var/lib"))).isEqualTo("rwx------");
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  @DisplayName("a store that a newer build wrote is refused in one line and left as it is")
  void newerSchema() throws Exception {
    store.close();
    change("UPDATE meta SET value = '77' WHERE name = 'schema'");
    assertThatThrownBy(() -> SqlStore.open(file()))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "store %s: has schema 77, this Cotidal knows %s; start the newer Cotidal that wrote it, or restore a backup from before",
            file(), Schema.version());
    change("UPDATE meta SET value = '" + Schema.version() + "' WHERE name = 'schema'");
    open();
    assertThat(store.lastEvent()).isZero();
  }

  @Test
  @DisplayName("a store of the first schema is brought up to date; its approvals count as old")
  void firstSchema() throws Exception {
    Operation approved = operation(1, OperationState.QUEUED);
    commit(store, batch(put(approved)));
    store.close();
    change("ALTER TABLE operation DROP COLUMN approved_micros");
    beforeItems();
    change("UPDATE meta SET value = '1' WHERE name = 'schema'");
    open();
    Operation loaded = store.operation(approved.id()).orElseThrow();
    assertThat(loaded.approvedMicros()).isEqualTo(approved.createdMicros());
    assertThat(loaded.note()).isEqualTo(approved.note());
    commit(store, batch(put(approved)));
    assertThat(store.operation(approved.id())).contains(approved);
  }

  @Test
  @DisplayName("a store from before there were items is brought up to date and takes some")
  void secondSchema() throws Exception {
    Operation running =
        operation(1, OperationState.RUNNING).withSteps(List.of(step(1, StepState.DONE)));
    commit(store, batch(put(running), new Row.PutStep(1, step(1, StepState.DONE))));
    store.close();
    beforeItems();
    change("UPDATE meta SET value = '2' WHERE name = 'schema'");
    open();
    assertThat(store.operation(running.id())).contains(running);
    Item item = new Item("copy", "one", "ann", "ready", Details.NONE, 1, 0);
    commit(store, batch(new Row.PutItem(item)));
    assertThat(store.load(ORDERS).items()).containsExactly(item);
  }

  private void beforeItems() throws Exception {
    change("DROP TABLE spec");
    change("DROP TABLE lease");
    change("ALTER TABLE resource DROP COLUMN pause");
    change("DROP TABLE item");
    change("DROP TABLE secret");
    change("ALTER TABLE step DROP COLUMN items");
  }

  private void change(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file())) {
      Sql.run(connection, sql);
    }
  }

  @Test
  @DisplayName("another program's database is refused and left as it is")
  void foreignDatabase() throws Exception {
    Path foreign = folder.resolve("foreign.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + foreign)) {
      Sql.run(connection, "CREATE TABLE bookmark (url TEXT)");
    }
    byte[] before = Files.readAllBytes(foreign);
    assertThatThrownBy(() -> SqlStore.open(foreign))
        .hasMessage(
            "store %s: is the SQLite database of another program; choose another path", foreign);
    assertThat(Files.readAllBytes(foreign)).isEqualTo(before);
  }

  @Test
  @DisplayName("a file that is no database, a folder, a folder that cannot be made: one line each")
  void unusable() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.txt"), "not a database, ".repeat(100));
    assertThatThrownBy(() -> SqlStore.open(text))
        .hasMessageStartingWith("store " + text + ": cannot be opened: the file is damaged or not")
        .message()
        .doesNotContain("\n");
    assertThatThrownBy(() -> SqlStore.open(folder))
        .hasMessage("store %s: is not a file; choose another path", folder);
    assertThatThrownBy(() -> SqlStore.open(text.resolve("cotidal.db")))
        .hasMessageStartingWith("store " + text.resolve("cotidal.db") + ": ");
    assertThatThrownBy(() -> SqlStore.open(folder.resolve("a?b.db")))
        .hasMessageContaining("cannot open a path with '?'");
  }

  @Test
  @DisplayName(
      "what is too old goes when the writer has time; what is open stays, and numbers never return")
  void retention() {
    commit(store, batch(put(operation(1, OperationState.PROPOSED))));
    for (int number = 2; number <= 30; number++) {
      commit(
          store,
          batch(
              put(operation(number, OperationState.DONE)),
              new Row.PutStep(number, step(1, StepState.DONE)),
              log(ORDERS, "event " + number)));
    }
    var first = batch(log(ORDERS, "event 31"));
    commit(store, first);
    reopen(new Retention(10, 5, 1_000), Waiting.LIMIT);
    await().until(() -> store.events(ORDERS, 0, 100).size() == 10);
    assertThat(store.events(ORDERS, 0, 100).getLast().event().text()).isEqualTo("event 31");
    assertThat(store.operations(ORDERS, 100))
        .extracting(Operation::number)
        .containsExactly(30L, 29L, 28L, 27L, 26L, 1L);
    assertThat(store.committed(ORDERS, first.id())).isTrue();
    assertThat(store.load(ORDERS).lastNumber()).isEqualTo(30);
    assertThat(store.lastEvent()).isEqualTo(30);
    reopen(new Retention(1, 0, 0), Waiting.LIMIT);
    await().until(() -> !store.committed(ORDERS, first.id()));
    commit(store, batch(log(ORDERS, "event 32")));
    assertThat(store.lastEvent()).isEqualTo(31);
    assertThat(store.load(ORDERS).operations()).extracting(Operation::number).containsExactly(1L);
  }

  @Test
  @DisplayName("work beyond the bound is answered FAILED at once, and what waits is not harmed")
  void overflow() {
    reopen(Retention.DEFAULT, 2);
    CountDownLatch held = new CountDownLatch(1);
    CompletableFuture<Void> release = new CompletableFuture<>();
    store.commit(
        batch(),
        result -> {
          held.countDown();
          release.join();
        });
    await().until(() -> held.getCount() == 0);
    var first = submit(store, batch(log(ORDERS, "1")));
    var second = submit(store, batch(log(ORDERS, "2")));
    assertThat(commit(store, batch(log(ORDERS, "3")))).isEqualTo(Result.FAILED);
    var urgent = submit(store, Samples.urgent(ORDERS, log(ORDERS, "urgent")));
    release.complete(null);
    assertThat(List.of(first.join(), second.join(), urgent.join())).containsOnly(Result.COMMITTED);
  }

  @Test
  @DisplayName("a closed store writes what waited and takes no more")
  void closing() {
    var last = submit(store, batch(log(ORDERS, "last")));
    store.close();
    assertThat(last).isCompletedWithValue(Result.COMMITTED);
    assertThat(commit(store, batch(log(ORDERS, "too late")))).isEqualTo(Result.FAILED);
    assertThatThrownBy(() -> store.lastEvent())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is closed");
    assertThat(file().resolveSibling("cotidal.db-wal")).doesNotExist();
  }

  @Test
  @DisplayName("a backup is whole, private, and never written over something")
  void backup() throws Exception {
    commit(store, batch(put(operation(4, OperationState.DONE)), log(ORDERS, "kept")));
    Path copy = folder.resolve("copy.db");
    store.backup(copy);
    assertThat(mode(copy)).isEqualTo("rw-------");
    assertThatThrownBy(() -> store.backup(copy))
        .hasMessage("backup %s: exists already; choose another path", copy);
    assertThatThrownBy(() -> store.backup(folder.resolve("no/such/copy.db")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("check folder and disk");
    try (SqlStore restored = SqlStore.open(copy)) {
      assertThat(restored.load(ORDERS)).isEqualTo(store.load(ORDERS));
      assertThat(restored.events(null, 0, 10)).isEqualTo(store.events(null, 0, 10));
    }
  }

  @Test
  @DisplayName("another process that holds the file is a failure that passes")
  void foreignLock() throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file())) {
      Sql.run(other, "BEGIN IMMEDIATE");
      assertThat(commit(store, batch(log(ORDERS, "blocked")))).isEqualTo(Result.FAILED);
      assertThat(store.problem().orElseThrow()).startsWith("another process holds the file");
      assertThat(store.lastEvent()).isZero();
      Sql.run(other, "ROLLBACK");
    }
    assertThat(commit(store, batch(log(ORDERS, "free")))).isEqualTo(Result.COMMITTED);
    assertThat(store.problem()).isEmpty();
  }
}
