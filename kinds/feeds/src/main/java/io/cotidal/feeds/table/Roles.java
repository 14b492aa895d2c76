package io.cotidal.feeds.table;

import io.cotidal.feeds.table.RoleStatement.Reach;
import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the database to what a roles file says, inside the caller's transaction: looks first, and
 * writes only what differs. Rights are given in schemas of published workspaces alone; roles that
 * are more than a reader's are never touched or given.
 */
final class Roles {
  private final Session session;
  private final Memory memory;
  private final boolean passwords;
  private final Set<String> schemas = new HashSet<>();
  private final Set<String> made = new HashSet<>();
  private final List<String> warnings = new ArrayList<>();
  private boolean changed;

  /**
   * Of a session.
   *
   * @param published schemas of workspaces, besides those that are remembered
   * @param passwords whether roles that are there already get their password anew
   */
  Roles(Session session, Memory memory, Set<String> published, boolean passwords) {
    this.session = session;
    this.memory = memory;
    this.passwords = passwords;
    schemas.addAll(published);
  }

  /** Does all of them, in their order. */
  Prepared apply(List<RolesScript.Line> lines) throws TableException, InterruptedException {
    // Two that change the same grants at once would disturb each other; Policy takes it too.
    session.row("SELECT pg_advisory_xact_lock(" + Policy.LOCK + ")", row -> true);
    if (memory.there(session)) {
      schemas.addAll(
          session.rows(
              "SELECT view_schema FROM %1$s UNION SELECT data_schema FROM %1$s"
                  .formatted(memory.generations()),
              row -> row.getString(1)));
    }
    schemas.remove(memory.schema());
    for (RolesScript.Line line : lines) {
      switch (line.statement()) {
        case RoleStatement.Make make -> make(line.line(), make);
        case RoleStatement.Change change -> change(line.line(), change);
        case RoleStatement.Drop drop -> drop(line.line(), drop.role());
        case RoleStatement.Membership membership -> membership(line.line(), membership);
        case RoleStatement.Right right -> right(line.line(), right);
      }
    }
    return new Prepared(changed, warnings);
  }

  private void make(int line, RoleStatement.Make make) throws TableException, InterruptedException {
    RoleFacts facts = free(line, make.role());
    if (!facts.there()) {
      write(
          "CREATE ROLE " + Quote.identifier(make.role()) + Passwords.veiled(make.options()).sql());
      made.add(make.role());
    } else if (!make.ifAbsent()) {
      differing(make.role(), facts, make.options());
    }
  }

  private void change(int line, RoleStatement.Change change)
      throws TableException, InterruptedException {
    RoleFacts facts = free(line, change.role());
    if (!facts.there()) {
      throw missing(line, change.role());
    }
    differing(change.role(), facts, change.options());
  }

  private void differing(String role, RoleFacts facts, RoleStatement.Options wanted)
      throws TableException, InterruptedException {
    RoleStatement.Options options =
        passwords || made.contains(role)
            ? new Passwords(session).differing(role, wanted)
            : wanted.withPassword(Optional.empty());
    String sql = facts.differing(session, options).sql();
    if (!sql.isEmpty()) {
      write("ALTER ROLE " + Quote.identifier(role) + sql);
    }
  }

  private void drop(int line, String role) throws TableException, InterruptedException {
    RoleFacts facts = free(line, role);
    if (!facts.there()) {
      return;
    }
    if (facts.needed()) {
      warn(line, "role " + role + " is kept, for it has rights");
    } else {
      write("DROP ROLE " + Quote.identifier(role));
    }
  }

  private void membership(int line, RoleStatement.Membership all)
      throws TableException, InterruptedException {
    for (String role : all.roles()) {
      for (String member : all.members()) {
        if (!free(line, role).there()) {
          throw missing(line, role);
        }
        if (!free(line, member).there()) {
          throw missing(line, member);
        }
        boolean has =
            session.row(
                """
                SELECT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
                  JOIN pg_roles x ON x.oid = m.member WHERE r.rolname = ? AND x.rolname = ?)
                """,
                row -> row.getBoolean(1),
                role,
                member);
        if (has != all.grant()) {
          write(sentence(all.grant(), Quote.identifier(role), Quote.identifier(member)));
        }
      }
    }
  }

  private void right(int line, RoleStatement.Right right)
      throws TableException, InterruptedException {
    for (String role : right.roles()) {
      if (!free(line, role).there()) {
        throw missing(line, role);
      }
      for (Reach reach : right.reaches()) {
        if (reach.schema().equals(memory.schema())) {
          throw RolesScript.refused(
              line, "schema " + reach.schema() + " is Cotidal's own; remove the statement");
        }
        if (schemas.contains(reach.schema())) {
          right(line, right.grant(), reach, role);
        } else {
          warn(line, "schema " + reach.schema() + " is of no workspace that is published here");
        }
      }
    }
  }

