package io.cotidal.app.copies;

import static io.cotidal.app.copies.Jdbc.COUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.Api.Answer;
import io.cotidal.app.copies.CopiesLab.Template;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.LoopVolume;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only copies can do, or must not, that share a server. On XFS. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("copies that share a server")
final class SharedServerIT {
  private static final String SHOP = "shop";
  private static final int ROWS = 200;
  private static final long MEGABYTE = 1 << 20;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String CHANGE = "UPDATE customers SET name = 'mine' WHERE id = 7";
  private static final String CHANGED = "SELECT name FROM customers WHERE id = 7";

  private CopiesLab lab;
  private StartedDaemon daemon;
  private Api api;

  @BeforeAll
  void open() throws Exception {
    lab = CopiesLab.open(LoopVolume.Type.XFS);
    Path dump = dump("shop.sql", ROWS);
    Map<String, String> keys = new TreeMap<>(CopiesLab.shared());
    keys.put("dump", dump.toString());
    daemon = new StartedDaemon(lab.configure(List.of(new Template(SHOP, "postgres", keys))));
    api = Api.of(lab.port, daemon.token());
    await().atMost(LONG).until(() -> current().equals("g1"));
  }

  /** With some 30 MiB beside the customers. */
  private Path dump(String name, int rows) throws Exception {
    String text = Files.readString(lab.dump(name, rows, "gold"));
    return lab.write(
        name,
        text
            + "CREATE TABLE bulk (id INT PRIMARY KEY, body TEXT);\n"
            + "INSERT INTO bulk SELECT i, (SELECT string_agg(md5((i * 100 + j)::text), '')"
            + " FROM generate_series(1, 30) j) FROM generate_series(1, 30000) i;\n");
  }

  @AfterAll
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void removed() throws Exception {
    for (String name : api.items(SHOP, "copy").keySet()) {
      assertThat(api.delete(SHOP, name).status()).as(name).isEqualTo(200);
    }
  }

  private String current() throws Exception {
    return api.view(SHOP).at("ledger").text("generation");
  }

  private String made(String name) throws Exception {
    Answer answer = api.create(SHOP, name);
    assertThat(answer.status()).as("%s", answer).isEqualTo(201);
    return api.jdbc(SHOP, name);
  }

  private Node facts(String name) throws Exception {
    return api.items(SHOP, "copy").get(name).at("facts");
  }

  private String database(String name) throws Exception {
    return facts(name).text("database");
  }

  private static void refused(String url, String sql) {
    assertThatThrownBy(() -> Jdbc.execute(url, sql)).as(sql).isInstanceOf(SQLException.class);
  }

  private void asked(String action, String name) throws Exception {
    Answer answer = api.act(SHOP, action, Map.of("name", name));
    assertThat(answer.body().text("state")).as("%s %s", action, answer).isEqualTo("done");
  }

  @Test
  @DisplayName("copies/B1: a copy's login opens no other database of the server, nor the template")
  void apart() throws Exception {
    String left = made("left");
    String right = made("right");
    String own = "/" + database("left") + "?";
    assertThat(left).contains(own);
    assertThat(facts("left").text("port")).isEqualTo(facts("right").text("port"));
    assertThat(facts("left").text("method")).isEqualTo("PostgreSQL clone");
    for (String other : List.of(database("right"), "app", "postgres", "template1", "template0")) {
      String url = left.replace(own, "/" + other + "?");
      assertThatThrownBy(() -> Jdbc.query(url, "SELECT 1"))
          .as(other)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("pg_hba.conf");
    }
    // Not even if the other one's owner would have it so.
    Jdbc.execute(right, "GRANT ALL ON DATABASE %s TO PUBLIC".formatted(database("right")));
    assertThatThrownBy(() -> Jdbc.query(left.replace(own, "/" + database("right") + "?"), COUNT))
        .isInstanceOf(SQLException.class);
    assertThat(left).contains("sslmode=verify-ca");
    String clear = left.replace("sslmode=verify-ca", "sslmode=disable");
    assertThatThrownBy(() -> Jdbc.query(clear, COUNT)).isInstanceOf(SQLException.class);
  }

