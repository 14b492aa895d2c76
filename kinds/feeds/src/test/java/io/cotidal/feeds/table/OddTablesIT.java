package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.PostgisServer;
import io.cotidal.model.Secret;
import io.cotidal.remote.LocalProcesses;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostGIS, and what is not like the sample. */
@Timeout(60)
@DisplayName("Odd tables are published too")
class OddTablesIT {
  @TempDir static Path folder;
  private static Replica replica;

  @BeforeAll
  static void begin() throws Exception {
    String missing = PostgisServer.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    replica = Replica.start(folder);
  }

  @AfterAll
  static void end() throws Exception {
    if (replica != null) {
      replica.close();
    }
  }

  @BeforeEach
  void clean() throws Exception {
    replica.clear();
    replica.master("DROP SCHEMA sites_data CASCADE; CREATE SCHEMA sites_data");
  }

  /** Dumps the master's table of that name, quoted here, stages and serves it. */
  private static Staged publish(Tables tables, Target target, String generation) throws Exception {
    Path file = Files.createTempFile(replica.folder(), "dump", ".db");
    String pattern =
        "\""
            + target.schemas().data().replace("\"", "\"\"")
            + "\".\""
            + target.name().replace("\"", "\"\"")
            + "\"";
    replica.server.dump("master", pattern, file);
    Staged staged = tables.stage(new Stage(target, file, generation, "d"), Replica.soon());
    tables.swap(target, generation, Replica.soon());
    return staged;
  }

  @Test
  @DisplayName("feeds/S15: names with quotes, capitals and all 63 bytes")
  void names() throws Exception {
    String hostile = "x\"; DROP SCHEMA public; --'$$ \\ é";
    String longest = "l".repeat(63);
    for (String name : List.of(hostile, longest, "Select", "a.b")) {
      String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
      replica.master(
          """
          CREATE TABLE sites_data.%1$s (%1$s serial PRIMARY KEY, "from" text, geom geometry(Point,4326));
          INSERT INTO sites_data.%1$s ("from") VALUES ('it''s ?'), (E'a\\\\b\\n\\\\.\\n\\tc');
          CREATE INDEX ON sites_data.%1$s (lower("from")) WHERE "from" <> '?';
          COMMENT ON COLUMN sites_data.%1$s."from" IS 'really? \\ ''quoted''';
          """
              .formatted(quoted));
      Target target = new Target(Replica.SITES, name);
      for (String generation : List.of("g1", "g2", "g3")) {
        assertThat(publish(replica.tables, target, generation).rows()).isEqualTo(2);
      }
      assertThat(replica.read("SELECT \"from\" FROM sites." + quoted + " ORDER BY " + quoted))
          .containsExactly("it's ?", "a\\b\n\\.\n\tc");
    }
    assertThat(replica.tables.served(Replica.soon()).served())
        .hasSize(4)
        .allMatch(each -> each.drift() == Shown.Drift.NONE);
    assertThat(replica.tables.trim(1, Long.MAX_VALUE, Replica.soon()).dropped()).hasSize(4);
    for (String name : List.of(hostile, longest, "Select", "a.b")) {
      replica.tables.withdraw(new Target(Replica.SITES, name), Replica.soon());
    }
    assertThat(replica.relations()).isEmpty();
  }

