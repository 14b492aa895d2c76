package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.job.Body;
import io.cotidal.lab.PostgisServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostGIS. */
@Timeout(60)
@DisplayName("Roles of the master")
class RolesIT {
  private static final String NUMBERS = "SELECT pg_snapshot_xmax(pg_current_snapshot())";
  private static final Body.Workspace SITES = Replica.workspace(Body.Access.EVERYBODY);
  private static final Body.Workspace OPS =
      new Body.Workspace(
          new Body.Schemas("ops", "ops_data", "ops_outdated"), Body.Access.ONE_ROLE, true, true);

  private static final String FILE =
      """
      /* roles that the master would render */
      DO $$BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname='ops') THEN CREATE ROLE "ops"; END IF; END$$;
      GRANT USAGE ON SCHEMA ops TO "ops";
      CREATE ROLE "m reader" WITH LOGIN NOSUPERUSER CONNECTION LIMIT 5 VALID UNTIL '2040-01-31 00:00:00+00';
      GRANT ops TO "m reader";
      GRANT USAGE ON SCHEMA sites TO "m reader";
      GRANT SELECT ON sites.parcels TO "m reader";
      ALTER DEFAULT PRIVILEGES IN SCHEMA sites GRANT SELECT ON TABLES TO ops;
      """;

  @TempDir static Path folder;
  private static Replica replica;

  @BeforeAll
  static void begin() throws Exception {
    String missing = PostgisServer.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    replica = Replica.start(folder);
    replica.replica("ALTER SYSTEM SET autovacuum = off");
    replica.replica("SELECT pg_reload_conf()");
  }

  @AfterAll
  static void end() throws Exception {
    if (replica != null) {
      replica.close();
    }
  }

  @AfterEach
  void clean() throws Exception {
    for (String role : replica.read("SELECT rolname FROM pg_roles WHERE rolname ~ '^(m |ops)'")) {
      replica.replica("DROP OWNED BY \"" + role + "\" CASCADE; DROP ROLE \"" + role + "\"");
    }
    replica.replica("DROP SCHEMA IF EXISTS ops, ops_data, ops_outdated, payroll CASCADE");
    replica.clear();
  }

  private static Prepared roles(String sql) throws Exception {
    return replica.tables.roles(new Body.Roles(sql), List.of(SITES, OPS), Replica.soon());
  }

  private static String ask(String question) throws Exception {
    return replica.read("SELECT " + question).getFirst();
  }

  @Test
  @DisplayName("become roles and grants, with the schemas that they name; twice writes nothing")
  void twice() throws Exception {
    replica.parcels(3, "one");
    replica.publish("g1");
    Prepared first = roles(FILE);
    assertThat(first.changed()).isTrue();
    assertThat(first.warnings()).isEmpty();
    assertThat(ask("has_schema_privilege('ops', 'ops', 'USAGE')")).isEqualTo("t");
    assertThat(ask("has_schema_privilege('ops', 'ops', 'CREATE')")).isEqualTo("f");
    assertThat(ask("has_table_privilege('m reader', 'sites.parcels', 'SELECT')")).isEqualTo("t");
    assertThat(ask("has_table_privilege('m reader', 'sites.parcels', 'INSERT')")).isEqualTo("f");
    assertThat(ask("pg_has_role('m reader', 'ops', 'MEMBER')")).isEqualTo("t");
    assertThat(
            ask(
                "concat_ws(' ', rolcanlogin, rolsuper, rolconnlimit, rolvaliduntil AT TIME ZONE 'UTC')"
                    + " FROM pg_roles WHERE rolname = 'm reader'"))
        .isEqualTo("t f 5 2040-01-31 00:00:00");
    replica.replica("CREATE VIEW sites.later AS SELECT 1 AS one");
    assertThat(ask("has_table_privilege('ops', 'sites.later', 'SELECT')")).isEqualTo("t");

    List<String> before = replica.read(NUMBERS);
    Prepared second = roles(FILE);
    assertThat(second.changed()).isFalse();
    assertThat(replica.read(NUMBERS)).isEqualTo(before);
  }

