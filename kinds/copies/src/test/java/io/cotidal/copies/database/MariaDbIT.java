package io.cotidal.copies.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** MariaDB 10.11 of Debian. */
@DisplayName("MariaDB")
final class MariaDbIT extends EngineConformance {
  private static final String TABLE =
      "CREATE TABLE customers (id INT PRIMARY KEY, email VARCHAR(200), name TEXT)"
          + " DEFAULT CHARSET=utf8mb4;\n";

  @Override
  Rig rig() throws Exception {
    MariaDb engine = new MariaDb();
    return new Rig(engine, engine.locate(new Choice("10.11", Optional.empty())));
  }

  @Override
  String good() {
    return """
    CREATE TABLE customers (id INT PRIMARY KEY, email VARCHAR(200), name TEXT) DEFAULT CHARSET=utf8mb4;
    CREATE TABLE `odd ``name` (a INT);
    INSERT INTO customers VALUES (1, '%s', 'A\\'b\\nc'), (2, 'b@example.org', NULL);
    """
        .formatted(CANARY);
  }

  @Override
  String broken() {
    return good() + "INSERT INTO customers VALUES (1, '" + CANARY + "', 'twice');\n";
  }

  @Override
  String slow() {
    return "DO SLEEP(5);\n";
  }

  @Override
  String mask() {
    return "UPDATE customers SET email = '';";
  }

  @Override
  SortedMap<String, Long> expected() {
    return new TreeMap<>(Map.of("shop_db.customers", 2L, "shop_db.odd `name", 0L));
  }

  @Override
  List<String> emails(String jdbc) throws Exception {
    return Jdbc.query(jdbc, "SELECT email FROM customers");
  }

  @Override
  void write(String jdbc) throws Exception {
    Jdbc.execute(jdbc, "UPDATE customers SET name = 'changed' WHERE id = 2");
  }

  @Override
  String table() {
    return TABLE;
  }

