package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.table.RoleStatement.Reach;
import io.cotidal.model.Secret;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;

/** What a roles file may say, and nothing besides. */
@DisplayName("A roles file")
final class RolesScriptTest {
  private static final RoleStatement.Options NONE =
      new RoleStatement.Options(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false);

  private static final String GOOD =
      """
      /* roles /* nested; */ of the master */
      DO $$BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname='ops') THEN CREATE ROLE "ops"; END IF; END$$;
      GRANT USAGE ON SCHEMA ops TO "ops"; -- the end
      CREATE ROLE reader WITH LOGIN NOSUPERUSER CONNECTION LIMIT 5 PASSWORD 'se''cret;';
      ALTER ROLE reader NOLOGIN VALID UNTIL '2030-01-31';
      GRANT ops, "Other" TO reader;
      REVOKE ops FROM reader;
      GRANT SELECT ON sites.parcels, "Si""tes".x TO ops;
      GRANT SELECT ON ALL TABLES IN SCHEMA sites TO ops, reader;
      ALTER DEFAULT PRIVILEGES IN SCHEMA sites REVOKE SELECT ON TABLES FROM ops;
      DROP ROLE IF EXISTS old
      """;

  private static List<RolesScript.Line> read(String sql) throws TableException {
    return RolesScript.read(sql);
  }

  @Example
  void readsWhatAMasterRenders() throws Exception {
    List<RolesScript.Line> lines = read(GOOD);
    assertThat(lines)
        .extracting(RolesScript.Line::line)
        .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertThat(lines)
        .extracting(RolesScript.Line::statement)
        .containsExactly(
            new RoleStatement.Make("ops", NONE, true),
            new RoleStatement.Right(true, List.of(new Reach.Schema("ops")), List.of("ops")),
            new RoleStatement.Make(
                "reader",
                new RoleStatement.Options(
                    Optional.of(true),
                    Optional.empty(),
                    Optional.of(5),
                    Optional.of(new Secret("se'cret;")),
                    Optional.empty(),
                    false),
                false),
            new RoleStatement.Change(
                "reader",
                new RoleStatement.Options(
                    Optional.of(false),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("2030-01-31"),
                    false)),
            new RoleStatement.Membership(true, List.of("ops", "Other"), List.of("reader")),
            new RoleStatement.Membership(false, List.of("ops"), List.of("reader")),
            new RoleStatement.Right(
                true,
                List.of(new Reach.Table("sites", "parcels"), new Reach.Table("Si\"tes", "x")),
                List.of("ops")),
            new RoleStatement.Right(
                true, List.of(new Reach.All("sites")), List.of("ops", "reader")),
            new RoleStatement.Right(false, List.of(new Reach.Later("sites")), List.of("ops")),
            new RoleStatement.Drop("old"));
  }

  @Example
  void blocksMayBeWrittenFreely() throws Exception {
    assertThat(
            read(
                """
                do $roles$
                begin
                  if not exists (select from pg_catalog.pg_roles where rolname = 'a b') then
                    create role "a b" nologin noinherit; -- why; not
                  end if;
                end
                $roles$;
                """))
        .singleElement()
        .satisfies(line -> assertThat(line.line()).isEqualTo(1));
    assertThat(read("")).isEmpty();
    assertThat(read(" ;; -- nothing")).isEmpty();
  }

