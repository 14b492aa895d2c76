package io.cotidal.feeds.table;

import java.util.Optional;

/**
 * A role as it is.
 *
 * @param there whether it is
 * @param reason why nobody but an administrator may change or give it; empty if the master may
 * @param limit of connections; -1 for none
 * @param needed whether it has rights on something
 */
record RoleFacts(
    String name,
    boolean there,
    String reason,
    boolean login,
    boolean inherit,
    boolean databases,
    int limit,
    boolean needed) {
  /** Asks the database. A role is also what those are that it is a member of. */
  static RoleFacts of(Session session, String role) throws TableException, InterruptedException {
    return session
        .find(
            """
            WITH RECURSIVE r AS (SELECT * FROM pg_roles WHERE rolname = ?),
              has(oid) AS (SELECT oid FROM r UNION SELECT m.roleid FROM pg_auth_members m
                JOIN has ON has.oid = m.member)
            SELECT CASE
                WHEN rolname IN (current_user, session_user) THEN 'is Cotidal''s login'
                WHEN EXISTS (SELECT FROM has JOIN pg_roles p USING (oid)
                  WHERE p.rolsuper OR p.rolcreaterole OR p.rolreplication OR p.rolbypassrls)
                  THEN 'has rights over the server'
                WHEN EXISTS (SELECT FROM has JOIN pg_roles p USING (oid)
                  WHERE p.rolname ~ '^pg_' OR p.rolname IN (current_user, session_user, 'postgres'))
                  THEN 'has rights by another role that is not a reader''s'
                WHEN EXISTS (SELECT FROM pg_shdepend s JOIN has ON has.oid = s.refobjid
                  WHERE s.refclassid = 'pg_authid'::regclass AND s.deptype = 'o')
                  THEN 'owns something, which no reader does'
                ELSE '' END,
              rolcanlogin, rolinherit, rolcreatedb, rolconnlimit,
              EXISTS (SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass
                AND s.refobjid = r.oid AND s.classid <> 'pg_auth_members'::regclass)
            FROM r
            """,
            row ->
                new RoleFacts(
                    role,
                    true,
                    row.getString(1),
                    row.getBoolean(2),
                    row.getBoolean(3),
                    row.getBoolean(4),
                    row.getInt(5),
                    row.getBoolean(6)),
            role)
        .orElseGet(() -> new RoleFacts(role, false, "", false, true, false, -1, false));
  }

  /** What of {@code wanted} is not so; of a password, see {@link Passwords}. */
  RoleStatement.Options differing(Session session, RoleStatement.Options wanted)
      throws TableException, InterruptedException {
    return new RoleStatement.Options(
        wanted.login().filter(yes -> yes != login),
        wanted.inherit().filter(yes -> yes != inherit),
        wanted.limit().filter(most -> most != limit),
        wanted.password(),
        until(session, wanted.until()),
        wanted.noDatabases() && databases);
  }

  private Optional<String> until(Session session, Optional<String> wanted)
      throws TableException, InterruptedException {
    if (wanted.isEmpty()) {
      return wanted;
    }
    boolean same =
        session.row(
            """
            SELECT rolvaliduntil IS NOT DISTINCT FROM CAST(? AS timestamptz)
            FROM pg_roles WHERE rolname = ?
            """,
            row -> row.getBoolean(1),
            wanted.get(),
            name);
    return same ? Optional.empty() : wanted;
  }
}