  @Test
  @DisplayName("copies/E1: a copy's user owns its data, and has no right beyond its database")
  void confined() throws Exception {
    String left = made("left");
    made("right");
    String right = database("right");
    for (String sql :
        List.of(
            "CREATE ROLE other",
            "CREATE DATABASE other",
            "ALTER SYSTEM SET fsync = on",
            "COPY customers TO PROGRAM 'cat'",
            "COPY customers FROM '/etc/passwd'",
            "SELECT pg_read_file('pg_hba.conf')",
            "SET ROLE cotidal",
            "SET ROLE " + right,
            "ALTER ROLE %s PASSWORD 'known'".formatted(right),
            "ALTER ROLE app CREATEDB",
            "SET ROLE app; ALTER ROLE app LOGIN",
            "ALTER DATABASE app ALLOW_CONNECTIONS true",
            "ALTER DATABASE %s ALLOW_CONNECTIONS false".formatted(right),
            "DROP DATABASE " + right,
            "ALTER DATABASE %s RENAME TO another".formatted(database("left")))) {
      refused(left, sql);
    }
    for (String sql :
        List.of(
            "ALTER TABLE customers ADD COLUMN more INT",
            "CREATE TABLE owned (id INT)",
            "ALTER TABLE owned OWNER TO app",
            "DROP TABLE bulk",
            "CREATE SCHEMA further")) {
      Jdbc.execute(left, sql);
    }
    assertThat(Jdbc.query(made("later"), "SELECT COUNT(*) FROM bulk")).isEqualTo("30000");
  }

  @Test
  @DisplayName("copies/B11: nothing that users do keeps a copy from being deleted")
  void stubborn() throws Exception {
    String left = made("left");
    String right = made("right");
    Jdbc.execute(left, "ALTER DATABASE %s IS_TEMPLATE true".formatted(database("left")));
    Jdbc.execute(right, "GRANT SELECT ON customers TO " + database("left"));
    Jdbc.execute(left, "ALTER DATABASE %s CONNECTION LIMIT 0".formatted(database("left")));
    String gone = database("left");
    assertThat(api.delete(SHOP, "left").status()).isEqualTo(200);
    assertThat(Jdbc.query(right, "SELECT COUNT(*) FROM pg_database WHERE datname = '" + gone + "'"))
        .isEqualTo("0");
    assertThat(
            Jdbc.query(
                right,
                "SELECT COUNT(*) FROM pg_roles WHERE rolcanlogin AND rolname = '" + gone + "'"))
        .isEqualTo("0");
  }

  @Test
  @DisplayName("copies/B9: a comparison names what differs, a reset takes it back")
  void compared() throws Exception {
    String url = made("mine");
    String other = made("other");
    Jdbc.execute(other, CHANGE);
    Answer same = api.act(SHOP, "compare", Map.of("name", "mine"));
    assertThat(same.text()).contains("\"public.customers\":\"same\"");
    Jdbc.execute(url, CHANGE);
    Jdbc.execute(url, "ALTER ROLE CURRENT_USER SET search_path = nowhere");
    Answer differs = api.act(SHOP, "compare", Map.of("name", "mine"));
    assertThat(differs.text())
        .contains("\"public.customers\":\"other content\"")
        .contains("\"public.bulk\":\"same\"");
    asked("reset", "mine");
    assertThat(api.jdbc(SHOP, "mine")).isEqualTo(url);
    assertThat(Jdbc.query(url, CHANGED)).isEqualTo("gold");
    assertThat(Jdbc.query(other, CHANGED)).isEqualTo("mine");
  }

  @Test
  @DisplayName("copies/B10: a stopped copy lets nobody in, others go on; started it is as it was")
  void stopped() throws Exception {
    String url = made("asleep");
    String other = made("awake");
    Jdbc.execute(url, CHANGE);
    asked("stop", "asleep");
    assertThatThrownBy(() -> Jdbc.query(url, COUNT)).isInstanceOf(SQLException.class);
    assertThat(Jdbc.query(other, COUNT)).isEqualTo(String.valueOf(ROWS));

    // The server that dies takes all with it, and what was stopped stays so.
    lab.servers(SHOP, host()).kill();
    await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(() -> assertThat(Jdbc.query(other, CHANGED)).isEqualTo("gold"));
    assertThatThrownBy(() -> Jdbc.query(url, COUNT)).isInstanceOf(SQLException.class);
    asked("start", "asleep");
    assertThat(Jdbc.query(url, CHANGED)).isEqualTo("mine");
    assertThat(api.jdbc(SHOP, "asleep")).isEqualTo(url);
  }

