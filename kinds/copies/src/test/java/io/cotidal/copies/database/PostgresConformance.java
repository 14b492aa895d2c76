package io.cotidal.copies.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** What holds for every version of PostgreSQL. */
abstract class PostgresConformance extends EngineConformance {
  private static final String TABLE =
      "CREATE TABLE customers (id int PRIMARY KEY, email text, name text);\n";

  @Override
  String good() {
    return TABLE
        + """
        CREATE TABLE "odd ""name" (a int);
        COPY public.customers (id, email, name) FROM stdin;
        1\t%s\tA'b
        2\tb@example.org\t\\N
        \\.

        """
            .formatted(CANARY);
  }

  @Override
  String broken() {
    return good() + "INSERT INTO customers VALUES (1, '" + CANARY + "', 'twice');\n";
  }

  @Override
  String slow() {
    return "SELECT pg_sleep(5);\n";
  }

  @Override
  String mask() {
    return "UPDATE customers SET email = '';";
  }

  @Override
  SortedMap<String, Long> expected() {
    return new TreeMap<>(Map.of("public.customers", 2L, "public.odd \"name", 0L));
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
        "\\o %s",
        "\\copy customers FROM '/etc/passwd'",
        "\\connect postgres",
        "SELECT 1 \\g %s",
        "SELECT 'touch %s' \\gexec",
        "COPY customers FROM PROGRAM 'touch %s';",
        "COPY customers TO '%s';",
        "SELECT pg_read_file('/etc/passwd');",
        "SELECT lo_import('/etc/passwd');",
        "DROP DATABASE postgres;",
        "CREATE ROLE eve SUPERUSER;",
        "ALTER ROLE shop_user SUPERUSER;",
        "SET ROLE cotidal;",
        "SET SESSION AUTHORIZATION cotidal;",
        "ALTER SYSTEM SET fsync = on;",
        "DELETE FROM pg_catalog.pg_authid;",
        "CREATE EXTENSION file_fdw;");
  }

  @Test
  @DisplayName("copies/A8: owners, grants and guards of the source are left out, data is not")
  void plainDump() throws Exception {
    String dump =
        """
        --
        -- PostgreSQL database dump
        --

        \\restrict 4CEJFpbvHGm3ozXHTAPHzVYcEZCFBGmX

        SET statement_timeout = 0;
        SET transaction_timeout = 0;
        SET client_encoding = 'UTF8';
        SELECT pg_catalog.set_config('search_path', '', false);
        CREATE TYPE public.mood AS ENUM ('sad;', 'GRANT x TO y;');
        ALTER TYPE public.mood OWNER TO gone;
        CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE plpgsql AS $_$
        BEGIN
        -- it's; ALTER TABLE x OWNER TO y;
        RETURN n * 2;
        END $_$;
        ALTER FUNCTION public.twice(n integer) OWNER TO gone;
        CREATE TABLE public.orders (id integer, customer integer);
        CREATE TABLE public.customers (id integer NOT NULL, email text, name text, twice integer GENERATED ALWAYS AS (id * 2) STORED);
        ALTER TABLE public.customers OWNER TO "gone too";
        COPY public.customers (id, email, name) FROM stdin;
        1\tALTER TABLE x OWNER TO y;\t\\N
        2\t\\\\restrict abc\tit's; "q" $$ /* --
        \\.

        ALTER TABLE ONLY public.customers ADD CONSTRAINT p PRIMARY KEY (id);
        ALTER TABLE ONLY public.orders ADD FOREIGN KEY (customer) REFERENCES public.customers(id);
        CREATE TRIGGER low BEFORE INSERT ON public.customers FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
        REVOKE USAGE ON SCHEMA public FROM PUBLIC;
        GRANT ALL ON TABLE public.customers TO gone;
        ALTER DEFAULT PRIVILEGES FOR ROLE gone IN SCHEMA public GRANT ALL ON TABLES TO gone;
        COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';
        \\unrestrict 4CEJFpbvHGm3ozXHTAPHzVYcEZCFBGmX
        """
            .replace("BEFORE INSERT", "BEFORE UPDATE");
    assertThat(refusal(empty(), file("unfinished.sql", dump))).contains("cut short");
    Place place =
        loaded(empty(), file("plain.sql", dump + "--\n-- PostgreSQL database dump complete\n--\n"));
    assertThat(freeze(place)).containsEntry("public.customers", 2L);
    copy(
        place,
        (made, session) ->
            assertThat(emails(address(made, USER)))
                .containsExactlyInAnyOrder("ALTER TABLE x OWNER TO y;", "\\restrict abc"));
  }

  @Test
  @DisplayName("copies/A2: a plain dump that ends within the data of a table is refused")
  void cutInData() throws Exception {
    String text = good();
    String cut = text.substring(0, text.indexOf("b@example"));
    assertThat(refusal(empty(), file("half.sql", cut))).contains("cut short").contains("line 3");
  }

  @Test
  @DisplayName("copies/A6: custom and directory format give what the plain dump gives")
  void archives() throws Exception {
    assumeTrue(tool().isPresent(), "no pg_dump of this version");
    copy(
        loadedAndFrozen(file("plain.sql", good())),
        (place, session) -> {
          var plain = session.digest(USER.database(), Rig.LONG);
          for (String form : List.of("custom", "directory")) {
            Path made = open().folder.resolve("made." + form);
            dump(place, form, made);
            copy(
                loadedAndFrozen(made),
                (other, there) ->
                    assertThat(there.digest(USER.database(), Rig.LONG)).isEqualTo(plain));
          }
        });
  }

  @TestFactory
  @DisplayName("copies/A5: text arrives as it was meant")
  Stream<DynamicTest> charsets() {
    String sql = "CREATE TABLE customers (email text);\nINSERT INTO customers VALUES ('%s');\n";
    return Stream.of(
        text("latin1, said by the operator", StandardCharsets.ISO_8859_1, sql, "café"),
        text("UTF-8 with emoji", StandardCharsets.UTF_8, sql, "café 🐘"),
        text("CRLF", StandardCharsets.UTF_8, sql.replace("\n", "\r\n"), "café"),
        text("UTF-8 with a mark", StandardCharsets.UTF_8, "\uFEFF" + sql, "café"),
        DynamicTest.dynamicTest(
            "latin1 that nobody says is refused",
            () -> {
              byte[] bytes = sql.formatted("café").getBytes(StandardCharsets.ISO_8859_1);
              assertThat(refusal(empty(), file("unsaid.sql", bytes))).contains("22021");
            }));
  }

  private Place loadedAndFrozen(Path file) throws Exception {
    Place place = loaded(empty(), file);
    freeze(place);
    return place;
  }

  private DynamicTest text(String name, Charset charset, String sql, String value) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          Path file = file("charset.sql", sql.formatted(value).getBytes(charset));
          Place place = empty();
          open()
              .engine
              .load(
                  open().installation,
                  place,
                  load(file, Optional.of(charset), bytes -> {}),
                  Rig.soon());
          freeze(place);
          copy(
              place,
              (made, session) -> assertThat(emails(address(made, USER))).containsExactly(value));
        });
  }

  /** A dump of a copy by the server's own tool, or Debian's where that is new enough. */
  private void dump(Place place, String form, Path target) throws Exception {
    Path tool = tool().orElseThrow();
    List<String> line =
        new ArrayList<>(
            List.of(
                tool.toString(),
                "--format=" + form,
                "--file=" + target,
                "--dbname=host=127.0.0.1 port="
                    + place.port()
                    + " user=shop_user dbname=shop_db sslmode=require"));
    Program program = Program.of("", line).with(Map.of("PGPASSWORD", USER.password().reveal()));
    var result =
        open()
            .processes
            .run(program, open().folder.resolve("dump.out"), (ProcessId id) -> {}, Rig.soon());
    if (result.exit() != 0) {
      throw new IOException(result.output());
    }
  }

  /** The pg_dump that reads this server; empty if there is none. */
  abstract Optional<Path> tool();
}
