package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.job.Body;
import io.cotidal.lab.PostgisServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostGIS: what a swap keeps. */
@Timeout(60)
@DisplayName("A swap keeps")
class SwapIT {
  private static final Target REGION = new Target(Replica.SITES, "region");
  @TempDir static Path folder;
  private static Replica replica;

  @BeforeAll
  static void begin() throws Exception {
    String missing = PostgisServer.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    replica = Replica.start(folder);
    replica.replica("CREATE ROLE reader; CREATE ROLE editor; CREATE ROLE nosy LOGIN");
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
    replica.parcels(10, "one");
  }

  private static void dressed() throws Exception {
    replica.publish("g1");
    replica.replica(
        """
        GRANT SELECT ON sites.parcels TO reader;
        GRANT UPDATE (name) ON sites.parcels TO editor WITH GRANT OPTION;
        COMMENT ON VIEW sites.parcels IS 'what''s here?';
        COMMENT ON COLUMN sites.parcels.area IS 'in hectares';
        ALTER VIEW sites.parcels SET (security_barrier = true);
        CREATE VIEW sites.large AS SELECT name, area, 'really?' AS "odd ""name" FROM sites.parcels WHERE area > 5;
        GRANT SELECT ON sites.large TO nosy;
        CREATE VIEW sites.larger AS SELECT l.name FROM sites.large l JOIN sites.parcels p USING (name);
        """);
  }

  private static void stillDressed() throws Exception {
    assertThat(
            replica.read(
                """
                SELECT has_table_privilege('reader', 'sites.parcels', 'SELECT')
                  || '/' || has_column_privilege('editor', 'sites.parcels', 'name', 'UPDATE WITH GRANT OPTION')
                  || '/' || has_table_privilege('nosy', 'sites.large', 'SELECT')
                  || '/' || has_table_privilege('nosy', 'sites.parcels', 'SELECT')
                  || '/' || obj_description('sites.parcels'::regclass)
                  || '/' || (SELECT reloptions::text FROM pg_class WHERE oid = 'sites.parcels'::regclass)
                """))
        .containsExactly("true/true/true/false/what's here?/{security_barrier=true}");
    assertThat(replica.read("SELECT count(*) FROM sites.larger")).containsExactly("5");
    assertThat(replica.tables.served(Replica.soon()).served().getFirst().drift())
        .isEqualTo(Shown.Drift.NONE);
  }

  @Test
  @DisplayName("feeds/S16: rights and views upon it, when a column is appended")
  void appended() throws Exception {
    dressed();
    String oid = replica.read("SELECT 'sites.parcels'::regclass::oid").getFirst();
    replica.master("ALTER TABLE sites_data.parcels ADD more int DEFAULT 3");
    assertThat(replica.publish("g2").remade()).isFalse();
    assertThat(replica.read("SELECT max(more) FROM sites.parcels")).containsExactly("3");
    assertThat(replica.read("SELECT 'sites.parcels'::regclass::oid")).containsExactly(oid);
    stillDressed();
  }

  @Test
  @DisplayName(
      "feeds/S16: rights and views upon it, when columns go, change type and reference system")
  void changed() throws Exception {
    dressed();
    replica.master(
        """
        ALTER TABLE sites_data.parcels DROP COLUMN at;
        ALTER TABLE sites_data.parcels ALTER area TYPE numeric(12,2);
        ALTER TABLE sites_data.parcels ALTER geom TYPE geometry(Polygon,4326) USING ST_SetSRID(geom, 4326);
        ALTER TABLE sites_data.parcels RENAME geom TO shape;
        """);
    assertThat(replica.publish("g2").remade()).isTrue();
    assertThat(replica.read("SELECT DISTINCT ST_SRID(shape) FROM sites.parcels"))
        .containsExactly("4326");
    assertThat(
            replica.read("SELECT srid FROM public.geometry_columns WHERE f_table_name = 'parcels'"))
        .containsExactly("4326");
    assertThat(replica.read("SELECT col_description('sites.parcels'::regclass, 3)"))
        .containsExactly("in hectares");
    stillDressed();
    assertThat(replica.tables.rollBack(Replica.PARCELS, "g1", Replica.soon()).remade()).isTrue();
    assertThat(replica.read("SELECT DISTINCT ST_SRID(geom) FROM sites.parcels"))
        .containsExactly("28350");
    stillDressed();
  }