  @Test
  @DisplayName("copies/B5: what is deleted while the server is dead is gone when it starts")
  void swept() throws Exception {
    made("first");
    String second = made("second");
    String gone = database("first");
    asked("stop", "first");
    asked("stop", "second");
    lab.servers(SHOP, host()).kill();
    assertThat(api.delete(SHOP, "first").status()).isEqualTo(200);
    assertThat(lab.servers(SHOP, host()).running()).isFalse();
    asked("start", "second");
    assertThat(
            Jdbc.query(
                second,
                "SELECT string_agg(datname, ',') FROM pg_database WHERE datname ~ '^c[0-9]'"))
        .isEqualTo(database("second"))
        .isNotEqualTo(gone);
  }

  private String host() throws Exception {
    return CopiesLab.host(Api.place(api.items(SHOP, "generation").get(current())));
  }

  @Test
  @DisplayName("copies/D1, copies/D2: a reset to the new generation moves a copy; the old one goes")
  void moved() throws Exception {
    made("mover");
    String old = host();
    Path fresh = lab.dump("fresh.sql", ROWS + 1, "silver");
    Answer imported = api.act(SHOP, "import", Map.of("dump", fresh.toString()));
    assertThat(imported.body().text("state")).as("%s", imported).isEqualTo("done");
    assertThat(Jdbc.query(api.jdbc(SHOP, "mover"), COUNT)).isEqualTo(String.valueOf(ROWS));
    String password = api.access(SHOP, "mover").get("password");
    Answer reset = api.act(SHOP, "reset", Map.of("name", "mover", "refresh", "true"));
    assertThat(reset.body().text("state")).as("%s", reset).isEqualTo("done");
    assertThat(Jdbc.query(api.jdbc(SHOP, "mover"), COUNT)).isEqualTo(String.valueOf(ROWS + 1));
    assertThat(api.access(SHOP, "mover").get("password")).isEqualTo(password);
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(lab.places(SHOP)).doesNotContain(old);
          assertThat(lab.servers(SHOP, old).list()).isEmpty();
        });
    // The other tests count what the first dump had.
    Path first = lab.folder.resolve("shop.sql");
    Answer back = api.act(SHOP, "import", Map.of("dump", first.toString()));
    assertThat(back.body().text("state")).as("%s", back).isEqualTo("done");
  }

  @Test
  @DisplayName("copies/E6: where nothing can be shared PostgreSQL copies, and the copy says slow")
  void slow() throws Exception {
    try (CopiesLab plain = CopiesLab.open(LoopVolume.Type.EXT4)) {
      Map<String, String> keys = new TreeMap<>(CopiesLab.shared());
      keys.put("dump", plain.dump("shop.sql", ROWS, "gold").toString());
      Template template = new Template(SHOP, "postgres", keys);
      try (StartedDaemon other = new StartedDaemon(plain.configure(List.of(template)))) {
        Api there = Api.of(plain.port, other.token());
        await()
            .atMost(LONG)
            .until(() -> there.view(SHOP).at("ledger").text("generation").equals("g1"));
        Answer answer = there.create(SHOP, "one");
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        assertThat(Jdbc.query(there.jdbc(SHOP, "one"), COUNT)).isEqualTo(String.valueOf(ROWS));
        Node one = there.items(SHOP, "copy").get("one").at("facts");
        assertThat(one.text("method")).startsWith("PostgreSQL copy (slow");
      }
    }
  }

  private long used() throws Exception {
    Process sync =
        new ProcessBuilder("/usr/bin/sync", "-f", lab.volume.folder().toString()).start();
    assertThat(sync.waitFor(60, TimeUnit.SECONDS)).isTrue();
    FileStore store = Files.getFileStore(lab.volume.folder());
    return store.getTotalSpace() - store.getUnallocatedSpace();
  }

  @ParameterizedTest(name = "copies/B2: {0} copies share what they have in common")
  @ValueSource(ints = 20)
  void shares(int many) throws Exception {
    String url = made("measured");
    long whole = Long.parseLong(Jdbc.query(url, "SELECT pg_database_size(current_database())"));
    assertThat(whole).as("a template of some size").isGreaterThan(30 * MEGABYTE);
    long before = used();
    for (int i = 0; i < many; i++) {
      made("share-" + i);
    }
    long each = (used() - before) / many;
    System.out.println(
        "measured: a copy of %d MiB took %d KiB".formatted(whole / MEGABYTE, each / 1024));
    assertThat(each).as("bytes a copy").isLessThan(5 * MEGABYTE);
  }
}
