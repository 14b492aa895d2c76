package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.PostgisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real PostGIS, and dumps that are not what they should be. */
@Timeout(60)
@DisplayName("Hostile dumps")
class HostileDumpsIT {
  @TempDir static Path folder;
  private static Replica replica;

  @BeforeAll
  static void begin() throws Exception {
    String missing = PostgisServer.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    replica = Replica.start(folder);
    replica.parcels(500, "one");
    replica.publish("g1");
    replica.replica("CREATE TABLE public.treasure AS SELECT 1 AS gold");
  }

  @AfterAll
  static void end() throws Exception {
    if (replica != null) {
      replica.close();
    }
  }

  @BeforeEach
  void anew() throws Exception {
    replica.master("DROP SCHEMA sites_data CASCADE; CREATE SCHEMA sites_data");
    replica.parcels(500, "two");
  }

  @AfterEach
  void nothingHappened() throws Exception {
    assertThat(replica.read("SELECT count(*) || max(shout) FROM sites.parcels"))
        .containsExactly("500ONE");
    assertThat(replica.read("SELECT gold FROM public.treasure")).containsExactly("1");
    assertThat(replica.relations()).containsExactly("parcels__g1", "parcels_ogc_fid_seq__g1");
    assertThat(replica.read("SELECT count(*) FROM pg_proc WHERE proname LIKE 'evil%'"))
        .containsExactly("0");
    assertThat(replica.tables.served(Replica.soon()).leftovers()).isEmpty();
    try (var files = Files.list(replica.folder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.startsWith("dump"));
    }
  }

  private static void refused(Path dump, String... words) {
    TableException thrown =
        catchThrowableOfType(TableException.class, () -> replica.stage(dump, "g2"));
    assertThat(thrown).isNotNull();
    assertThat(thrown.kind()).as(thrown.getMessage()).isEqualTo(TableException.Kind.REJECTED);
    assertThat(thrown).hasMessageStartingWith("sites.parcels: ");
    for (String word : words) {
      assertThat(thrown).hasMessageContaining(word);
    }
    assertThat(thrown.getMessage()).doesNotContain("\n");
  }

  @ParameterizedTest(name = "feeds/S2: cut to {0} per cent")
  @ValueSource(ints = {0, 1, 60, 99})
  void truncated(int percent) throws Exception {
    Path dump = replica.dump("parcels");
    byte[] all = Files.readAllBytes(dump);
    Files.write(dump, Arrays.copyOf(all, all.length * percent / 100));
    refused(dump);
  }

  @ParameterizedTest(name = "feeds/S2: bytes flipped at {0} per cent")
  @ValueSource(ints = {0, 80, 99})
  void flipped(int percent) throws Exception {
    Path dump = replica.dump("parcels");
    byte[] all = Files.readAllBytes(dump);
    for (int i = 0; i < 8; i++) {
      all[Math.min(all.length - 1, all.length * percent / 100 + i)] ^= 0x5a;
    }
    Files.write(dump, all);
    refused(dump);
  }