  @Test
  @DisplayName("feeds/S16: the old table, when somebody's things cannot follow the change")
  void cannotFollow() throws Exception {
    dressed();
    replica.replica("CREATE MATERIALIZED VIEW sites.frozen AS SELECT count(*) FROM sites.parcels");
    replica.master("ALTER TABLE sites_data.parcels DROP COLUMN at");
    assertThatThrownBy(() -> replica.publish("g2"))
        .hasMessageContaining("materialized view sites.frozen");
    replica.replica("DROP MATERIALIZED VIEW sites.frozen");
    replica.replica("CREATE VIEW sites.times AS SELECT at FROM sites.parcels");
    assertThatThrownBy(() -> replica.tables.swap(Replica.PARCELS, "g2", Replica.soon()))
        .hasMessageContaining("sites.times");
    stillDressed();
    assertThat(replica.read("SELECT count(at) FROM sites.times")).containsExactly("10");
    replica.replica("DROP VIEW sites.times");
    replica.replica(
        "CREATE FUNCTION sites.f(sites.parcels) RETURNS text LANGUAGE sql AS 'SELECT $1.name'");
    assertThatThrownBy(() -> replica.tables.swap(Replica.PARCELS, "g2", Replica.soon()))
        .hasMessageContaining("function sites.f");
    replica.replica("DROP FUNCTION sites.f");
    assertThat(replica.tables.swap(Replica.PARCELS, "g2", Replica.soon()).remade()).isTrue();
    stillDressed();
  }

  @Test
  @DisplayName("the layout of the original, and adopts its table")
  void adopts() throws Exception {
    replica.replica(
        """
        CREATE TABLE sites_data.parcels AS SELECT i AS ogc_fid, 'old'::varchar(40) AS name FROM generate_series(1, 3) i;
        CREATE VIEW sites.parcels AS SELECT * FROM sites_data.parcels;
        GRANT SELECT ON sites.parcels TO reader;
        """);
    Swapped swapped = replica.publish("g1");
    assertThat(swapped.previous()).contains("adopted");
    assertThat(replica.read("SELECT count(*) FROM sites.parcels")).containsExactly("10");
    assertThat(replica.tables.rollBack(Replica.PARCELS, "adopted", Replica.soon()).changed())
        .isTrue();
    assertThat(replica.read("SELECT count(*) FROM sites.parcels WHERE name = 'old'"))
        .containsExactly("3");
    replica.tables.swap(Replica.PARCELS, "g1", Replica.soon());
    assertThat(replica.tables.trim(0, 0, Replica.soon()).left()).isEmpty();
    assertThat(replica.relations()).containsExactly("parcels__g1", "parcels_ogc_fid_seq__g1");
    assertThat(replica.read("SELECT has_table_privilege('reader', 'sites.parcels', 'SELECT')"))
        .containsExactly("t");
  }

  @Test
  @DisplayName("nothing that is not a view of ours")
  void somebodys() throws Exception {
    replica.replica("CREATE TABLE sites.parcels (mine int)");
    assertThatThrownBy(() -> replica.publish("g1")).hasMessageContaining("no view");
    assertThatThrownBy(() -> replica.tables.withdraw(Replica.PARCELS, Replica.soon()))
        .hasMessageContaining("somebody's");
    assertThat(replica.read("SELECT count(mine) FROM sites.parcels")).containsExactly("0");
  }

  private static Swapped region(String generation) throws Exception {
    replica.tables.stage(
        new Stage(REGION, replica.dump("region"), generation, "r"), Replica.soon());
    return replica.tables.swap(REGION, generation, Replica.soon());
  }

  private static List<String> pointsTo() throws Exception {
    return replica.read(
        """
        SELECT conrelid::regclass || ' ' || conname || ' ' || confrelid::regclass || ' ' || convalidated
        FROM pg_constraint WHERE contype = 'f' AND connamespace <> 'publish'::regnamespace ORDER BY 1
        """);
  }

  @Test
  @DisplayName("foreign keys, of published tables and of other people's")
  void foreignKeys() throws Exception {
    replica.master(
        """
        CREATE TABLE sites_data.region (id int PRIMARY KEY, name text);
        INSERT INTO sites_data.region VALUES (1, 'north'), (2, 'south');
        ALTER TABLE sites_data.parcels ADD region int DEFAULT 1 REFERENCES sites_data.region ON DELETE CASCADE;
        """);
    assertThat(replica.publish("g1").warnings())
        .singleElement()
        .asString()
        .contains("sites_data.region", "not published here");
    assertThat(region("g1").warnings()).isEmpty();
    assertThat(pointsTo())
        .containsExactly("sites_data.parcels__g1 parcels_region_fkey sites_data.region__g1 true");
    replica.replica(
        """
        CREATE TABLE public.mine (id int CONSTRAINT to_region REFERENCES sites_data.region__g1);
        INSERT INTO public.mine VALUES (2)
        """);
    assertThat(region("g2").warnings()).isEmpty();
    replica.publish("g2");
    assertThat(pointsTo())
        .contains(
            "mine to_region sites_data.region__g2 true",
            "sites_data.parcels__g2 parcels_region_fkey sites_data.region__g2 true");
    assertThat(replica.tables.trim(0, 0, Replica.soon()).left()).isEmpty();
    assertThat(replica.relations())
        .containsExactly("parcels__g2", "parcels_ogc_fid_seq__g2", "region__g2");
    replica.master("ALTER TABLE sites_data.parcels DROP CONSTRAINT parcels_region_fkey");
    replica.master("DELETE FROM sites_data.region WHERE id = 1");
    assertThat(region("g3").warnings())
        .singleElement()
        .asString()
        .contains("parcels_region_fkey does not hold");
    assertThat(replica.read("SELECT count(*) FROM sites.region")).containsExactly("1");
    assertThatThrownBy(() -> replica.tables.withdraw(REGION, Replica.soon()))
        .hasMessageContaining("mine");
    replica.replica("DROP TABLE public.mine");
    replica.tables.withdraw(REGION, Replica.soon());
    assertThat(replica.read("SELECT count(*) FROM sites.parcels")).containsExactly("10");
  }