  @Test
  @DisplayName("all that a table may have: keys, identity, includes, exclusion, statistics")
  void everything() throws Exception {
    replica.master(
        """
        CREATE TABLE sites_data.odd (a bigint GENERATED ALWAYS AS IDENTITY, b int, c text COLLATE "C",
          d timestamp(3) with time zone DEFAULT '2020-01-01'::timestamptz, e interval, f numeric(10,2)[],
          g jsonb DEFAULT '{"k": "?"}', h tstzrange, i double precision DEFAULT 'NaN', j bit varying(5),
          k public.box2d, l public.geography(Point,4326), m inet, n bytea DEFAULT '\\x00ff', o uuid,
          CONSTRAINT "many things" CHECK (b IS NOT NULL AND c ~ '^[a-z?]' AND (g ->> 'k') <> '' OR b = ANY (ARRAY[1, 2])),
          UNIQUE (b, c) INCLUDE (e) WITH (fillfactor = 85) DEFERRABLE INITIALLY DEFERRED, EXCLUDE USING gist (h WITH &&) WHERE (b > 0));
        ALTER TABLE sites_data.odd ADD PRIMARY KEY (a) WITH (fillfactor = 80);
        ALTER TABLE sites_data.odd ALTER c SET STORAGE EXTERNAL, ALTER b SET STATISTICS 200, ALTER b SET (n_distinct = -0.5);
        ALTER TABLE sites_data.odd SET (fillfactor = 90, toast.autovacuum_enabled = false);
        CREATE INDEX ON sites_data.odd USING gin (g jsonb_path_ops);
        CREATE INDEX ON sites_data.odd ((g ->> 'k') COLLATE "C" DESC NULLS LAST, date_trunc('day', d AT TIME ZONE 'UTC')) INCLUDE (b) WITH (fillfactor = 70);
        CREATE INDEX ON sites_data.odd USING brin (a) WITH (pages_per_range = 16);
        CREATE INDEX ON sites_data.odd USING gist ((l::geometry)) WHERE g ? 'k';
        CREATE INDEX ON sites_data.odd (COALESCE(c, 'x'), (CASE WHEN b > 1 THEN 'y' ELSE c || 'z' END), EXTRACT(hour FROM e));
        INSERT INTO sites_data.odd (b, c, h, l) SELECT x, 'a', tstzrange(now() + x * interval '1 day', now() + x * interval '1 day'), 'POINT(1 2)' FROM generate_series(1, 3) x;
        """);
    Target odd = new Target(Replica.SITES, "odd");
    assertThat(publish(replica.tables, odd, "g1").rows()).isEqualTo(3);
    String shape =
        """
        SELECT regexp_replace(pg_get_indexdef(indexrelid), '__g[0-9]', '', 'g')
        FROM pg_index WHERE indrelid = 'sites_data.odd%s'::regclass ORDER BY 1
        """;
    String keys =
        """
        SELECT replace(conname, '__%1$s', '') || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE conrelid = 'sites_data.odd__%1$s'::regclass ORDER BY 1
        """;
    List<String> first = replica.read(shape.formatted("__g1"));
    assertThat(first).hasSize(8);
    List<String> constraints = replica.read(keys.formatted("g1"));
    assertThat(constraints).hasSize(4);
    String options =
        """
        SELECT concat_ws(' ', replace(c.relname, '__%1$s', ''), c.reloptions, t.reloptions)
        FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
        WHERE c.oid = 'sites_data.odd__%1$s'::regclass OR c.oid IN (
          SELECT indexrelid FROM pg_index WHERE indrelid = 'sites_data.odd__%1$s'::regclass)
        UNION ALL
        SELECT concat_ws(' ', attname, attstattarget, substring(attoptions::text, 'n_distinct=[^,}]*'),
          attstorage) FROM pg_attribute
        WHERE attrelid = 'sites_data.odd__%1$s'::regclass AND attnum > 0 ORDER BY 1
        """;
    List<String> stored = replica.read(options.formatted("g1"));
    assertThat(stored)
        .contains(
            "odd {fillfactor=90} {autovacuum_enabled=false}",
            "odd_pkey {fillfactor=80}",
            "b 200 n_distinct=-0.5 p");
    replica.tables.stageFrom(
        new Successor(odd, "g1", "g2", "d2"), Filling::copyOld, Replica.soon());
    assertThat(replica.read(options.formatted("g2"))).isEqualTo(stored);
    assertThat(replica.read(shape.formatted("__g2"))).isEqualTo(first);
    assertThat(replica.read(keys.formatted("g2"))).isEqualTo(constraints);
  }

