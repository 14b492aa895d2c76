package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What needs a view: other views, in the order in which they can be made, and things that cannot be
 * made again by us.
 *
 * @param about the view, for messages
 * @param views the view itself first, then those upon it
 * @param others as PostgreSQL describes them
 */
record Dependants(String about, List<Made> views, List<String> others) {
  private static final String BENEATH =
      """
      WITH RECURSIVE upon(oid, depth) AS (
        SELECT ?::oid, 0
        UNION
        SELECT r.ev_class, u.depth + 1 FROM upon u
          JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid
            AND d.classid = 'pg_rewrite'::regclass
          JOIN pg_rewrite r ON r.oid = d.objid AND r.rulename = '_RETURN'
        WHERE r.ev_class <> u.oid AND u.depth < 64),
      tree AS (SELECT oid, max(depth) AS depth FROM upon GROUP BY oid)
      """;

  /** Copies the lists. */
  Dependants {
    views = List.copyOf(views);
    others = List.copyOf(others);
  }

  /**
   * A view as it is now.
   *
   * @param name quoted
   * @param definition its query
   * @param after what makes the new one like it: owner, rights, remarks, defaults; the columns that
   *     it is about, if any, are named beside it
   */
  record Made(long oid, String name, List<String> options, String definition, List<Trait> after) {
    /** Copies the lists. */
    Made {
      options = List.copyOf(options);
      after = List.copyOf(after);
    }
  }

  /**
   * One thing about a view that is not in its query.
   *
   * @param column empty if it is about the view as a whole
   */
  record Trait(String column, String sql) {}

  static Dependants of(Session session, View view) throws TableException, InterruptedException {
    List<Made> views = new ArrayList<>();
    record Plain(long oid, String name, List<String> options, String definition) {}
    List<Plain> plain =
        session.rows(
            BENEATH
                + """
                SELECT c.oid, format('%I.%I', n.nspname, c.relname), coalesce(c.reloptions, '{}'),
                  pg_get_viewdef(c.oid)
                FROM tree JOIN pg_class c ON c.oid = tree.oid
                  JOIN pg_namespace n ON n.oid = c.relnamespace
                ORDER BY tree.depth, c.oid
                """,
            row ->
                new Plain(
                    row.getLong(1),
                    row.getString(2),
                    Arrays.asList((String[]) row.getArray(3).getArray()),
                    row.getString(4)),
            view.oid());
    for (Plain each : plain) {
      views.add(
          new Made(
              each.oid(),
              each.name(),
              each.options(),
              each.definition(),
              traits(session, each.oid())));
    }
    return new Dependants(session.about(), views, others(session, view));
  }

  private static List<String> others(Session session, View view)
      throws TableException, InterruptedException {
    return session.rows(
        BENEATH
            + """
            , mine AS (
              SELECT 'pg_class'::regclass AS class, oid FROM tree
              UNION ALL SELECT 'pg_type'::regclass, c.reltype FROM tree JOIN pg_class c USING (oid)
              UNION ALL SELECT 'pg_type'::regclass, t.typarray FROM tree JOIN pg_class c USING (oid)
                JOIN pg_type t ON t.oid = c.reltype)
            SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
            FROM mine JOIN pg_depend d ON d.refclassid = mine.class AND d.refobjid = mine.oid
              LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
            WHERE NOT (r.oid IS NOT NULL AND r.rulename = '_RETURN'
                AND r.ev_class IN (SELECT oid FROM tree))
              AND d.classid <> 'pg_attrdef'::regclass
              AND NOT EXISTS (SELECT FROM mine o WHERE o.class = d.classid AND o.oid = d.objid)
            UNION ALL
            SELECT 'materialized view ' || c.oid::regclass FROM tree JOIN pg_class c USING (oid)
            WHERE c.relkind <> 'v'
            """,
        row -> row.getString(1),
        view.oid());
  }