  @Test
  @DisplayName(
      "feeds/S19: watch over views: one that is changed or dropped by hand is told, and mended")
  void drift() throws Exception {
    replica.publish("g1");
    replica.publish("g2");
    String changed =
        "CREATE OR REPLACE VIEW sites.parcels AS SELECT * FROM sites_data.parcels__%s%s";
    replica.replica(changed.formatted("g2", " WHERE area > 3"));
    assertThat(drifted()).isEqualTo(Shown.Drift.CHANGED);
    assertThat(replica.tables.swap(Replica.PARCELS, "g2", Replica.soon()).made()).isFalse();
    assertThat(drifted()).isEqualTo(Shown.Drift.NONE);
    replica.replica(changed.formatted("g1", ""));
    assertThat(drifted()).isEqualTo(Shown.Drift.ELSEWHERE);
    replica.replica("DROP VIEW sites.parcels");
    assertThat(drifted()).isEqualTo(Shown.Drift.GONE);
    assertThat(replica.tables.swap(Replica.PARCELS, "g2", Replica.soon()).made()).isTrue();
    assertThat(drifted()).isEqualTo(Shown.Drift.NONE);
  }

  @Test
  @DisplayName("feeds/S19: miss what a view should read, and schemas; all is made again")
  void lost() throws Exception {
    replica.publish("g1");
    replica.publish("g2");
    assertThat(replica.tables.served(Replica.soon()).schemas())
        .contains("sites", "sites_data", "publish");
    replica.replica("DROP SCHEMA sites_data CASCADE");
    assertThat(drifted()).isEqualTo(Shown.Drift.LOST);
    assertThat(replica.tables.served(Replica.soon()).schemas()).doesNotContain("sites_data");
    assertThat(replica.tables.served(Replica.soon()).kept()).as("gone with it").isEmpty();

    replica.tables.prepare(Replica.workspace(Body.Access.EVERYBODY), Replica.soon());
    replica.publish("g3");
    assertThat(drifted()).isEqualTo(Shown.Drift.NONE);
    Shown shown = replica.tables.served(Replica.soon());
    assertThat(shown.leftovers()).hasSize(2).noneMatch(Shown.Leftover::complete);
    for (Shown.Leftover each : shown.leftovers()) {
      replica.tables.drop(each.target(), each.generation(), Replica.soon());
    }
    assertThat(replica.tables.served(Replica.soon()).leftovers()).isEmpty();
  }

  private static Shown.Drift drifted() throws Exception {
    return replica.tables.served(Replica.soon()).served().getFirst().drift();
  }

  @Test
  @DisplayName("who may read: one role or everybody")
  void policy() throws Exception {
    replica.publish("g1");
    String who =
        """
        SELECT has_table_privilege('sso_access', 'sites.parcels', 'SELECT')
          || '/' || has_schema_privilege('sso_access', 'sites', 'USAGE')
          || '/' || coalesce((SELECT has_table_privilege(oid, 'sites.parcels', 'SELECT')
            AND has_schema_privilege(oid, 'sites', 'USAGE') FROM pg_roles WHERE rolname = 'sites')::text, 'none')
        """;
    assertThat(replica.read(who)).containsExactly("true/true/none");
    Body.Workspace one = Replica.workspace(Body.Access.ONE_ROLE);
    assertThat(replica.tables.prepare(one, Replica.soon()).changed()).isTrue();
    assertThat(replica.read(who)).containsExactly("false/false/true");
    assertThat(replica.tables.prepare(one, Replica.soon()).changed()).isFalse();
    replica.publish("g2");
    replica.tables.withdraw(Replica.PARCELS, Replica.soon());
    replica.publish("g3");
    assertThat(replica.read(who)).containsExactly("false/false/true");
    Body.Workspace all = Replica.workspace(Body.Access.SIGNED_IN);
    assertThat(replica.tables.prepare(all, Replica.soon()).changed()).isTrue();
    assertThat(replica.read(who)).containsExactly("true/true/none");
    assertThat(replica.tables.prepare(all, Replica.soon()).changed()).isFalse();
    assertThat(
            replica.read(
                "SELECT rolinherit || '/' || rolcanlogin FROM pg_roles WHERE rolname = 'sso_access'"))
        .containsExactly("false/true");
  }
}