  @Test
  @DisplayName("a generation is made of the one before, with some rows changed")
  void succession() throws Exception {
    replica.parcels(1000, "one");
    replica.publish("g1");
    Successor next = new Successor(Replica.PARCELS, "g1", "g2", "delta");
    Fill change =
        filling -> {
          assertThat(filling.columns()).contains("geom").doesNotContain("shout");
          filling.copyOld("o.ogc_fid <> ALL (?::int[])", "{3,4}");
          byte[] rows = "3\tnew\t1\tfresh\\n?\t\\N\t\\N\n".getBytes(StandardCharsets.UTF_8);
          filling.copy(
              "COPY " + filling.fresh() + " (" + filling.list() + ") FROM STDIN",
              new ByteArrayInputStream(rows));
        };
    assertThat(replica.tables.stageFrom(next, change, Replica.soon()).rows()).isEqualTo(999);
    assertThat(
            replica
                .tables
                .stageFrom(
                    next,
                    filling -> {
                      throw new IOException("not again");
                    },
                    Replica.soon())
                .rows())
        .isEqualTo(999);
    assertThat(replica.tables.swap(Replica.PARCELS, "g2", Replica.soon()).remade()).isFalse();
    assertThat(replica.read("SELECT shout FROM sites.parcels WHERE ogc_fid < 5 ORDER BY ogc_fid"))
        .containsExactly("ONE", "ONE", "FRESH\n?");
    assertThat(replica.tables.trim(0, 0, Replica.soon()).left()).isEmpty();
    assertThat(replica.relations()).containsExactly("parcels__g2", "parcels_ogc_fid_seq__g2");
    assertThat(replica.read("SELECT nextval('sites_data.parcels_ogc_fid_seq__g2')"))
        .containsExactly("1001");
    assertThat(replica.read("SELECT obj_description('sites_data.parcels__g2'::regclass)"))
        .containsExactly("Parcels; all of them");
    assertThatThrownBy(() ->
            replica.tables.stageFrom(
                new Successor(Replica.PARCELS, "g2", "g3", "delta"),
                filling -> {
                  filling.copyOld();
                  throw new IOException("cut short");
                },
                Replica.soon()))
        .isInstanceOf(TableException.class)
        .hasMessageContaining("cut short");
    assertThat(replica.relations()).containsExactly("parcels__g2", "parcels_ogc_fid_seq__g2");
  }

  @Test
  @DisplayName("a dump in the tar format, and one without rows")
  void formats() throws Exception {
    replica.parcels(20, "tar");
    Path tar = Files.createTempFile(replica.folder(), "dump", ".tar");
    replica.server.dump("master", List.of("-F", "t", "-O", "-t", "sites_data.parcels"), tar);
    assertThat(replica.stage(tar, "g1").rows()).isEqualTo(20);
    replica.master("TRUNCATE sites_data.parcels");
    assertThat(replica.publish("g2").previous()).isEmpty();
    assertThat(replica.read("SELECT count(*) FROM sites.parcels")).containsExactly("0");
  }

  @Test
  @DisplayName("by a role that is no superuser")
  void modestRole() throws Exception {
    replica.replica(
        """
        CREATE ROLE modest LOGIN CREATEROLE PASSWORD 'modest';
        GRANT CREATE ON DATABASE replica TO modest
        """);
    FeedsSpec.Database full = Replica.database(replica.server);
    FeedsSpec.Database modest =
        new FeedsSpec.Database(
            full.host(),
            full.port(),
            full.name(),
            "modest_memory",
            "modest",
            Optional.of(new Secret("modest")),
            full.bin(),
            1,
            1,
            Duration.ofMillis(300));
    Tables tables = new Tables(modest, new LocalProcesses(), replica.folder());
    Body.Schemas schemas = new Body.Schemas("roads", "roads_data", "roads_outdated");
    replica.master(
        "CREATE SCHEMA IF NOT EXISTS roads_data; CREATE TABLE roads_data.roads AS SELECT 1 AS a, 'POINT(1 1)'::geometry AS g");
    for (Body.Access access : List.of(Body.Access.ONE_ROLE, Body.Access.EVERYBODY)) {
      tables.prepare(new Body.Workspace(schemas, access, true, true), Replica.soon());
      publish(tables, new Target(schemas, "roads"), access == Body.Access.ONE_ROLE ? "g1" : "g2");
    }
    assertThat(tables.served(Replica.soon()).served()).hasSize(1);
    assertThat(replica.read("SELECT has_table_privilege('sso_access', 'roads.roads', 'SELECT')"))
        .containsExactly("t");
    tables.withdraw(new Target(schemas, "roads"), Replica.soon());
  }