  private static List<Trait> traits(Session session, long oid)
      throws TableException, InterruptedException {
    return session.rows(
        """
        WITH v AS (SELECT c.*, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid),
        a AS (SELECT v.name, t.* FROM v JOIN pg_attribute t ON t.attrelid = v.oid AND t.attnum > 0)
        SELECT 0, '', format('GRANT %s ON %s TO %s%s', x.privilege_type, name,
            CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
            CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
          FROM v, aclexplode(v.relacl) x
        UNION ALL
        SELECT 0, attname, format('GRANT %s (%I) ON %s TO %s%s', x.privilege_type, attname, name,
            CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
            CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
          FROM a, aclexplode(a.attacl) x
        UNION ALL
        SELECT 1, coalesce(a.attname, ''), CASE WHEN d.objsubid = 0
            THEN format('COMMENT ON VIEW %s IS %L', v.name, d.description)
            ELSE format('COMMENT ON COLUMN %s.%I IS %L', v.name, a.attname, d.description) END
          FROM v JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = v.oid
            LEFT JOIN a ON a.attnum = d.objsubid
        UNION ALL
        SELECT 1, attname, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', name, attname,
            pg_get_expr(d.adbin, d.adrelid))
          FROM a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        UNION ALL
        SELECT 2, '', format('ALTER VIEW %s OWNER TO %I', name, pg_get_userbyid(relowner)) FROM v
          WHERE pg_get_userbyid(relowner) <> current_user
        ORDER BY 1, 2, 3
        """,
        row -> new Trait(row.getString(2), row.getString(3)), oid);
  }

  /** Refuses if there is anything at all upon the view. */
  void nobody(String what) throws TableException {
    List<String> all = new ArrayList<>(others);
    views.stream().skip(1).forEach(each -> all.add("view " + each.name()));
    refuse(all, "cannot be " + what + " while it is needed by %s; drop that first");
  }

  /** Refuses if there is anything that we cannot make again. */
  void makeable() throws TableException {
    refuse(others, "has other columns now, and %s cannot be made again by us; drop that first");
  }

  private void refuse(List<String> what, String sentence) throws TableException {
    if (!what.isEmpty()) {
      String names = what.stream().limit(10).collect(Collectors.joining(", "));
      throw new TableException(
          TableException.Kind.FAILED, about + ": " + sentence.formatted(names));
    }
  }

  /**
   * Locks all of them as nobody reads them: the outermost first, as readers do. What is found
   * afterwards stays so.
   */
  void lock(Session session) throws TableException, InterruptedException {
    for (Made view : views.reversed()) {
      session.run("LOCK TABLE " + View.escaped(view.name()) + " IN ACCESS EXCLUSIVE MODE");
    }
  }

  /**
   * Makes them all again, the first with another query.
   *
   * @param columns of the first
   */
  void remake(Session session, String query, List<View.Column> columns)
      throws TableException, InterruptedException {
    for (Made view : views.reversed()) {
      session.run("DROP VIEW " + View.escaped(view.name()));
    }
    for (Made view : views) {
      boolean first = view.equals(views.getFirst());
      String definition =
          first ? query : View.escaped(view.definition().strip().replaceFirst(";$", ""));
      String create =
          "CREATE VIEW "
              + View.escaped(view.name())
              + View.with(view.options())
              + " AS "
              + definition;
      try {
        session.run(create);
      } catch (TableException e) {
        throw new TableException(
            e.kind(),
            "%s: the view %s needs what the new table has not; change or drop it (%s)"
                .formatted(about, view.name(), e.getMessage()));
      }
      like(session, view, first ? columns : View.columns(session, view.name()));
    }
  }

  /** The rights that a new view gets by default go; those of the old one come. */
  private static void like(Session session, Made view, List<View.Column> columns)
      throws TableException, InterruptedException {
    List<String> strangers =
        session.rows(
            """
            SELECT DISTINCT CASE x.grantee WHEN 0 THEN 'PUBLIC'
              ELSE quote_ident(pg_get_userbyid(x.grantee)) END
            FROM pg_class c, aclexplode(c.relacl) x
            WHERE c.oid = ?::regclass AND x.grantee <> c.relowner
            """,
            row -> row.getString(1),
            view.name());
    for (String grantee : strangers) {
      session.run(View.escaped("REVOKE ALL ON " + view.name() + " FROM " + grantee));
    }
    for (Trait trait : view.after()) {
      boolean stays =
          trait.column().isEmpty()
              || columns.stream().anyMatch(column -> column.name().equals(trait.column()));
      if (stays) {
        session.run(View.escaped(trait.sql()));
      }
    }
  }

  /** What a view of these columns says. */
  static String query(List<View.Column> columns, String table) {
    String list =
        columns.stream()
            .map(column -> Quote.identifier(column.name()))
            .collect(Collectors.joining(", "));
    return "SELECT " + list + " FROM " + table;
  }
}