  @Example
  void refusesEverythingElse() {
    for (String evil :
        List.of(
            "DROP ROLE x",
            "DROP TABLE sites.parcels",
            "DROP OWNED BY x",
            "REASSIGN OWNED BY x TO y",
            "CREATE USER x",
            "CREATE ROLE x SUPERUSER",
            "CREATE ROLE x CREATEROLE",
            "CREATE ROLE x CREATEDB",
            "CREATE ROLE x REPLICATION",
            "CREATE ROLE x BYPASSRLS",
            "CREATE ROLE x IN ROLE postgres",
            "CREATE ROLE x ROLE y",
            "CREATE ROLE x ADMIN y",
            "CREATE ROLE x LOGIN NOLOGIN",
            "CREATE ROLE x PASSWORD NULL",
            "CREATE ROLE x VALID UNTIL 'now; DROP'",
            "CREATE ROLE x CONNECTION LIMIT -2",
            "CREATE ROLE pg_x",
            "CREATE ROLE \"public\"",
            "ALTER ROLE postgres NOLOGIN",
            "ALTER ROLE ALL NOLOGIN SET x = 1",
            "ALTER ROLE x SET search_path = evil",
            "ALTER ROLE x RENAME TO y",
            "ALTER ROLE CURRENT_USER PASSWORD 'x'",
            "ALTER USER x PASSWORD 'x'",
            "ALTER SYSTEM SET x = 1",
            "GRANT postgres TO x",
            "GRANT pg_read_all_data TO x",
            "GRANT x TO PUBLIC",
            "GRANT x TO y WITH ADMIN OPTION",
            "GRANT x TO y GRANTED BY z",
            "REVOKE ADMIN OPTION FOR x FROM y",
            "GRANT ALL ON SCHEMA sites TO x",
            "GRANT CREATE ON SCHEMA public TO x",
            "GRANT USAGE, CREATE ON SCHEMA sites TO x",
            "GRANT USAGE ON SCHEMA pg_catalog TO x",
            "GRANT USAGE ON SCHEMA information_schema TO x",
            "GRANT USAGE ON SCHEMA sites TO x WITH GRANT OPTION",
            "GRANT USAGE ON SCHEMA sites TO PUBLIC",
            "GRANT SELECT, INSERT ON sites.parcels TO x",
            "GRANT SELECT (a) ON sites.parcels TO x",
            "GRANT SELECT ON parcels TO x",
            "GRANT SELECT ON db.sites.parcels TO x",
            "GRANT INSERT ON ALL TABLES IN SCHEMA sites TO x",
            "GRANT EXECUTE ON FUNCTION f TO x",
            "REVOKE USAGE ON SCHEMA sites FROM x CASCADE",
            "GRANT USAGE ON SCHEMA sites FROM x",
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x",
            "ALTER DEFAULT PRIVILEGES FOR ROLE y IN SCHEMA sites GRANT SELECT ON TABLES TO x",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA sites GRANT INSERT ON TABLES TO x",
            "SET ROLE postgres",
            "SELECT pg_sleep(1)",
            "COPY (SELECT 1) TO PROGRAM 'x'",
            "BEGIN",
            "COMMIT",
            "\\! id",
            "\\restrict abc",
            "CREATE ROLE x;'",
            "CREATE ROLE \"x",
            "CREATE ROLE x /* no end",
            "CREATE ROLE $$x$$",
            "CREATE ROLE x PASSWORD $$x$$",
            "CREATE ROLE x PASSWORD U&'x'",
            "CREATE ROLE é",
            "CREATE ROLE \"" + "x".repeat(64) + "\"",
            "DO $$BEGIN EXECUTE 'x'; END$$",
            "DO $$BEGIN $$ $$ END$$",
            "DO $a$BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname='x') THEN CREATE ROLE y; END IF; END$a$",
            "DO $a$BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname='x') THEN CREATE ROLE x; DROP ROLE y; END IF; END$a$",
            "DO $a$BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname='x' OR f()) THEN CREATE ROLE x; END IF; END$a$",
            "DO $a$BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname='x') THEN CREATE ROLE x SUPERUSER; END IF; END$a$",
            "DO LANGUAGE plpgsql $a$BEGIN END$a$",
            "DO $a$BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname='x') THEN CREATE ROLE x; END IF; END$a$ LANGUAGE plperlu")) {
      assertThatThrownBy(() -> read("CREATE ROLE good;\n" + evil + ";"))
          .as(evil)
          .isInstanceOfSatisfying(
              TableException.class,
              e -> assertThat(e.kind()).isEqualTo(TableException.Kind.REJECTED))
          .hasMessageStartingWith("slave_roles.sql line 2: ");
    }
  }