  @Override
  List<String> hostile() {
    return List.of(
        "\\! touch %s",
        "system touch %s",
        "\\e",
        "\\r mysql",
        "SELECT 1 INTO OUTFILE '%s';",
        "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE customers;",
        "LOAD DATA INFILE '/etc/passwd' INTO TABLE customers;",
        "DROP DATABASE mysql;",
        "CREATE USER eve IDENTIFIED BY 'x';",
        "GRANT ALL ON *.* TO shop_user;",
        "SET GLOBAL max_connections = 7;",
        "USE mysql; DELETE FROM global_priv;",
        "CREATE DATABASE other;",
        "INSTALL SONAME 'ha_connect';",
        "SHUTDOWN;",
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1');");
  }

  @Test
  @DisplayName("copies/A8: definers of the source become the owner; data that looks alike stays")
  void definers() throws Exception {
    String dump =
        """
        CREATE TABLE customers (id INT PRIMARY KEY, email VARCHAR(200), twice INT GENERATED ALWAYS AS (id * 2) STORED);
        INSERT INTO customers (id, email) VALUES (1, 'DEFINER=`root`@`localhost`'), (2, '%s');
        DELIMITER ;;
        /*!50003 CREATE*/ /*!50017 DEFINER=`gone`@`10.0.%%`*/ /*!50003 TRIGGER low BEFORE INSERT ON customers FOR EACH ROW SET NEW.email = LOWER(NEW.email) */;;
        CREATE DEFINER=`root`@`localhost` PROCEDURE touch_all()
        BEGIN
          DECLARE definer INT; SET definer = 5;
          UPDATE customers SET email = CONCAT(email, '; END;;');
        END ;;
        /*!50106 CREATE*/ /*!50117 DEFINER=gone@localhost*/ /*!50106 EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM customers */ ;;
        DELIMITER ;
        /*!50001 CREATE ALGORITHM=UNDEFINED */
        /*!50013 DEFINER=`root`@`%%` SQL SECURITY DEFINER */
        /*!50001 VIEW addresses AS SELECT email FROM customers */;
        """
            .formatted(CANARY);
    Place place = loaded(empty(), file("definers.sql", dump));
    freeze(place);
    copy(
        place,
        (made, session) -> {
          String jdbc = address(made, USER);
          assertThat(Jdbc.query(jdbc, "SELECT email FROM addresses"))
              .containsExactlyInAnyOrder("DEFINER=`root`@`localhost`", CANARY);
          Jdbc.execute(jdbc, "INSERT INTO customers (id, email) VALUES (3, 'UPPER')");
          assertThat(Jdbc.query(jdbc, "SELECT email FROM customers WHERE twice = 6"))
              .containsExactly("upper");
          Jdbc.execute(jdbc, "CALL touch_all()");
          assertThat(
                  Jdbc.query(
                      jdbc,
                      "SELECT DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'shop_db'"))
              .containsExactly("shop_user@%");
        });
  }

  @Test
  @DisplayName("copies/A8: a dump by mariadb-dump, foreign keys in any order, comes back whole")
  void ownTool() throws Exception {
    String dump =
        """
        -- MariaDB dump 10.19  Distrib 10.11.19-MariaDB
        /*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
        CREATE TABLE a (id INT PRIMARY KEY, b INT, FOREIGN KEY (b) REFERENCES b (id));
        CREATE TABLE b (id INT PRIMARY KEY);
        INSERT INTO a VALUES (1, 1);
        INSERT INTO b VALUES (1);
        /*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
        """;
    assertThat(refusal(empty(), file("unfinished.sql", dump))).contains("cut short");
    Place place = loaded(empty(), file("finished.sql", dump + "-- Dump completed on 2026-01-01\n"));
    assertThat(freeze(place)).containsEntry("shop_db.a", 1L).containsEntry("shop_db.b", 1L);
  }

  @Test
  @DisplayName(
      "copies/A2: what filled a place when its daemon was killed is ended by whoever removes it")
  void killedAmid() throws Exception {
    Place place = empty();
    LocalProcesses processes = new LocalProcesses();
    IsolatedServer _ =
        IsolatedServer.start(
            processes,
            place,
            Program.of(
                Leftovers.user(place),
                MariaDbPrograms.isolated(MariaDbPrograms.daemon(open().installation), place)),
            () -> Files.exists(MariaDbPrograms.socket(place)),
            Rig.soon());
    assertThat(open().processesOf(place)).isNotEmpty();
    Leftovers.end(processes, place.run(), Rig.soon());
    assertThat(open().processesOf(place)).isEmpty();
  }

  @Test
  @DisplayName(
      "copies/B2: a server that starts takes no temporary table from another of its account")
  void temporary() throws Exception {
    copy(
        generation(),
        (running, session) -> {
          try (Connection user = DriverManager.getConnection(address(running, USER));
              Statement statement = user.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE sums (a INT) ENGINE=Aria");
            Place beside = open().place("beside", running.uid());
            open().engine.initialise(open().installation, beside, Rig.soon());
            statement.execute("INSERT INTO sums VALUES (7)");
            statement.execute("DROP TEMPORARY TABLE sums");
            assertThat((Object) statement.getWarnings()).isNull();
          }
        });
  }

  @TestFactory
  @DisplayName("copies/A5: text arrives as it was meant")
  Stream<DynamicTest> charsets() {
    String table = "CREATE TABLE customers (email VARCHAR(200)) DEFAULT CHARSET=utf8mb4;\n";
    String insert = "INSERT INTO customers VALUES ('%s');\n";
    return Stream.of(
        text("latin1, said by the operator", StandardCharsets.ISO_8859_1, table + insert, "café"),
        text("utf8mb4 with emoji", StandardCharsets.UTF_8, table + insert, "café 🐘"),
        text(
            "utf8mb3 table",
            StandardCharsets.UTF_8,
            table.replace("mb4", "mb3") + insert,
            "čeština"),
        text("CRLF", StandardCharsets.UTF_8, (table + insert).replace("\n", "\r\n"), "café"),
        text("UTF-8 with a mark", StandardCharsets.UTF_8, "\uFEFF" + table + insert, "café"),
        DynamicTest.dynamicTest(
            "latin1 that the dump says itself",
            () -> {
              String sql = "/*!40101 SET NAMES latin1 */;\n" + table + insert.formatted("café");
              Path file = file("named.sql", sql.getBytes(StandardCharsets.ISO_8859_1));
              shows(file, Optional.empty(), "café");
            }),
        DynamicTest.dynamicTest(
            "latin1 that nobody says is refused",
            () -> {
              String sql = table + insert.formatted("café");
              Path file = file("unsaid.sql", sql.getBytes(StandardCharsets.ISO_8859_1));
              assertThat(refusal(empty(), file)).contains("1366").contains("charset");
            }));
  }

  private DynamicTest text(String name, Charset charset, String sql, String value) {
    return DynamicTest.dynamicTest(
        name,
        () ->
            shows(
                file("charset.sql", sql.formatted(value).getBytes(charset)),
                Optional.of(charset),
                value));
  }

  private void shows(Path file, Optional<Charset> charset, String value) throws Exception {
    Place place = empty();
    open().engine.load(open().installation, place, load(file, charset, bytes -> {}), Rig.soon());
    freeze(place);
    copy(place, (made, session) -> assertThat(emails(address(made, USER))).containsExactly(value));
    Files.delete(file);
  }
}
