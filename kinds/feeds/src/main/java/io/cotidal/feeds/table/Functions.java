package io.cotidal.feeds.table;

import java.util.Collection;
import java.util.Set;

/**
 * Says which functions a dump's expressions may call: such as do nothing but compute. They run with
 * our rights, in the middle of rows that somebody else wrote.
 */
final class Functions {
  /** They do no more than tell the time or make something up; defaults use them. */
  private static final Set<String> HARMLESS =
      Set.of(
          "now",
          "clock_timestamp",
          "statement_timestamp",
          "transaction_timestamp",
          "timeofday",
          "random",
          "gen_random_uuid",
          "to_char",
          "to_date",
          "to_timestamp",
          "date_part",
          "date_trunc",
          "timezone",
          "age",
          "concat",
          "concat_ws",
          "format",
          "date",
          "timestamp",
          "timestamptz",
          "time",
          "extract",
          "text");

  private Functions() {}

  /** Refuses calls of anything else. */
  static void admit(Session session, Collection<Clause.Call> calls)
      throws BadDump, TableException, InterruptedException {
    for (Clause.Call call : calls) {
      boolean harmless = call.schema().equals("pg_catalog") && HARMLESS.contains(call.name());
      if (!harmless && !computes(session, call)) {
        throw new BadDump(
            "an expression in it calls %s.%s, which may do more than compute"
                .formatted(call.schema(), call.name()));
      }
    }
  }

  private static boolean computes(Session session, Clause.Call call)
      throws TableException, InterruptedException {
    return session.row(
        """
        SELECT coalesce(bool_and(p.provolatile = 'i' AND p.prokind = 'f' AND p.proname <> 'ts_rewrite'
          AND (n.nspname = 'pg_catalog' OR EXISTS (
            SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
              AND d.refclassid = 'pg_extension'::regclass AND e.extname LIKE 'postgis%'))), false)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = ? AND p.proname = ?
        """,
        row -> row.getBoolean(1), call.schema(), call.name());
  }
}