  @Test
  @DisplayName("change what differs, and take back what they revoke")
  void changes() throws Exception {
    roles(
        "CREATE ROLE \"m a\" LOGIN PASSWORD 'o''ne\\'; CREATE ROLE \"m b\"; GRANT \"m b\" TO \"m a\"");
    assertThat(ask("rolpassword LIKE 'SCRAM%' FROM pg_authid WHERE rolname = 'm a'"))
        .isEqualTo("t");
    assertThat(
            roles(
                    "ALTER ROLE \"m a\" NOLOGIN; REVOKE \"m b\" FROM \"m a\";"
                        + " DROP ROLE IF EXISTS \"m b\"; DROP ROLE IF EXISTS \"m none\"")
                .changed())
        .isTrue();
    assertThat(
            replica.read("SELECT rolname FROM pg_roles WHERE rolname ~ '^m ' AND NOT rolcanlogin"))
        .containsExactly("m a");
    roles("GRANT USAGE ON SCHEMA sites TO \"m a\"");
    assertThat(roles("DROP ROLE IF EXISTS \"m a\"").warnings())
        .containsExactly("slave_roles.sql line 1: role m a is kept, for it has rights");
    roles("REVOKE USAGE ON SCHEMA sites FROM \"m a\"");
    assertThat(ask("has_schema_privilege('m a', 'sites', 'USAGE')")).isEqualTo("f");
  }

  @Test
  @DisplayName("wait with what they grant on tables that are not here yet, and then make up for it")
  void notYet() throws Exception {
    Prepared first = roles(FILE);
    assertThat(first.warnings())
        .containsExactly(
            "slave_roles.sql line 7: table sites.parcels is not here yet; it is granted when it is"
                + " published");
    replica.parcels(3, "one");
    replica.publish("g1");
    assertThat(ask("relacl::text ~ 'm reader' FROM pg_class WHERE oid = 'sites.parcels'::regclass"))
        .isEqualTo("f");
    assertThat(
            replica.tables.granted(new Body.Roles(FILE), Replica.PARCELS, Replica.soon()).changed())
        .isTrue();
    assertThat(ask("relacl::text ~ 'm reader' FROM pg_class WHERE oid = 'sites.parcels'::regclass"))
        .isEqualTo("t");
    replica.publish("g2");
    assertThat(ask("relacl::text ~ 'm reader' FROM pg_class WHERE oid = 'sites.parcels'::regclass"))
        .isEqualTo("t");
  }

  @Test
  @DisplayName("reach a workspace that comes after them")
  void laterWorkspace() throws Exception {
    Prepared first = replica.tables.roles(new Body.Roles(FILE), List.of(SITES), Replica.soon());
    assertThat(first.warnings())
        .contains("slave_roles.sql line 3: schema ops is of no workspace that is published here");
    assertThat(ask("to_regnamespace('ops') IS NULL")).isEqualTo("t");
    replica.tables.prepare(OPS, new Body.Roles(FILE), Replica.soon());
    assertThat(ask("has_schema_privilege('ops', 'ops', 'USAGE')")).isEqualTo("t");
  }

  @Test
  @DisplayName("keep the role and the rights that they give, whatever the workspace needs")
  void notTakenAway() throws Exception {
    Body.Workspace ops = new Body.Workspace(OPS.schemas(), Body.Access.SIGNED_IN, true, true);
    Body.Roles file =
        new Body.Roles(
            """
            CREATE ROLE "ops"; CREATE ROLE "m reader" LOGIN; GRANT ops TO "m reader";
            GRANT USAGE ON SCHEMA ops TO ops; GRANT SELECT ON ops.one TO ops;
            REVOKE SELECT ON ops.two FROM sso_access;
            """);
    replica.tables.prepare(ops, Replica.soon());
    replica.replica("CREATE VIEW ops.one AS SELECT 1; CREATE VIEW ops.two AS SELECT 2");
    replica.tables.roles(file, List.of(SITES, ops), Replica.soon());
    // A right that the file does not give goes, and those that it gives stay.
    replica.replica("GRANT SELECT ON ops.two TO ops");
    String role = ask("oid FROM pg_roles WHERE rolname = 'ops'");
    String acl = "relacl FROM pg_class WHERE oid = 'ops.one'::regclass";
    String before = ask(acl);
    replica.tables.prepare(ops, file, Replica.soon());
    assertThat(ask("oid FROM pg_roles WHERE rolname = 'ops'")).isEqualTo(role);
    assertThat(ask(acl)).isEqualTo(before);
    assertThat(ask("has_table_privilege('ops', 'ops.two', 'SELECT')")).isEqualTo("f");
    assertThat(ask("has_table_privilege('sso_access', 'ops.two', 'SELECT')")).isEqualTo("f");
    assertThat(ask("has_table_privilege('sso_access', 'ops.one', 'SELECT')")).isEqualTo("t");

    List<String> numbers = replica.read(NUMBERS);
    assertThat(replica.tables.prepare(ops, file, Replica.soon()).changed()).isFalse();
    assertThat(replica.tables.roles(file, List.of(SITES, ops), Replica.soon()).changed()).isFalse();
    assertThat(replica.read(NUMBERS)).isEqualTo(numbers);
  }

