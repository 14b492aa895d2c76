package io.cotidal.feeds.table;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets a kept generation become a new one, in one transaction: what is remembered of it, the names
 * of its table, indexes and sequences, its rows.
 *
 * @param patience how long each lock is waited for
 */
record Advance(FeedsSpec.Database database, Memory memory, Loading loading, Duration patience) {
  /**
   * So long somebody who reads a table that is not served is waited for. Nobody queues behind us
   * but who reads it too; and a vacuum gives way after a second.
   */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  Staged stage(Successor successor, Fill change, Deadline deadline)
      throws TableException, InterruptedException {
    Target target = successor.target();
    Stage stage = new Stage(target, Path.of(""), successor.generation(), successor.digest());
    String relation = Names.of(target.name(), successor.generation());
    try (Session session = Session.open(database, target.toString(), deadline)) {
      Optional<Staged> ready = loading.ready(session, stage, relation);
      if (ready.isPresent()) {
        return ready.get();
      }
      return session.once(() -> {
        Memory.Generation from = kept(session, successor);
        own(session, target, from);
        rename(session, stage, from, relation);
        memory.become(session, from, stage, relation);
        long rows = change(session, target, relation, change);
        String table = target.data(relation);
        if (grownOld(session, table)) {
          session.run("ANALYZE " + table);
        }
        memory.complete(session, target, relation, rows);
        return Loading.staged(session, stage, relation, rows);
      });
    }
  }

  /** The generation, which nobody lets a view read from now on. */
  private Memory.Generation kept(Session session, Successor successor)
      throws TableException, InterruptedException {
    session.run("SET LOCAL lock_timeout = " + patience.toMillis());
    Target target = successor.target();
    session.rows(
        """
        SELECT true FROM %s WHERE view_schema = ? AND name = ? AND data_schema = ?
          AND generation = ? FOR UPDATE
        """
            .formatted(memory.generations()),
        row -> true,
        target.schemas().view(),
        target.name(),
        target.schemas().data(),
        successor.from());
    return memory
        .find(session, target, successor.from())
        .filter(each -> each.complete() && !each.current())
        .orElseThrow(() ->
            new TableException(
                TableException.Kind.FAILED,
                target + ": no generation " + successor.from() + " is kept that could become one"));
  }

  /**
   * Nothing of anybody's hangs on it: not even foreign keys, which come again when it is served.
   */
  private void own(Session session, Target target, Memory.Generation from)
      throws TableException, InterruptedException {
    new Clearing(memory).release(session, target, List.of(from.relation()));
    Clearing.free(session, target, List.of(from.relation()));
    String table = target.data(from.relation());
    session.run("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
    List<String> keys =
        session.rows(
            "SELECT conname FROM pg_constraint WHERE conrelid = ?::regclass AND contype = 'f'",
            row -> row.getString(1),
            table);
    for (String key : keys) {
      session.run("ALTER TABLE " + table + " DROP CONSTRAINT " + Quote.identifier(key));
    }
  }

  /** Names are of one generation: those of this one must not be in the way of a later one. */
  private static void rename(Session session, Stage stage, Memory.Generation from, String relation)
      throws TableException, InterruptedException {
    String table = stage.target().data(from.relation());
    Map<String, String> names = new LinkedHashMap<>();
    session
        .rows(
            """
            SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = ?::regclass
            """,
            row -> row.getString(1),
            table)
        .forEach(name -> names.put(name, "INDEX"));
    Succession.owned(session, table).forEach(each -> names.put(each.name(), "SEQUENCE"));
    for (Map.Entry<String, String> each : names.entrySet()) {
      String name = each.getKey();
      String plain = Names.without(name, from.word());
      if (!plain.equals(name)) {
        session.run(
            "ALTER %s %s RENAME TO %s"
                .formatted(
                    each.getValue(),
                    stage.target().data(name),
                    Quote.identifier(Names.of(plain, stage.generation()))));
      }
    }
    session.run("ALTER TABLE %s RENAME TO %s".formatted(table, Quote.identifier(relation)));
  }

  /** Changes the rows; says how many there are then. */
  private static long change(Session session, Target target, String relation, Fill change)
      throws TableException, InterruptedException {
    Filling.Tables same = new Filling.Tables(target.schemas().data(), relation, relation);
    Filling filling =
        new Filling(session, same, Succession.columns(session, target.data(relation)));
    try {
      change.fill(filling);
      return filling.rows();
    } catch (IOException e) {
      throw new TableException(
          TableException.Kind.FAILED, target + ": the change cannot be read: " + e.getMessage());
    }
  }

  /**
   * Whether the statistics that the planner has of a table are of another one: more than a tenth of
   * its rows were changed, which is when PostgreSQL itself gathers them anew
   * (autovacuum_analyze_scale_factor); or nobody counts.
   */
  private static boolean grownOld(Session session, String table)
      throws TableException, InterruptedException {
    return session.row(
        """
        SELECT reltuples < 0 OR current_setting('track_counts') = 'off'
            OR pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
               + pg_stat_get_xact_tuples_deleted(oid) > reltuples / 10
          FROM pg_class WHERE oid = ?::regclass
        """,
        row -> row.getBoolean(1),
        table);
  }
}
