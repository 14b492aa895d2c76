package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps foreign keys where they belong: between the generations that are served. One that does not
 * hold is told, and asked for again at the next swap of either table.
 */
record ForeignKeys(Memory memory) {
  /**
   * One that should be.
   *
   * @param table that has it, quoted
   * @param other that it points to, quoted; empty if there is none
   * @param otherName for messages
   */
  private record Wanted(
      String table,
      String name,
      String columns,
      String other,
      String otherName,
      String otherColumns,
      String rules) {}

  /** Points those of a table, and those to it, at what is served now; those that do not hold. */
  List<String> point(Session session, Target target) throws InterruptedException {
    List<String> warnings = new ArrayList<>();
    try {
      List<Wanted> all = new ArrayList<>(remembered(session, target));
      all.addAll(foreign(session, target));
      for (Wanted wanted : all) {
        ensure(session, wanted, warnings);
      }
    } catch (TableException e) {
      warnings.add("foreign keys could not be looked at: " + e.getMessage());
    }
    return warnings;
  }

  private List<Wanted> remembered(Session session, Target target)
      throws TableException, InterruptedException {
    return session.rows(
        """
        SELECT format('%%I.%%I', k.data_schema, k.relation), k.name, k.columns,
          CASE WHEN o.relation IS NOT NULL THEN format('%%I.%%I', o.data_schema, o.relation)
            WHEN to_regclass(format('%%I.%%I', k.other_schema, k.other_name)) IS NOT NULL
              THEN format('%%I.%%I', k.other_schema, k.other_name)
            ELSE '' END,
          k.other_schema || '.' || k.other_name, k.other_columns, k.rules
        FROM %1$s k JOIN %2$s m USING (data_schema, relation)
          LEFT JOIN %2$s o ON o.current AND o.data_schema = k.other_schema AND o.name = k.other_name
        WHERE m.current AND (m.data_schema, m.name) = (?, ?)
          OR m.current AND (k.other_schema, k.other_name) = (?, ?)
        """
            .formatted(memory.keys(), memory.generations()),
        row ->
            new Wanted(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7)),
        target.schemas().data(),
        target.name(),
        target.schemas().data(),
        target.name());
  }

  /** Those that tables of other people have to a generation that is served no more. */
  private List<Wanted> foreign(Session session, Target target)
      throws TableException, InterruptedException {
    return session.rows(
        """
        SELECT format('%%I.%%I', n.nspname, c.relname), k.conname,
          (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY i)
            FROM unnest(k.conkey) WITH ORDINALITY AS u(num, i)
              JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num),
          format('%%I.%%I', now.data_schema, now.relation), now.view_schema || '.' || now.name,
          (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY i)
            FROM unnest(k.confkey) WITH ORDINALITY AS u(num, i)
              JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num),
          CASE k.confmatchtype WHEN 'f' THEN ' MATCH FULL' ELSE '' END
            || ' ON UPDATE ' || CASE k.confupdtype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'
              WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END
            || ' ON DELETE ' || CASE k.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'
              WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END
            || CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END
            || CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END
        FROM %1$s now JOIN %1$s old ON old.view_schema = now.view_schema AND old.name = now.name
            AND old.data_schema = now.data_schema AND old.relation <> now.relation
          JOIN pg_constraint k ON k.contype = 'f'
            AND k.confrelid = to_regclass(format('%%I.%%I', old.data_schema, old.relation))
          JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE now.current AND (now.data_schema, now.name) = (?, ?) AND k.conparentid = 0
          AND NOT EXISTS (SELECT FROM %1$s m
            WHERE m.data_schema = n.nspname AND m.relation = c.relname)
        """
            .formatted(memory.generations()),
        row ->
            new Wanted(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7)),
        target.schemas().data(),
        target.name());
  }

  private static void ensure(Session session, Wanted wanted, List<String> warnings)
      throws InterruptedException {
    String about = wanted.table() + ": its foreign key " + wanted.name();
    if (wanted.other().isEmpty()) {
      warnings.add(about + " points to " + wanted.otherName() + ", which is not published here");
      return;
    }
    try {
      if (holds(session, wanted)) {
        return;
      }
      String name = Quote.identifier(wanted.name());
      String drop = "ALTER TABLE " + wanted.table() + " DROP CONSTRAINT IF EXISTS " + name;
      String add =
          "ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s)%s NOT VALID"
              .formatted(
                  wanted.table(),
                  name,
                  wanted.columns(),
                  wanted.other(),
                  wanted.otherColumns(),
                  wanted.rules());
      session.patiently(() -> {
        session.run(View.escaped(drop));
        session.run(View.escaped(add));
        return true;
      });
      validate(session, wanted, name, drop);
    } catch (TableException e) {
      warnings.add(about + " does not hold: " + e.getMessage());
    }
  }

  /** One that does not hold is no constraint: it goes again. */
  private static void validate(Session session, Wanted wanted, String name, String drop)
      throws TableException, InterruptedException {
    try {
      session.run(View.escaped("ALTER TABLE " + wanted.table() + " VALIDATE CONSTRAINT " + name));
    } catch (TableException e) {
      if (e.kind() != TableException.Kind.UNREACHABLE) {
        session.patiently(() -> {
          session.run(View.escaped(drop));
          return true;
        });
      }
      throw e;
    }
  }

  private static boolean holds(Session session, Wanted wanted)
      throws TableException, InterruptedException {
    return session
        .find(
            """
            SELECT k.convalidated AND k.confrelid = ?::regclass FROM pg_constraint k
            WHERE k.conrelid = ?::regclass AND k.conname = ?
            """,
            row -> row.getBoolean(1),
            wanted.other(),
            wanted.table(),
            wanted.name())
        .orElse(false);
  }
}
