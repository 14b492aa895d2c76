package io.cotidal.feeds.table;

import io.cotidal.feeds.job.Body;
import java.util.ArrayList;
import java.util.List;

/** Removes generations, and whole published tables. Never more than what is Cotidal's. */
record Clearing(Memory memory) {
  /**
   * Removes a generation that is not served.
   *
   * @throws TableException {@code FAILED} if it is served, or somebody's things need it
   */
  void drop(Session session, Target target, Memory.Generation generation)
      throws TableException, InterruptedException {
    session.patiently(() -> {
      Memory.Generation now = memory.find(session, target, generation.word()).orElse(generation);
      if (now.current()) {
        throw new TableException(
            TableException.Kind.FAILED,
            target + ": generation " + now.word() + " is served now; it is not removed");
      }
      release(session, target, List.of(now.relation()));
      free(session, target, List.of(now.relation()));
      session.run("DROP TABLE IF EXISTS " + target.data(now.relation()));
      memory.forget(session, target, now.relation());
      return true;
    });
  }

  /** Removes the view and all that it ever read. */
  void withdraw(Session session, Target target) throws TableException, InterruptedException {
    session.patiently(() -> {
      List<String> relations = new ArrayList<>();
      memory.all(session, target).forEach(each -> relations.add(each.relation()));
      View view = View.of(session, target);
      boolean plain = view.reads(target.schemas().data(), target.name());
      if (plain && !relations.contains(target.name())) {
        relations.add(target.name());
      }
      if (view.there()) {
        own(target, view, relations);
        Dependants.of(session, view).nobody("withdrawn");
        session.run("DROP VIEW " + target.view());
      }
      release(session, target, relations);
      free(session, target, relations);
      for (String relation : relations) {
        session.run("DROP TABLE IF EXISTS " + target.data(relation));
        memory.forget(session, target, relation);
      }
      return true;
    });
  }

  private static void own(Target target, View view, List<String> relations) throws TableException {
    if (!view.isView()) {
      throw new TableException(
          TableException.Kind.FAILED,
          target + ": that is no view of Cotidal's but a table of somebody's; rename it");
    }
    if (relations.isEmpty()) {
      throw new TableException(
          TableException.Kind.FAILED,
          target + ": that view is not Cotidal's, for it reads no table of ours; drop it by hand");
    }
  }

  /** Foreign keys of published tables that point to these go; their tables stay as they are. */
  void release(Session session, Target target, List<String> relations)
      throws TableException, InterruptedException {
    for (String relation : relations) {
      List<String> drops =
          session.rows(
              """
              SELECT format('ALTER TABLE %%I.%%I DROP CONSTRAINT %%I', n.nspname, c.relname, k.conname)
              FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN %s m ON m.data_schema = n.nspname AND m.relation = c.relname
              WHERE k.contype = 'f' AND k.confrelid = to_regclass(?) AND k.conrelid <> k.confrelid
              """
                  .formatted(memory.generations()),
              row -> row.getString(1),
              target.data(relation));
      for (String drop : drops) {
        session.run(View.escaped(drop));
      }
    }
  }

  /** Nothing of anybody's may need these tables. */
  static void free(Session session, Target target, List<String> relations)
      throws TableException, InterruptedException {
    for (String relation : relations) {
      List<String> others = needing(session, target, relation);
      if (!others.isEmpty()) {
        throw new TableException(
            TableException.Kind.FAILED,
            "%s: %s is needed by %s; drop that first"
                .formatted(target, relation, String.join(", ", others)));
      }
    }
  }

  private static List<String> needing(Session session, Target target, String relation)
      throws TableException, InterruptedException {
    return session.rows(
        """
        SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
        FROM pg_depend d
          LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(?)
          AND d.deptype = 'n' AND (k.oid IS NULL OR k.conrelid <> d.refobjid)
          AND d.classid <> 'pg_attrdef'::regclass
          AND NOT (d.classid = 'pg_class'::regclass AND d.objid = d.refobjid)
        """,
        row -> row.getString(1),
        target.data(relation));
  }

  /** Removes a table that was left where the original moved old ones, unless something needs it. */
  static void outdated(Session session, Target target) throws TableException, InterruptedException {
    String schema = target.schemas().outdated();
    if (schema.isEmpty() || schema.equals(target.schemas().data())) {
      return;
    }
    Target old = new Target(new Body.Schemas("", schema, ""), target.name());
    session.patiently(() -> {
      if (needing(session, old, target.name()).isEmpty()) {
        session.run("DROP TABLE IF EXISTS " + old.data(target.name()));
      }
      return true;
    });
  }
}
