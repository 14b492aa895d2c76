package io.cotidal.feeds.table;

import io.cotidal.feeds.job.Body;
import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a workspace needs in the database: PostGIS, its schemas, and who may read what is in them.
 *
 * @param will of the roles file, which has the last word
 */
record Policy(Memory memory, RolesWill will) {
  /** Whoever makes roles or grants holds it: two at once would disturb each other. */
  static final long LOCK = 7309465738L;

  private static final String COMMON = "sso_access";

  /**
   * What is to be done, as SQL; nothing if all is as it should be.
   *
   * @param warnings what cannot be done and does no harm
   */
  private record Plan(List<String> statements, List<String> warnings) {}

  /**
   * Does what is missing, and what a roles file says of it, as one: readers see all of it or
   * nothing, and nobody loses for a moment what the file gives.
   *
   * @param roles what the file says, if it speaks of the workspace; else nothing
   */
  Prepared prepare(Session session, Body.Workspace workspace, List<RolesScript.Line> roles)
      throws TableException, InterruptedException {
    if (roles.isEmpty() && memory.there(session)) {
      Plan plan = plan(session, workspace);
      if (plan.statements().isEmpty()) {
        return new Prepared(false, plan.warnings());
      }
    }
    return session.patiently(() -> {
      Prepared made = within(session, workspace);
      if (roles.isEmpty()) {
        return made;
      }
      Body.Schemas schemas = workspace.schemas();
      Prepared done =
          new Roles(session, memory, Set.of(schemas.view(), schemas.data()), false).apply(roles);
      return new Prepared(made.changed() || done.changed(), made.warnings());
    });
  }

  /** Does what is missing, inside the caller's transaction; what the roles file says is left. */
  Prepared within(Session session, Body.Workspace workspace)
      throws TableException, InterruptedException {
    session.row("SELECT pg_advisory_xact_lock(" + LOCK + ")", row -> true);
    boolean remembers = memory.there(session);
    if (!remembers) {
      memory.make(session);
    }
    Plan plan = plan(session, workspace);
    for (String statement : plan.statements()) {
      apply(session, statement);
    }
    return new Prepared(!remembers || !plan.statements().isEmpty(), plan.warnings());
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

  private Plan plan(Session session, Body.Workspace workspace)
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

  private void roles(
      Session session, Body.Workspace workspace, List<String> statements, List<String> warnings)
      throws TableException, InterruptedException {
    String schema = workspace.schemas().view();
    ReaderRole common = ReaderRole.of(session, COMMON, schema);
    ReaderRole own = ReaderRole.of(session, schema, schema);
    if (!common.exists()) {
      statements.add("CREATE ROLE " + Quote.identifier(COMMON) + " NOINHERIT LOGIN");
    }
    switch (workspace.access()) {
      case ONE_ROLE -> {
        if (!own.exists()) {
          statements.add("CREATE ROLE " + Quote.identifier(schema));
        }
        statements.addAll(own.missing(will));
        statements.addAll(common.held(will));
      }
      case EVERYBODY, SIGNED_IN -> {
        statements.addAll(common.missing(will));
        // The role that the original made has no login; one that has is somebody's.
        if (own.exists() && !own.somebodys()) {
          statements.addAll(own.held(will));
          if (will.wants(schema)) {
            return;
          }
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
}
