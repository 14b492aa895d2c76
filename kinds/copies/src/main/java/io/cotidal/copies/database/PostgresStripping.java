package io.cotidal.copies.database;

import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a cluster's catalogs what could let it reach another one, or anybody of the other
 * one in. By a single-user server: it has no network and no workers, fires no event or login
 * trigger, and obeys no setting that is kept with a role or a database, so that nothing which the
 * data holds is run.
 */
final class PostgresStripping {
  /** As many transactions as can be waiting for a second phase; they are all rolled back. */
  static final String PREPARED = "max_prepared_transactions=1000";

  private static final Pattern ROW = Pattern.compile("\\bx = \"([0-9a-f]*):([0-9a-f]*)\"");

  private static final String DATABASES =
      """
      SELECT encode(textsend(datname::text), 'hex') || ':' AS x FROM pg_catalog.pg_database
      WHERE datname <> 'template0' AND datconnlimit <> -2;

      SELECT encode(textsend(database::text), 'hex') || ':' || encode(textsend(gid), 'hex') AS x
      FROM pg_catalog.pg_prepared_xacts;

      """;

  /**
   * Once for the cluster. No way is left from any role to a superuser: not by membership, not by
   * what the server's own roles may do. The rows of subscriptions go as rows: the statement that
   * drops one may speak to its publisher. Roles that were made by a single-user server have numbers
   * below those of others, as the server's own have, whose names begin with {@code pg_}.
   */
  private static final String SHARED =
      """
      DELETE FROM pg_catalog.pg_db_role_setting;

      DELETE FROM pg_catalog.pg_auth_members WHERE roleid < 16384
        OR roleid IN (SELECT oid FROM pg_catalog.pg_authid WHERE rolsuper OR rolname = 'cotidal');

      UPDATE pg_catalog.pg_authid SET rolcanlogin = false, rolpassword = NULL, rolsuper = oid = 10,
        rolreplication = false, rolbypassrls = false, rolcreatedb = false, rolcreaterole = false,
        rolconnlimit = -1, rolvaliduntil = NULL
        WHERE oid >= 16384 OR oid = 10 OR rolname !~ '^pg_';

      DO $do$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_authid WHERE rolname = 'cotidal') THEN
          CREATE ROLE cotidal;
        END IF;
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_authid WHERE rolname = $name) THEN
          CREATE ROLE $user;
        END IF;
      END $do$;

      ALTER ROLE cotidal SUPERUSER LOGIN;

      DO $do$ DECLARE r record; BEGIN
        FOR r IN SELECT rolname FROM pg_catalog.pg_authid WHERE oid >= 16384 AND NOT rolsuper
            AND rolname <> $name AND NOT pg_catalog.pg_has_role(oid, $name, 'MEMBER') LOOP
          EXECUTE format('GRANT %I TO $user', r.rolname);
        END LOOP;
      END $do$;

      DELETE FROM pg_catalog.pg_subscription;

      DELETE FROM pg_catalog.pg_shdepend WHERE classid = 'pg_catalog.pg_subscription'::regclass;

      DELETE FROM pg_catalog.pg_replication_origin;

      """;

  /** In each database: passwords for other servers are credentials of the source's. */
  private static final String EACH =
      """
      DELETE FROM pg_catalog.pg_subscription_rel;

      UPDATE pg_catalog.pg_event_trigger SET evtenabled = 'D';

      UPDATE pg_catalog.pg_user_mapping SET umoptions = NULL;

      """;