  @Test
  @DisplayName("fail whole: what the workspace needed is not done without what they give")
  void whole() throws Exception {
    Body.Roles bad = new Body.Roles("GRANT USAGE ON SCHEMA ops TO \"m nobody\"");
    assertThatThrownBy(() -> replica.tables.prepare(OPS, bad, Replica.soon()))
        .hasMessageContaining("role m nobody is not here");
    assertThat(ask("to_regnamespace('ops') IS NULL")).isEqualTo("t");
  }

  @Test
  @DisplayName("get nothing in schemas that are not the master's")
  void otherSchemas() throws Exception {
    replica.replica("CREATE SCHEMA payroll; CREATE TABLE payroll.wages (a integer)");
    Prepared done =
        roles(
            """
            CREATE ROLE "m a";
            GRANT USAGE ON SCHEMA payroll TO "m a";
            GRANT SELECT ON ALL TABLES IN SCHEMA payroll, public TO "m a";
            """);
    assertThat(done.warnings()).hasSize(3);
    assertThat(ask("has_schema_privilege('m a', 'payroll', 'USAGE')")).isEqualTo("f");
    assertThat(ask("has_table_privilege('m a', 'payroll.wages', 'SELECT')")).isEqualTo("f");
  }

  @Test
  @DisplayName("are refused whole if they touch what is not the master's")
  void hostile() throws Exception {
    replica.replica("CREATE ROLE \"m boss\" CREATEROLE; CREATE ROLE \"m under\"");
    replica.replica(
        "GRANT \"m boss\" TO \"m under\"; CREATE ROLE \"m owner\"; CREATE ROLE \"m spy\"");
    replica.replica("CREATE ROLE \"m clerk\"; CREATE SCHEMA payroll AUTHORIZATION \"m clerk\"");
    replica.replica("GRANT pg_read_all_data TO \"m spy\"");
    replica.replica(
        "CREATE TABLE sites_data.mine (a integer);"
            + " ALTER TABLE sites_data.mine OWNER TO \"m owner\"");
    for (String evil :
        List.of(
            "ALTER ROLE \"m boss\" PASSWORD 'mine'",
            "CREATE ROLE \"m boss\" LOGIN",
            "GRANT \"m boss\" TO \"m first\"",
            "GRANT \"m under\" TO \"m first\"",
            "GRANT \"m spy\" TO \"m first\"",
            "GRANT \"m owner\" TO \"m first\"",
            "ALTER ROLE \"m owner\" LOGIN PASSWORD 'mine'",
            "GRANT \"m clerk\" TO \"m first\"",
            "ALTER ROLE \"m clerk\" LOGIN PASSWORD 'mine'",
            "DROP ROLE IF EXISTS \"m under\"",
            "GRANT \"m first\" TO \"m boss\"",
            "GRANT USAGE ON SCHEMA sites TO \"m boss\"",
            "GRANT USAGE ON SCHEMA publish TO \"m first\"",
            "GRANT SELECT ON publish.cotidal_generation TO \"m first\"",
            "GRANT \"m first\" TO \"m nobody\"",
            "ALTER ROLE \"m nobody\" LOGIN",
            "GRANT postgres TO \"m first\"",
            "DROP TABLE sites.parcels")) {
      assertThatThrownBy(() -> roles("CREATE ROLE \"m first\";\n" + evil))
          .as(evil)
          .isInstanceOfSatisfying(
              TableException.class,
              e -> assertThat(e.kind()).isEqualTo(TableException.Kind.REJECTED))
          .hasMessageStartingWith("slave_roles.sql line 2: ");
      assertThat(replica.read("SELECT 1 FROM pg_roles WHERE rolname = 'm first'")).isEmpty();
    }
    replica.replica("DROP TABLE sites_data.mine");
  }
}