  @ParameterizedTest(name = "feeds/S2: {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a trigger | CREATE FUNCTION sites_data.evil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DROP TABLE public.treasure; END'; CREATE TRIGGER evil BEFORE INSERT ON sites_data.parcels EXECUTE FUNCTION sites_data.evil() | TRIGGER",
        "a rule | CREATE RULE evil AS ON INSERT TO sites_data.parcels DO ALSO DELETE FROM sites_data.parcels | RULE",
        "a policy | CREATE POLICY evil ON sites_data.parcels USING (true); ALTER TABLE sites_data.parcels ENABLE ROW LEVEL SECURITY | POLICY",
        "a check that calls the dump's function | CREATE FUNCTION sites_data.evil(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; ALTER TABLE sites_data.parcels ADD CHECK (sites_data.evil(name)) | schema sites_data",
        "an index over the dump's function | CREATE FUNCTION sites_data.evil(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''x'''; CREATE INDEX ON sites_data.parcels (sites_data.evil(name)) | schema sites_data",
        "a default that reads files | ALTER TABLE sites_data.parcels ALTER note SET DEFAULT pg_read_file('/etc/hostname') | pg_read_file",
        "a check that writes | ALTER TABLE sites_data.parcels ADD CHECK (pg_advisory_lock_shared(1) IS NOT NULL) NOT VALID | pg_advisory_lock_shared",
        "a check that runs a query | ALTER TABLE sites_data.parcels ADD CHECK (query_to_xml('SELECT 1', true, true, '') IS NOT NULL) NOT VALID | query_to_xml",
        "a default of a sequence elsewhere | CREATE SEQUENCE public.evil_seq; ALTER TABLE sites_data.parcels ALTER area SET DEFAULT nextval('public.evil_seq') | sequence evil_seq",
        "an inherited table | CREATE TABLE sites_data.parent (); ALTER TABLE sites_data.parcels INHERIT sites_data.parent | statement",
      })
  void more(String what, String sql, String word) throws Exception {
    replica.master("DROP SEQUENCE IF EXISTS public.evil_seq");
    replica.master(sql);
    refused(replica.dump("parcels"), word);
  }

  @Test
  @DisplayName("feeds/S2: another table, two tables, a whole schema, a file that is no archive")
  void others() throws Exception {
    replica.master("CREATE TABLE sites_data.other AS TABLE sites_data.parcels");
    refused(replica.dump("other"), "sites_data.other");
    Path two = Files.createTempFile(replica.folder(), "dump", ".db");
    replica.server.dump("master", List.of("-F", "c", "-t", "sites_data.*"), two);
    refused(two, "2 tables");
    replica.master("CREATE FUNCTION sites_data.evil() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    Path schema = Files.createTempFile(replica.folder(), "dump", ".db");
    replica.server.dump("master", List.of("-F", "c", "-n", "sites_data"), schema);
    refused(schema, "more than a table");
    Path definition = Files.createTempFile(replica.folder(), "dump", ".db");
    replica.server.dump("master", List.of("-F", "c", "-s", "-t", "sites_data.parcels"), definition);
    refused(definition, "no rows");
    Path inserts = Files.createTempFile(replica.folder(), "dump", ".db");
    replica.server.dump(
        "master", List.of("-F", "c", "--inserts", "-t", "sites_data.parcels"), inserts);
    refused(inserts, "insert into");
    Path script = Files.createTempFile(replica.folder(), "dump", ".db");
    Files.writeString(script, "DROP TABLE public.treasure;");
    refused(script, "no archive");
  }

  @ParameterizedTest(name = "feeds/S2: SQL smuggled into an entry: {0}")
  @ValueSource(
      strings = {
        "'; DROP TABLE public.treasure; --",
        "';\n\\! touch /tmp/evil\n--",
        "'; COPY public.treasure FROM PROGRAM 'id'; --",
        "'; SELECT pg_catalog.set_config('role', 'postgres', false); --",
        "'; CREATE TABLE sites_data.parcels (i int); --"
      })
  void smuggled(String evil) throws Exception {
    String place = "x".repeat(200);
    replica.master("COMMENT ON TABLE sites_data.parcels IS '" + place + "'");
    Path dump = replica.dump("parcels");
    String all = Files.readString(dump, StandardCharsets.ISO_8859_1);
    String same = evil + "y".repeat(place.length() - evil.length());
    assertThat(all).contains(place);
    Files.writeString(dump, all.replace(place, same), StandardCharsets.ISO_8859_1);
    refused(dump);
  }

  @Test
  @DisplayName("feeds/S2: rows that the table cannot hold, and rows that end early")
  void rows() throws Exception {
    replica.master("ALTER TABLE sites_data.parcels DROP CONSTRAINT parcels_area_check");
    replica.master("UPDATE sites_data.parcels SET name = repeat('z', 40) WHERE ogc_fid = 7");
    Path dump = Files.createTempFile(replica.folder(), "dump", ".db");
    replica.server.dump("master", List.of("-F", "c", "-Z", "0", "-t", "sites_data.parcels"), dump);
    String all = Files.readString(dump, StandardCharsets.ISO_8859_1);
    String row = "z".repeat(40);
    Files.writeString(
        dump,
        all.replace(row, "\n\\.\nDROP TABLE public.treasure;\n         "),
        StandardCharsets.ISO_8859_1);
    refused(dump);
    Files.writeString(
        dump, all.replace(row, "zz\t" + row.substring(3)), StandardCharsets.ISO_8859_1);
    refused(dump, "extra data");
  }
}