  /** What the first superuser owned becomes the user's: nobody can become that superuser. */
  private static final String OWNERS =
      """
      ALTER DATABASE $database OWNER TO $user;

      DO $do$ DECLARE r record; BEGIN
        FOR r IN
          SELECT format('ALTER SCHEMA %I OWNER TO $user', nspname) AS sql
            FROM pg_catalog.pg_namespace
            WHERE nspowner = 10 AND (oid >= 16384 OR nspname = 'public')
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend
                WHERE classid = 'pg_catalog.pg_namespace'::regclass AND objid = pg_namespace.oid
                  AND deptype = 'e')
          UNION ALL
          SELECT format('ALTER %s %I.%I OWNER TO $user',
                CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                  WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
                n.nspname, c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relowner = 10 AND c.oid >= 16384
              AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relpersistence <> 't'
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend
                WHERE classid = 'pg_catalog.pg_class'::regclass AND objid = c.oid
                  AND (deptype = 'e' OR c.relkind = 'S' AND deptype IN ('a', 'i')))
          UNION ALL
          SELECT format('ALTER ROUTINE %s OWNER TO $user', oid::regprocedure)
            FROM pg_catalog.pg_proc
            WHERE proowner = 10 AND oid >= 16384
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend
                WHERE classid = 'pg_catalog.pg_proc'::regclass AND objid = pg_proc.oid
                  AND deptype IN ('e', 'i'))
          UNION ALL
          SELECT format('ALTER TYPE %s OWNER TO $user', t.oid::regtype)
            FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
            WHERE t.typowner = 10 AND t.oid >= 16384
              AND (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend
                WHERE classid = 'pg_catalog.pg_type'::regclass AND objid = t.oid
                  AND deptype = 'e')
        LOOP
          EXECUTE r.sql;
        END LOOP;
      END $do$;

      """;

  private final LocalProcesses processes;
  private final Installation installation;
  private final Place place;
  private final String account;

  /**
   * Works on the data of {@code place}, which belongs to {@code account} for that time.
   *
   * @param account an account with a name; empty for this process's own
   */
  PostgresStripping(
      LocalProcesses processes, Installation installation, Place place, String account) {
    this.processes = processes;
    this.installation = installation;
    this.place = place;
    this.account = account;
  }

  void strip(User user, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    String name = PostgresWorkshop.own(user.name());
    Map<String, List<String>> databases = new TreeMap<>();
    for (Matcher row = ROW.matcher(ask(user.database(), DATABASES, deadline)); row.find(); ) {
      List<String> waiting = databases.computeIfAbsent(text(row.group(1)), _ -> new ArrayList<>());
      if (!row.group(2).isEmpty()) {
        waiting.add(text(row.group(2)));
      }
    }
    if (!databases.containsKey(user.database())) {
      throw new EngineException("the cluster has no database '" + user.database() + "'");
    }
    for (Map.Entry<String, List<String>> each : databases.entrySet()) {
      StringBuilder sql = new StringBuilder();
      each.getValue()
          .forEach(waiting ->
              sql.append("ROLLBACK PREPARED ").append(Quote.literal(waiting)).append(";\n\n"));
      ask(each.getKey(), sql.append(EACH).toString(), deadline);
    }
    String shared =
        (SHARED + OWNERS)
            .replace("$name", Quote.literal(name))
            .replace("$user", Quote.identifier(name))
            .replace("$database", Quote.identifier(user.database()));
    ask(user.database(), shared, deadline);
  }

  private String ask(String database, String sql, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(installation.server().resolve("postgres").toString());
    line.add("--single");
    line.addAll(PostgresPrograms.alone(installation, place));
    PostgresPrograms.set(line, "exit_on_error=on", "search_path=pg_catalog", PREPARED);
    line.add("-j");
    line.add(database);
    Program program = new Program(line, new TreeMap<>(), null, Path.of("/"), account);
    Client.Ended ended = new Client(processes, place).ask(program, sql, deadline);
    if (ended.exit() != 0) {
      throw new EngineException(
          "taking out what belongs to the source failed: " + Complaints.single(ended.errors()));
    }
    return ended.output();
  }

  private static String text(String hexadecimal) {
    return new String(HexFormat.of().parseHex(hexadecimal), StandardCharsets.UTF_8);
  }
}