  @Test
  @DisplayName("a thousand tables are looked at in one query")
  void thousand() throws Exception {
    replica.replica(
        """
        DO $$ BEGIN FOR i IN 1..1000 LOOP
          EXECUTE format('CREATE TABLE sites_data.t%s__g1 (a int, b text)', i);
          EXECUTE format('CREATE VIEW sites.t%s AS SELECT a, b FROM sites_data.t%s__g1', i, i);
          EXECUTE format('INSERT INTO publish.cotidal_generation VALUES (''sites_data'', ''t%s__g1'', ''sites'', ''t%s'', ''g1'', '''', 0, 0, true, true, md5(pg_get_viewdef(''sites.t%s''::regclass)), now(), now())', i, i, i);
        END LOOP; END $$
        """);
    long began = System.nanoTime();
    Shown shown = replica.tables.served(Replica.soon());
    System.out.printf("a look at 1000 tables: %d ms%n", (System.nanoTime() - began) / 1_000_000);
    assertThat(shown.served()).hasSize(1000);
    replica.replica(
        "DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('DROP VIEW sites.t%s', i); EXECUTE format('DROP TABLE sites_data.t%s__g1', i); IF i %% 100 = 0 THEN COMMIT; END IF; END LOOP; END $$"
            .replace("%%", "%"));
  }

  private static final String FORMS =
      """
      CREATE TABLE sites_data.forms (id integer PRIMARY KEY, small smallint, big bigint,
        name varchar(40), code char(7), remark text, is_open boolean, area double precision,
        price numeric, cost numeric(12,3), day date, at timestamp, seen timestamptz, soon timestamp(2),
        geom geometry, place geometry(PointZ,28350), lines geometry(MultiLineString));
      INSERT INTO sites_data.forms SELECT g, random() * 65535 - 32768,
        (random() - 0.5) * 1.8e19, 'name ' || chr(200 + g) || E'\\t\\\\', left(md5(g::text), g % 7),
        repeat(E'a\\n\\\\N\\r\\b\\f\\v\\\\.' || chr(128512), g % 9), g % 3 = 0,
        (random() - 0.5) * exp((random() - 0.5) * 1400),
        round(((random() - 0.5) * 10 ^ (random() * 40))::numeric * 1e-9, g % 20),
        (random() - 0.5) * 1e8, date '0001-01-01' + (random() * 3600000)::integer,
        timestamp '0001-01-02' + random() * interval '9990 years',
        timestamptz '0001-01-02' + random() * interval '9990 years',
        timestamp '0001-01-02' + random() * interval '9990 years',
        ST_Buffer(ST_MakePoint(random(), random()), random(), g % 5 + 1),
        ST_SetSRID(ST_MakePoint(random(), -random(), g), 28350),
        ST_Multi(ST_MakeLine(ST_MakePoint(0, random()), ST_MakePoint(g, 1)))
        FROM generate_series(1, 400) g;
      INSERT INTO sites_data.forms (id) VALUES (0);
      INSERT INTO sites_data.forms (id, name, remark, area, price, day, at, seen, geom) VALUES
        (-1, '', '', 'NaN', 'NaN', 'infinity', '-infinity', 'infinity', 'POINT EMPTY'),
        (-2, '', '\\N', '-Infinity', -0.0001, '-infinity', 'infinity', '-infinity',
          'SRID=4326;GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1,1e300 2))'),
        (-3, '', '\\.', '-0', 1e40, '2000-02-29', '1999-12-31 23:59:59.999999', '1890-01-01', NULL);
      """;

  private static List<String> content(String database, String table) throws Exception {
    try (Connection connection = replica.server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT t::text || coalesce(pg_column_size(geom), 0) FROM sites_data.\"%s\" t ORDER BY id"
                    .formatted(table))) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  @Test
  @DisplayName(
      "values of all forms arrive as they are, whether the server reads them as text or not")
  void forms() throws Exception {
    double seed = Math.round(Math.random() * 1e6) / 1e6;
    System.out.println("seed " + seed);
    replica.master("SELECT setseed(" + seed + ");" + FORMS);
    replica.master("ALTER DATABASE master SET timezone = 'Australia/Perth'");
    Target target = new Target(Replica.SITES, "forms");
    publish(replica.tables, target, "g1");
    assertThat(content("replica", "forms__g1")).isEqualTo(content("master", "forms"));
    // No form is known for these: before Christ, a number without end, an array.
    for (String each :
        List.of(
            "UPDATE sites_data.forms SET day = '0044-03-15 BC' WHERE id = 300",
            "UPDATE sites_data.forms SET price = 'Infinity' WHERE id = 200",
            "ALTER TABLE sites_data.forms ADD COLUMN more integer[] DEFAULT '{1,2}'")) {
      replica.master(each);
      publish(replica.tables, target, "g2");
      assertThat(content("replica", "forms__g2")).isEqualTo(content("master", "forms"));
      publish(replica.tables, target, "g1");
      replica.tables.drop(target, "g2", Replica.soon());
    }
  }
}
