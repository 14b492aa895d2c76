package io.cotidal.copies.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.copies.imports.Dumps;
import io.cotidal.lab.CacheFolder;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What interrupted attempts and careless masks leave in a server that copies share. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("databases of a shared PostgreSQL 18")
final class PostgresTenantsIT {
  private static final Secret ADMINISTRATOR = new Secret("Adm1n-of-all-copies");
  private static final User OWNER = new User("keeper", new Secret("unused"), "shop");
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Postgres engine = new Postgres();
  private final DatabaseClones clones = engine.clones().orElseThrow();
  private Rig rig;
  private Place place;
  private Tenants.Origin origin;

  @BeforeAll
  void open() throws Exception {
    Path server = PostgresBinaries.bundled(CacheFolder.ofUser());
    rig = new Rig(engine, engine.locate(new Choice("18", Optional.of(server))));
    Place base = rig.place("base");
    engine.initialise(rig.installation, base, Rig.soon());
    Path dump = Files.writeString(rig.folder.resolve("good.sql"), "CREATE TABLE t (i INT);\n");
    Load load = new Load(Dumps.recognise(rig.folder, dump), OWNER, Optional.empty(), _ -> {});
    engine.load(rig.installation, base, load, Rig.soon());
    String careless =
        """
        GRANT pg_read_server_files TO keeper;
        CREATE ROLE boss SUPERUSER LOGIN PASSWORD 'boss';
        GRANT boss TO keeper WITH ADMIN OPTION;
        GRANT CONNECT ON DATABASE postgres TO keeper;
        """;
    engine.hook(rig.installation, base, new DatabaseEngine.Hook(careless, "shop"), Rig.soon());
    engine.freeze(
        rig.installation, base, new DatabaseEngine.Freeze(ADMINISTRATOR, OWNER), Rig.soon());
    place = rig.clone(base, "host");
    clones.prepare(place);
    rig.registry.record(
        rig.processes.launch(clones.server(rig.installation, place, false), place.log()).pid());
    await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(EngineException.class)
        .until(() -> {
          tenants("test").close();
          return true;
        });
    try (Tenants tenants = tenants("test")) {
      String owner = tenants.protect("shop", Rig.soon());
      assertThat(owner).isEqualTo("keeper");
      origin = new Tenants.Origin("shop", owner);
    }
  }

  @AfterAll
  void close() throws Exception {
    if (rig != null) {
      rig.close();
    }
  }

  private Tenants tenants(String purpose) throws EngineException {
    return clones.tenants(place, ADMINISTRATOR, purpose, SOON);
  }

  private static User user(String name) {
    return new User(name, new Secret("Secret-of-" + name), name);
  }

  private PgSession administrator(String application) throws Exception {
    Login login =
        new Login(place.host(), place.port(), "postgres", "cotidal", ADMINISTRATOR, application);
    return PgSession.open(login, Certificates.first(place.certificate()), SOON);
  }

  private String asked(User user, String sql) throws Exception {
    String url =
        engine.connectionStrings(place.host(), place.port(), user, place.certificate()).get("jdbc");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
      return "done";
    }
  }

  @Test
  @DisplayName(
      "copies/B5: what an interrupted drop leaves is not open, and is removed all the same")
  void halfDropped() throws Exception {
    User user = user("c1_half");
    try (Tenants tenants = tenants("c1_half")) {
      tenants.admit(user, origin, Rig.soon());
      assertThat(tenants.all(SOON).get("c1_half")).isEqualTo(new Tenants.Tenant(true, 0));
      try (PgSession session = administrator("test")) {
        session.run("UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'c1_half'", SOON);
      }
      assertThat(tenants.all(SOON).get("c1_half").open()).isFalse();
      tenants.admit(user, origin, Rig.soon());
      assertThat(tenants.all(SOON).get("c1_half").open()).isTrue();
      tenants.remove("c1_half", Rig.soon());
      assertThat(tenants.all(SOON)).doesNotContainKey("c1_half");
      tenants.remove("c1_half", Rig.soon());
    }
  }

  @Test
  @DisplayName("copies/B5: an attempt that is at work still is ended before the next one begins")
  void atWork() throws Exception {
    try (PgSession before = administrator("cotidal c2_late");
        PgSession other = administrator("cotidal c2_other");
        Tenants tenants = tenants("c2_late")) {
      CompletableFuture<Void> late = sleeping(before);
      CompletableFuture<Void> beside = sleeping(other);
      try (PgSession looks = administrator("test")) {
        await()
            .atMost(SOON)
            .until(() ->
                looks.one(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
                        SOON,
                        row -> row.getInt(1))
                    == 2);
      }
      tenants.admit(user("c2_late"), origin, Rig.soon());
      assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(PgException.class);
      assertThat(beside).isNotDone();
      assertThat(asked(user("c2_late"), "INSERT INTO t VALUES (1)")).isEqualTo("done");
      tenants.remove("c2_other", Rig.soon());
      assertThatThrownBy(() -> beside.get(20, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(PgException.class);
    }
  }

  private static CompletableFuture<Void> sleeping(PgSession session) {
    // Each on a thread of its own: the common pool may have one for both.
    return CompletableFuture.runAsync(
        () -> {
          try {
            session.run("SELECT pg_sleep(60)", Duration.ofSeconds(90));
          } catch (PgException e) {
            throw new CompletionException(e);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  @DisplayName("copies/E1: rights that a mask gave by mistake reach no further than one database")
  void careless() throws Exception {
    User user = user("c3_curious");
    try (Tenants tenants = tenants("c3_curious")) {
      tenants.admit(user, origin, Rig.soon());
    }
    for (String sql :
        new String[] {"COPY t FROM '/etc/passwd'", "SET ROLE boss; ALTER SYSTEM SET fsync = on"}) {
      assertThatThrownBy(() -> asked(user, sql)).as(sql).isInstanceOf(SQLException.class);
    }
    try (PgSession session = administrator("test")) {
      assertThat(
              session.all(
                  "SELECT rolname FROM pg_roles WHERE rolsuper OR rolcreaterole OR rolcreatedb",
                  SOON,
                  row -> row.getString(1)))
          .containsExactly("cotidal");
      assertThat(
              session.all(
                  "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname !~ '^c[0-9]'",
                  SOON,
                  row -> row.getString(1)))
          .containsExactly("cotidal");
    }
  }

  @Test
  @DisplayName("copies/B1: stopped is shut, and what was open is ended")
  void shut() throws Exception {
    User user = user("c4_shut");
    try (Tenants tenants = tenants("c4_shut")) {
      tenants.admit(user, origin, Rig.soon());
      Login login =
          new Login(
              place.host(), place.port(), user.database(), user.name(), user.password(), "test");
      try (PgSession session =
          PgSession.open(login, Certificates.first(place.certificate()), SOON)) {
        assertThat(tenants.all(SOON).get("c4_shut").sessions()).isEqualTo(1);
        tenants.shut("c4_shut", Rig.soon());
        assertThatThrownBy(() -> session.run("SELECT 1", SOON)).isInstanceOf(PgException.class);
      }
      assertThatThrownBy(() -> clones.login(place, user, Rig.soon()))
          .isInstanceOf(EngineException.class);
      tenants.open(user, Rig.soon());
      clones.login(place, user, Rig.soon());
    }
  }
}
