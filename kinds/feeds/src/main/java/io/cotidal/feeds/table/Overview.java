package io.cotidal.feeds.table;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.table.Shown.Drift;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks at everything that is published, by one query however much it is. */
record Overview(Memory memory) {
  private record Line(
      Target target,
      String generation,
      String digest,
      long rows,
      long bytes,
      boolean complete,
      boolean current,
      Instant at,
      boolean shown,
      boolean there,
      Drift drift) {}

  Shown look(Session session) throws TableException, InterruptedException {
    List<Shown.Served> served = new ArrayList<>();
    List<Shown.Kept> kept = new ArrayList<>();
    List<Shown.Leftover> leftovers = new ArrayList<>();
    SortedSet<String> schemas =
        new TreeSet<>(
            session.rows(
                "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
                row -> row.getString(1)));
    if (!memory.there(session)) {
      return new Shown(served, kept, leftovers, schemas);
    }
    for (Line line : lines(session)) {
      if (line.current()) {
        served.add(
            new Shown.Served(
                line.target(),
                line.generation(),
                line.digest(),
                line.rows(),
                line.bytes(),
                line.at(),
                line.drift()));
      } else if (line.shown() && line.complete() && line.there()) {
        kept.add(
            new Shown.Kept(
                line.target(), line.generation(), line.digest(), line.bytes(), line.at()));
      } else {
        leftovers.add(
            new Shown.Leftover(
                line.target(), line.generation(), line.digest(), line.complete() && line.there()));
      }
    }
    return new Shown(served, kept, leftovers, schemas);
  }

  private List<Line> lines(Session session) throws TableException, InterruptedException {
    return session.rows(
        """
        SELECT m.view_schema, m.data_schema, m.name, m.generation, m.digest, m.rows, m.bytes,
          m.complete, m.current, coalesce(m.served, m.staged), m.served IS NOT NULL,
          g.oid IS NOT NULL,
          CASE WHEN NOT m.current THEN 'NONE'
            WHEN g.oid IS NULL THEN 'LOST'
            WHEN v.oid IS NULL THEN 'GONE'
            WHEN v.relkind <> 'v' OR NOT EXISTS (
              SELECT FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass
                AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
              WHERE r.ev_class = v.oid AND r.rulename = '_RETURN' AND d.refobjid = g.oid)
              THEN 'ELSEWHERE'
            WHEN md5(pg_get_viewdef(v.oid)) <> m.definition THEN 'CHANGED'
            ELSE 'NONE' END
        FROM %s m
          LEFT JOIN pg_namespace dn ON dn.nspname = m.data_schema
          LEFT JOIN pg_class g ON g.relnamespace = dn.oid AND g.relname = m.relation
          LEFT JOIN pg_namespace vn ON vn.nspname = m.view_schema
          LEFT JOIN pg_class v ON v.relnamespace = vn.oid AND v.relname = m.name
        ORDER BY m.view_schema, m.name, m.served DESC NULLS LAST
        """
            .formatted(memory.generations()),
        Overview::line);
  }

  private static Line line(ResultSet row) throws SQLException {
    // Only the two schemas that matter here are remembered.
    Body.Schemas schemas = new Body.Schemas(row.getString(1), row.getString(2), "");
    @Nullable OffsetDateTime at = row.getObject(10, OffsetDateTime.class);
    return new Line(
        new Target(schemas, row.getString(3)),
        row.getString(4),
        row.getString(5),
        row.getLong(6),
        row.getLong(7),
        row.getBoolean(8),
        row.getBoolean(9),
        at == null ? Instant.EPOCH : at.toInstant(),
        row.getBoolean(11),
        row.getBoolean(12),
        Drift.valueOf(row.getString(13)));
  }
}
