package io.cotidal.feeds.table;

import io.cotidal.feeds.job.Body;
import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a workspace needs in the database: PostGIS, its schemas, and who may read what is in them.
 */
record Policy(Memory memory) {
  /** Whoever makes roles or grants holds it: two at once would disturb each other. */
  static final long LOCK = 7309465738L;

  private static final String COMMON = "sso_access";

  /**
   * What is to be done, as SQL; nothing if all is as it should be.
   *
   * @param warnings what cannot be done and does no harm
   */
  private record Plan(List<String> statements, List<String> warnings) {}

  /** Does what is missing. */
  Prepared prepare(Session session, Body.Workspace workspace)
      throws TableException, InterruptedException {
    Plan plan = plan(session, workspace);
    boolean remembers = memory.there(session);
    if (plan.statements().isEmpty() && remembers) {
      return new Prepared(false, plan.warnings());
    }
    return session.patiently(() -> {
      session.row("SELECT pg_advisory_xact_lock(" + LOCK + ")", row -> true);
      memory.make(session);
      Plan again = plan(session, workspace);
      for (String statement : again.statements()) {
        apply(session, statement);
      }
      return new Prepared(true, again.warnings());
    });
  }

  private static void apply(Session session, String statement)
      throws TableException, InterruptedException {
    try {
      session.run(View.escaped(statement));
    } catch (TableException e) {
      if (e.kind() == TableException.Kind.FAILED && statement.startsWith("CREATE EXTENSION")) {
        throw new TableException(
            e.kind(), e.getMessage() + "; let an administrator run CREATE EXTENSION postgis");
      }
      throw e;
    }
  }

  private static Plan plan(Session session, Body.Workspace workspace)
      throws TableException, InterruptedException {
    List<String> statements = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    if (!session.row(
        "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis')",
        row -> row.getBoolean(1))) {
      statements.add("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public");
    }
    Body.Schemas schemas = workspace.schemas();
    for (String schema :
        Stream.of(schemas.view(), schemas.data(), schemas.outdated()).distinct().toList()) {
      if (!schema.isEmpty() && !schema(session, schema)) {
        statements.add("CREATE SCHEMA IF NOT EXISTS " + Quote.identifier(schema));
      }
    }
    roles(session, workspace, statements, warnings);
    return new Plan(statements, warnings);
  }

  private static boolean schema(Session session, String name)
      throws TableException, InterruptedException {
    return session.row(
        "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ?)",
        row -> row.getBoolean(1),
        name);
  }

  private static void roles(
      Session session, Body.Workspace workspace, List<String> statements, List<String> warnings)
      throws TableException, InterruptedException {
    String schema = workspace.schemas().view();
    Role common = Role.of(session, COMMON, schema);
    Role own = Role.of(session, schema, schema);
    if (!common.exists()) {
      statements.add("CREATE ROLE " + Quote.identifier(COMMON) + " NOINHERIT LOGIN");
    }
    switch (workspace.access()) {
      case ONE_ROLE -> {
        if (!own.exists()) {
          statements.add("CREATE ROLE " + Quote.identifier(schema));
        }
        statements.addAll(own.missing());
        statements.addAll(common.held());
      }
      case EVERYBODY, SIGNED_IN -> {
        statements.addAll(common.missing());
        // The role that the original made has no login; one that has is somebody's.
        if (own.exists() && !own.somebodys()) {
          statements.addAll(own.held());
          if (own.needed()) {
            warnings.add(
                "role " + schema + " is kept, for it has rights elsewhere or owns something");
          } else {
            statements.add("DROP ROLE IF EXISTS " + Quote.identifier(schema));
          }
        }
      }
    }
  }

  /**
   * A role and what it may do in one schema.
   *
   * @param somebodys whether it can log in, is a superuser, or is ours
   * @param usage whether it has {@code USAGE} of its own
   * @param unread how many tables and views it may not read
   * @param read how many it may read by a right of its own
   * @param later whether it may read what we make later
   * @param needed whether something outside of this schema depends on it
   */
  private record Role(
      String name,
      String schema,
      boolean exists,
      boolean somebodys,
      boolean usage,
      long unread,
      long read,
      boolean later,
      boolean needed) {
    static Role of(Session session, String name, String schema)
        throws TableException, InterruptedException {
      return session.row(
          """
          SELECT r.oid IS NOT NULL,
            coalesce(r.rolcanlogin OR r.rolsuper OR r.rolname = current_user, false),
            EXISTS (SELECT FROM aclexplode(n.nspacl) x
              WHERE x.grantee = r.oid AND x.privilege_type = 'USAGE'),
            coalesce(t.all_of_them - t.readable, 0), coalesce(t.readable, 0),
            EXISTS (SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) x
              WHERE d.defaclnamespace = n.oid AND d.defaclobjtype = 'r' AND x.grantee = r.oid
                AND d.defaclrole = me.oid AND x.privilege_type = 'SELECT'),
            EXISTS (SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass
              AND s.refobjid = r.oid AND NOT (
                s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND s.deptype = 'a' AND (
                  s.classid = 'pg_namespace'::regclass AND s.objid = n.oid
                  OR s.classid = 'pg_class'::regclass AND EXISTS (
                    SELECT FROM pg_class c WHERE c.oid = s.objid AND c.relnamespace = n.oid)
                  OR s.classid = 'pg_default_acl'::regclass AND EXISTS (
                    SELECT FROM pg_default_acl d WHERE d.oid = s.objid
                      AND d.defaclnamespace = n.oid AND d.defaclrole = me.oid))))
          FROM (SELECT ?::text AS role, ?::text AS schema) q
            JOIN pg_roles me ON me.rolname = current_user
            LEFT JOIN pg_roles r ON r.rolname = q.role
            LEFT JOIN pg_namespace n ON n.nspname = q.schema
            LEFT JOIN LATERAL (
              SELECT count(*) AS all_of_them, count(*) FILTER (WHERE EXISTS (
                SELECT FROM aclexplode(c.relacl) x
                WHERE x.grantee = r.oid AND x.privilege_type = 'SELECT')) AS readable
              FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
            ) t ON true
          """,
          row ->
              new Role(
                  name,
                  schema,
                  row.getBoolean(1),
                  row.getBoolean(2),
                  row.getBoolean(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getBoolean(6),
                  row.getBoolean(7)),
          name,
          schema);
    }

    /** What lets it read. */
    List<String> missing() {
      List<String> statements = new ArrayList<>();
      if (!usage) {
        statements.add(sentence("GRANT USAGE ON SCHEMA %s TO %s"));
      }
      if (unread > 0) {
        statements.add(sentence("GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s"));
      }
      if (!later) {
        statements.add(
            sentence("ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT SELECT ON TABLES TO %s"));
      }
      return statements;
    }

    /** What takes its rights away. */
    List<String> held() {
      List<String> statements = new ArrayList<>();
      if (later) {
        statements.add(
            sentence("ALTER DEFAULT PRIVILEGES IN SCHEMA %s REVOKE SELECT ON TABLES FROM %s"));
      }
      if (read > 0) {
        statements.add(sentence("REVOKE ALL ON ALL TABLES IN SCHEMA %s FROM %s"));
      }
      if (usage) {
        statements.add(sentence("REVOKE ALL ON SCHEMA %s FROM %s"));
      }
      return statements;
    }

    private String sentence(String form) {
      return form.formatted(Quote.identifier(schema), Quote.identifier(name));
    }
  }
}
