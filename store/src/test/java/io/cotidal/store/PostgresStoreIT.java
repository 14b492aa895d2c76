package io.cotidal.store;

import static io.cotidal.store.Samples.ORDERS;
import static io.cotidal.store.Samples.batch;
import static io.cotidal.store.Samples.commit;
import static io.cotidal.store.Samples.log;
import static io.cotidal.store.Samples.operation;
import static io.cotidal.store.Samples.put;
import static io.cotidal.store.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Row;
import io.cotidal.engine.SecretStore;
import io.cotidal.engine.SpecStore;
import io.cotidal.engine.Store;
import io.cotidal.engine.Store.Batch;
import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.engine.Store.Result;
import io.cotidal.engine.TokenStore;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.StoreServer;
import io.cotidal.model.OperationState;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The same suite on a real server of PostgreSQL, and what only a server can do to a store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresStoreIT extends StoreConformance {
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));

  @TempDir Path folder;
  private ServerRegistry registry;
  private StoreServer server;
  private int databases;
  private PostgresAddress address;
  private SqlStore store;

  @BeforeAll
  void lab() throws Exception {
    registry = ServerRegistry.open(StateFolder.ofUser(), BASE);
    server =
        StoreServer.start(registry, PostgresBinaries.bundled(BASE.resolve("cotidal-postgres")));
  }

  @AfterAll
  void end() throws Exception {
    registry.close();
  }

  @BeforeEach
  void open() throws SQLException {
    String database = "store" + ++databases;
    server.createDatabase(database);
    address = at(database, PostgresAddress.SCHEMA);
    store = SqlStore.open(address, server.password());
  }

  private PostgresAddress at(String database, String schema) {
    return new PostgresAddress(
        "127.0.0.1",
        server.port(),
        database,
        StoreServer.NAME,
        schema,
        new PostgresAddress.Tls(PostgresAddress.Mode.DISABLE, Optional.empty()));
  }

  @AfterEach
  void close() {
    store.close();
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
    store = SqlStore.open(address, server.password());
  }

  @Test
  @DisplayName(
      "what cannot be used is refused in one line, with place and remedy, without password")
  void unusable() throws SQLException {
    assertThatThrownBy(() -> SqlStore.open(address, new Secret("canary-9")))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("store " + address + ": cannot be opened: the server refuses")
        .hasMessageNotContaining("canary-9")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> SqlStore.open(at("nowhere", "cotidal"), server.password()))
        .hasMessageContaining("there is no such database");
    server.execute(address.database(), "CREATE SCHEMA foreign_one AUTHORIZATION cotidal");
    server.execute(address.database(), "CREATE TABLE foreign_one.bookmark (url TEXT)");
    assertThatThrownBy(
            () -> SqlStore.open(at(address.database(), "foreign_one"), server.password()))
        .hasMessageContaining("schema foreign_one is another program's");
    assertThatThrownBy(() -> store.backup(folder.resolve("copy.db")))
        .hasMessageContaining("pg_dump --schema=cotidal");
  }

  @Test
  @DisplayName("a store that a newer build wrote is refused in one line and left as it is")
  void newerSchema() throws SQLException {
    store.close();
    String database = address.database();
    server.execute(database, "UPDATE cotidal.meta SET value = '77' WHERE name = 'schema'");
    assertThatThrownBy(() -> SqlStore.open(address, server.password()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has schema 77, this Cotidal knows " + Schema.version());
    server.execute(
        database,
        "UPDATE cotidal.meta SET value = '" + Schema.version() + "' WHERE name = 'schema'");
    store = SqlStore.open(address, server.password());
    assertThat(store.lastEvent()).isZero();
  }

  @Test
  @DisplayName("two daemons that start together make the tables once")
  void startTogether() throws Exception {
    PostgresAddress fresh = at(address.database(), "together");
    List<CompletableFuture<SqlStore>> opened = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      CompletableFuture<SqlStore> one = new CompletableFuture<>();
      opened.add(one);
      Thread.ofVirtual()
          .start(() -> {
            try {
              one.complete(SqlStore.open(fresh, server.password()));
            } catch (RuntimeException e) {
              one.completeExceptionally(e);
            }
          });
    }
    for (CompletableFuture<SqlStore> each : opened) {
      try (SqlStore one = each.get(30, TimeUnit.SECONDS)) {
        assertThat(one.lastEvent()).isZero();
      }
    }
  }

  @Test
  @DisplayName(
      "postgres/S9: two daemons on one store: the older epoch is refused, and events have one order")
  void twoDaemons() {
    try (SqlStore other = SqlStore.open(address, server.password())) {
      assertThat(commit(store, batch(new Row.RaiseEpoch(0, 3), log(ORDERS, "old leads"))))
          .isEqualTo(Result.COMMITTED);
      assertThat(commit(other, batch(new Row.RaiseEpoch(3, 4), log(ORDERS, "new leads"))))
          .isEqualTo(Result.COMMITTED);
      Batch late = batch(ORDERS, 3, put(operation(1, OperationState.RUNNING)));
      assertThat(commit(store, late)).isEqualTo(Result.REFUSED);
      assertThat(other.load(ORDERS).operations()).isEmpty();
      List<CompletableFuture<Result>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        results.add(submit(i % 2 == 0 ? store : other, batch(ORDERS, 4, log(ORDERS, "e" + i))));
      }
      assertThat(results).extracting(CompletableFuture::join).containsOnly(Result.COMMITTED);
      assertThat(store.events(null, 0, 100))
          .extracting(LoggedEvent::sequence)
          .hasSize(42)
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }

  @Test
  @DisplayName(
      "postgres/S9: a daemon that freezes within a transaction keeps the others waiting for two seconds, and its write is lost")
  void frozenWriter() throws Exception {
    Postgres frozen = new Postgres(address, server.password());
    try (Connection held = frozen.writer()) {
      frozen.begin(held);
      Sql.update(held, "UPDATE counter SET value = value + 1000 WHERE name = 'event'");
      assertThat(commit(store, batch(log(ORDERS, "after it")))).isEqualTo(Result.COMMITTED);
      assertThatThrownBy(() -> Sql.run(held, "COMMIT")).isInstanceOf(SQLException.class);
    }
    assertThat(store.lastEvent()).isEqualTo(1);
  }

  @Test
  @DisplayName("the server is killed and comes back: nothing acknowledged is lost, and it goes on")
  void restart() throws Exception {
    assertThat(commit(store, batch(log(ORDERS, "before")))).isEqualTo(Result.COMMITTED);
    server.processes().kill();
    assertThat(commit(store, batch(log(ORDERS, "while it is gone")))).isEqualTo(Result.FAILED);
    assertThat(store.problem().orElseThrow()).contains("the server is not reached");
    assertThatThrownBy(() -> store.lastEvent()).isInstanceOf(StoreException.class);
    server.again();
    assertThat(store.events(ORDERS, 0, 10))
        .extracting(each -> each.event().text())
        .containsExactly("before");
    assertThat(commit(store, batch(log(ORDERS, "after")))).isEqualTo(Result.COMMITTED);
    assertThat(store.problem()).isEmpty();
  }

  @Test
  @DisplayName("a server that was restarted while nobody wrote costs no batch")
  void restartUnseen() throws Exception {
    assertThat(commit(store, batch(log(ORDERS, "before")))).isEqualTo(Result.COMMITTED);
    assertThat(store.lastEvent()).isEqualTo(1);
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'cotidal'");
    assertThat(commit(store, batch(log(ORDERS, "after")))).isEqualTo(Result.COMMITTED);
    assertThat(store.lastEvent()).isEqualTo(2);
  }

  @Test
  @DisplayName("a frozen server: every call ends, and the batch is looked for once it answers")
  void frozenServer() throws Exception {
    server.processes().freeze();
    Batch lost = batch(log(ORDERS, "into the ice"));
    try {
      CompletableFuture<Result> result = submit(store, lost);
      assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(Result.FAILED);
      assertThat(store.problem().orElseThrow()).contains("no answer in time");
    } finally {
      server.processes().thaw();
    }
    assertThat(store.committed(ORDERS, lost.id())).isFalse();
    assertThat(store.lastEvent()).isZero();
  }

  @Test
  @DisplayName("a commit whose answer never came is unknown, and found when it is read back")
  void unknownCommit() throws Exception {
    server.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server.execute("SELECT pg_reload_conf()");
    Batch batch = batch(log(ORDERS, "was it?"));
    try {
      await()
          .untilAsserted(() ->
              assertThatThrownBy(() ->
                      server.execute(
                          "SELECT 1 / (CASE current_setting('synchronous_standby_names') WHEN 'nobody' THEN 0 ELSE 1 END)"))
                  .isInstanceOf(SQLException.class));
      CompletableFuture<Result> result = submit(store, batch);
      assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(Result.UNKNOWN);
    } finally {
      server.execute("ALTER SYSTEM RESET synchronous_standby_names");
      server.execute("SELECT pg_reload_conf()");
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> store.committed(ORDERS, batch.id()));
    assertThat(store.events(ORDERS, 0, 10)).hasSize(1);
  }
}
