package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A role and what it may do in one schema.
 *
 * @param somebodys whether it can log in, is a superuser, or is ours
 * @param usage whether it has {@code USAGE} of its own
 * @param unread tables and views that it may not read
 * @param read those that it may read by a right of its own
 * @param later whether it may read what we make later
 * @param needed whether something outside of this schema depends on it
 */
record ReaderRole(
    String name,
    String schema,
    boolean exists,
    boolean somebodys,
    boolean usage,
    List<String> unread,
    List<String> read,
    boolean later,
    boolean needed) {
  static ReaderRole of(Session session, String name, String schema)
      throws TableException, InterruptedException {
    record Facts(boolean exists, boolean somebodys, boolean usage, boolean later, boolean needed) {}
    Facts facts =
        session.row(
            """
            SELECT r.oid IS NOT NULL,
              coalesce(r.rolcanlogin OR r.rolsuper OR r.rolname = current_user, false),
              EXISTS (SELECT FROM aclexplode(n.nspacl) x
                WHERE x.grantee = r.oid AND x.privilege_type = 'USAGE'),
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
            """,
            row ->
                new Facts(
                    row.getBoolean(1),
                    row.getBoolean(2),
                    row.getBoolean(3),
                    row.getBoolean(4),
                    row.getBoolean(5)),
            name,
            schema);
    List<String> read = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    session.rows(
        """
        SELECT c.relname, EXISTS (SELECT FROM aclexplode(c.relacl) x
          JOIN pg_roles r ON r.oid = x.grantee
          WHERE r.rolname = ? AND x.privilege_type = 'SELECT')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relkind IN ('r', 'v', 'm', 'f', 'p') ORDER BY 1
        """,
        row -> (row.getBoolean(2) ? read : unread).add(row.getString(1)),
        name,
        schema);
    return new ReaderRole(
        name,
        schema,
        facts.exists(),
        facts.somebodys(),
        facts.usage(),
        unread,
        read,
        facts.later(),
        facts.needed());
  }

  /** What lets it read, but for what the roles file takes away. */
  List<String> missing(RolesWill will) {
    List<String> statements = new ArrayList<>();
    if (!usage && !said(will.names(name, schema), false)) {
      statements.add("GRANT USAGE ON SCHEMA %s TO %s".formatted(within(), role()));
    }
    List<String> due =
        unread.stream().filter(each -> !said(will.table(name, schema, each), false)).toList();
    if (!due.isEmpty() && due.size() == unread.size()) {
      statements.add("GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s".formatted(within(), role()));
    } else {
      due.forEach(each ->
          statements.add(
              "GRANT SELECT ON TABLE %s TO %s".formatted(Target.quoted(schema, each), role())));
    }
    if (!later && !said(will.later(name, schema), false)) {
      statements.add(
          "ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT SELECT ON TABLES TO %s"
              .formatted(within(), role()));
    }
    return statements;
  }

  /** What takes its rights away, but for those that the roles file gives. */
  List<String> held(RolesWill will) {
    List<String> statements = new ArrayList<>();
    if (later && !said(will.later(name, schema), true)) {
      statements.add(
          "ALTER DEFAULT PRIVILEGES IN SCHEMA %s REVOKE SELECT ON TABLES FROM %s"
              .formatted(within(), role()));
    }
    List<String> due =
        read.stream().filter(each -> !said(will.table(name, schema, each), true)).toList();
    if (!due.isEmpty() && due.size() == read.size()) {
      statements.add("REVOKE ALL ON ALL TABLES IN SCHEMA %s FROM %s".formatted(within(), role()));
    } else {
      due.forEach(each ->
          statements.add(
              "REVOKE ALL ON TABLE %s FROM %s".formatted(Target.quoted(schema, each), role())));
    }
    if (usage && !said(will.names(name, schema), true)) {
      statements.add("REVOKE ALL ON SCHEMA %s FROM %s".formatted(within(), role()));
    }
    return statements;
  }

  private static boolean said(Optional<Boolean> will, boolean what) {
    return will.isPresent() && will.get() == what;
  }

  private String within() {
    return Quote.identifier(schema);
  }

  private String role() {
    return Quote.identifier(name);
  }
}