  private void right(int line, boolean grant, Reach reach, String role)
      throws TableException, InterruptedException {
    Held held = Held.of(session, reach, role);
    if (!held.there()) {
      warn(line, what(reach) + " is not here yet; it is granted when it is published");
    } else if (grant ? held.held() < held.all() : held.held() > 0) {
      String sentence = sentence(grant, reach.sql(), Quote.identifier(role));
      write(
          reach instanceof Reach.Later
              ? "ALTER DEFAULT PRIVILEGES IN SCHEMA "
                  + Quote.identifier(reach.schema())
                  + " "
                  + sentence
              : sentence);
    }
  }

  private static String sentence(boolean grant, String what, String whom) {
    return (grant ? "GRANT " + what + " TO " : "REVOKE " + what + " FROM ") + whom;
  }

  private static String what(Reach reach) {
    return switch (reach) {
      case Reach.Table table -> "table " + table.schema() + "." + table.name();
      case Reach.Schema _, Reach.All _, Reach.Later _ -> "schema " + reach.schema();
    };
  }

  /** Facts of a role that the master may have and change. */
  private RoleFacts free(int line, String role) throws TableException, InterruptedException {
    RoleFacts facts = RoleFacts.of(session, role);
    if (!facts.reason().isEmpty()) {
      throw RolesScript.refused(
          line, "role " + role + " " + facts.reason() + "; it is not the master's to change");
    }
    return facts;
  }

  private static TableException missing(int line, String role) {
    return RolesScript.refused(line, "role " + role + " is not here; create it before");
  }

  private void warn(int line, String what) {
    warnings.add("slave_roles.sql line %d: %s".formatted(line, what));
  }

  private void write(String sql) throws TableException, InterruptedException {
    session.run(View.escaped(sql));
    changed = true;
  }

  /** How many of the things that a right is about are there, and of how many the role has it. */
  private record Held(boolean there, long all, long held) {
    static Held of(Session session, Reach reach, String role)
        throws TableException, InterruptedException {
      return switch (reach) {
        case Reach.Schema _ ->
            counted(
                session,
                """
                SELECT count(*), count(*), count(*) FILTER (WHERE EXISTS (
                  SELECT FROM aclexplode(n.nspacl) x JOIN pg_roles r ON r.oid = x.grantee
                  WHERE r.rolname = ? AND x.privilege_type = 'USAGE'))
                FROM pg_namespace n WHERE n.nspname = ?
                """,
                role,
                reach.schema());
        case Reach.Table table -> counted(session, TABLES, role, reach.schema(), table.name());
        case Reach.All _ -> counted(session, TABLES, role, reach.schema(), "");
        case Reach.Later _ ->
            counted(
                session,
                """
                SELECT count(*), 1, count(*) FILTER (WHERE EXISTS (
                  SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) x, pg_roles r
                  WHERE d.defaclnamespace = n.oid AND d.defaclobjtype = 'r' AND r.rolname = ?
                    AND x.grantee = r.oid AND x.privilege_type = 'SELECT' AND d.defaclrole =
                      (SELECT me.oid FROM pg_roles me WHERE me.rolname = current_user)))
                FROM pg_namespace n WHERE n.nspname = ?
                """,
                role,
                reach.schema());
      };
    }

    /** With one name, or without for all that are there: then none is enough. */
    private static final String TABLES =
        """
        SELECT count(c.oid) + CASE WHEN q.name = '' THEN 1 ELSE 0 END, count(c.oid),
          count(c.oid) FILTER (WHERE EXISTS (
            SELECT FROM aclexplode(c.relacl) x JOIN pg_roles r ON r.oid = x.grantee
            WHERE r.rolname = q.role AND x.privilege_type = 'SELECT'))
        FROM (SELECT ?::text AS role, ?::text AS schema, ?::text AS name) q
          JOIN pg_namespace n ON n.nspname = q.schema
          LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
            AND (q.name = '' OR c.relname = q.name)
        GROUP BY q.name
        """;

    private static Held counted(Session session, String sql, Object... arguments)
        throws TableException, InterruptedException {
      return session
          .find(sql, row -> new Held(row.getLong(1) > 0, row.getLong(2), row.getLong(3)), arguments)
          .orElse(new Held(false, 0, 0));
    }
  }
}