  @Example
  void saysWhichStatementButNoPassword() {
    assertThatThrownBy(() -> read("\n\nDROP TABLE x"))
        .hasMessage(
            "slave_roles.sql line 3: this DROP TABLE is none of those that a roles file may hold;"
                + " remove it");
    for (String evil :
        List.of(
            "CREATE ROLE x PASSWORD 'hush' SUPERUSER",
            "CREATE ROLE x PASSWORD 'a'hush'b'",
            "CREATE ROLE x PASSWORD hush",
            "CREATE ROLE x PASSWORD 'a;' hush",
            "CREATE ROLE x PASSWORD 'a'';\nhush;",
            "CREATE ROLE x PASSWORD a';hush'b")) {
      assertThatThrownBy(() -> read(evil)).as(evil).message().doesNotContain("hush");
    }
  }

  @Example
  void keepsPasswordsToItself() throws Exception {
    assertThat(read("CREATE ROLE x PASSWORD 'hush'").toString()).doesNotContain("hush");
  }

  @Property(tries = 2000)
  void anyTextIsReadOrRefused(@ForAll @StringLength(max = 80) String text) {
    harmless(text);
  }

  /** However a good file is bent, names come out as names, and options as those of readers. */
  @Property(tries = 3000)
  void bentFiles(
      @ForAll("evil") String evil,
      @ForAll @IntRange(max = 900) int at,
      @ForAll @IntRange(max = 12) int length) {
    int from = Math.min(at, GOOD.length());
    harmless(
        GOOD.substring(0, from) + evil + GOOD.substring(Math.min(GOOD.length(), from + length)));
  }

  private static void harmless(String text) {
    try {
      for (RolesScript.Line line : read(text)) {
        switch (line.statement()) {
          case RoleStatement.Make make -> harmless(make.options());
          case RoleStatement.Change change -> harmless(change.options());
          case RoleStatement.Drop drop -> assertThat(drop.role()).doesNotStartWith("pg_");
          case RoleStatement.Membership all ->
              assertThat(all.roles()).noneMatch(role -> role.equals("postgres"));
          case RoleStatement.Right right ->
              assertThat(right.reaches())
                  .allSatisfy(reach ->
                      assertThat(reach.sql())
                          .matches(
                              "(?s)(USAGE ON SCHEMA|SELECT ON (TABLES|TABLE|ALL TABLES IN SCHEMA))"
                                  + "( \"([^\"]|\"\")+\"(\\.\"([^\"]|\"\")+\")?)?"));
        }
      }
    } catch (TableException e) {
      assertThat(e.kind()).isEqualTo(TableException.Kind.REJECTED);
      assertThat(e.getMessage()).startsWith("slave_roles.sql line ").doesNotContain("\n");
    }
  }

  private static void harmless(RoleStatement.Options options) {
    assertThat(options.withPassword(Optional.empty()).sql())
        .matches(
            "( (LOGIN|NOLOGIN|INHERIT|NOINHERIT|NOCREATEDB|CONNECTION LIMIT (-1|[0-9]{1,9})"
                + "|VALID UNTIL '[-0-9a-zA-Z:+. ]+'))*");
  }

  @Provide
  Arbitrary<String> evil() {
    return Arbitraries.of(
        "",
        ";",
        "'",
        "\"",
        "';",
        "\";",
        "$$",
        "$a$",
        "--",
        "/*",
        "*/",
        "\\",
        "(",
        ",",
        ".",
        "E'",
        "\n",
        "postgres",
        "pg_catalog",
        "SUPERUSER",
        "'; DROP ROLE y; --",
        " CREATE ",
        "PUBLIC",
        " TO ",
        "END",
        "do",
        " ALL ");
  }
}
