package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What Cotidal remembers of generations: two tables beside those that it publishes, so that what is
 * remembered and what is there change in the same transaction.
 *
 * @param schema where the two tables lie
 */
record Memory(String schema) {
  private static final String GENERATIONS = "cotidal_generation";
  private static final String KEYS = "cotidal_foreign_key";

  /**
   * One generation.
   *
   * @param relation its table in the data schema
   * @param complete whether it was staged to the end
   * @param current whether the view shall read it
   * @param shown whether it was ever served
   */
  record Generation(
      String relation,
      String word,
      String digest,
      long rows,
      long bytes,
      boolean complete,
      boolean current,
      boolean shown) {
    static final String COLUMNS =
        "relation, generation, digest, rows, bytes, complete, current, served IS NOT NULL";

    static Generation of(ResultSet row) throws SQLException {
      return new Generation(
          row.getString(1),
          row.getString(2),
          row.getString(3),
          row.getLong(4),
          row.getLong(5),
          row.getBoolean(6),
          row.getBoolean(7),
          row.getBoolean(8));
    }
  }

  String generations() {
    return Target.quoted(schema, GENERATIONS);
  }

  String keys() {
    return Target.quoted(schema, KEYS);
  }

  /** Whether it is there. */
  boolean there(Session session) throws TableException, InterruptedException {
    return session.row(
        "SELECT to_regclass(?) IS NOT NULL AND to_regclass(?) IS NOT NULL",
        row -> row.getBoolean(1),
        generations(),
        keys());
  }

  /** Makes it, inside the caller's transaction. */
  void make(Session session) throws TableException, InterruptedException {
    session.run("CREATE SCHEMA IF NOT EXISTS " + Quote.identifier(schema));
    session.run(
        """
        CREATE TABLE IF NOT EXISTS %s (
          data_schema text NOT NULL, relation text NOT NULL,
          view_schema text NOT NULL, name text NOT NULL, generation text NOT NULL,
          digest text NOT NULL, rows bigint NOT NULL, bytes bigint NOT NULL,
          complete boolean NOT NULL, current boolean NOT NULL, definition text NOT NULL,
          staged timestamptz NOT NULL DEFAULT now(), served timestamptz,
          PRIMARY KEY (data_schema, relation), UNIQUE (view_schema, name, generation))
        """
            .formatted(generations()));
    session.run(
        """
        CREATE TABLE IF NOT EXISTS %s (
          data_schema text NOT NULL, relation text NOT NULL, name text NOT NULL,
          columns text NOT NULL, other_schema text NOT NULL, other_name text NOT NULL,
          other_columns text NOT NULL, rules text NOT NULL,
          PRIMARY KEY (data_schema, relation, name),
          FOREIGN KEY (data_schema, relation) REFERENCES %s ON DELETE CASCADE)
        """
            .formatted(keys(), generations()));
  }

  /** All generations of a table, the newest first. */
  List<Generation> all(Session session, Target target) throws TableException, InterruptedException {
    return session.rows(
        """
        SELECT %s FROM %s WHERE view_schema = ? AND name = ? AND data_schema = ?
        ORDER BY served DESC NULLS FIRST, staged DESC
        """
            .formatted(Generation.COLUMNS, generations()),
        Generation::of,
        target.schemas().view(),
        target.name(),
        target.schemas().data());
  }

  /** One of them. */
  Optional<Generation> find(Session session, Target target, String word)
      throws TableException, InterruptedException {
    return all(session, target).stream().filter(each -> each.word().equals(word)).findFirst();
  }

  /** Remembers a generation that is being staged. */
  void begin(Session session, Stage stage, String relation)
      throws TableException, InterruptedException {
    Target target = stage.target();
    session.run(
        """
        INSERT INTO %s (data_schema, relation, view_schema, name, generation, digest, rows, bytes,
          complete, current, definition)
        VALUES (?, ?, ?, ?, ?, ?, 0, 0, false, false, '')
        """
            .formatted(generations()),
        target.schemas().data(),
        relation,
        target.schemas().view(),
        target.name(),
        stage.generation(),
        stage.digest());
  }

  /** A generation that is kept becomes another one, which is being staged. */
  void become(Session session, Generation from, Stage stage, String relation)
      throws TableException, InterruptedException {
    begin(session, stage, relation);
    session.run(
        "UPDATE " + keys() + " SET relation = ? WHERE data_schema = ? AND relation = ?",
        relation,
        stage.target().schemas().data(),
        from.relation());
    forget(session, stage.target(), from.relation());
  }

  /** It is staged to the end. */
  void complete(Session session, Target target, String relation, long rows)
      throws TableException, InterruptedException {
    session.run(
        """
        UPDATE %s SET complete = true, rows = ?, bytes = pg_total_relation_size(?::regclass)
        WHERE data_schema = ? AND relation = ?
        """
            .formatted(generations()),
        rows,
        target.data(relation),
        target.schemas().data(),
        relation);
  }

  /** A table that was served before Cotidal came. */
  void adopt(Session session, Target target) throws TableException, InterruptedException {
    session.run(
        """
        INSERT INTO %s (data_schema, relation, view_schema, name, generation, digest, rows, bytes,
          complete, current, definition, served)
        SELECT ?, c.relname, ?, ?, ?, '', greatest(c.reltuples, 0), pg_total_relation_size(c.oid),
          true, false, '', now() - interval '1 microsecond'
        FROM pg_class c WHERE c.oid = to_regclass(?) ON CONFLICT DO NOTHING
        """
            .formatted(generations()),
        target.schemas().data(),
        target.schemas().view(),
        target.name(),
        Names.ADOPTED,
        target.data(target.name()));
  }

  /** The view reads it from now on. */
  void serve(Session session, Target target, String relation)
      throws TableException, InterruptedException {
    session.run(
        """
        UPDATE %s SET current = (relation = ?),
          served = CASE WHEN relation = ? THEN now() ELSE served END,
          definition = CASE WHEN relation = ? THEN md5(pg_get_viewdef(?::regclass)) ELSE '' END
        WHERE view_schema = ? AND name = ? AND data_schema = ? AND (current OR relation = ?)
        """
            .formatted(generations()),
        relation,
        relation,
        relation,
        target.view(),
        target.schemas().view(),
        target.name(),
        target.schemas().data(),
        relation);
  }

  void forget(Session session, Target target, String relation)
      throws TableException, InterruptedException {
    session.run(
        "DELETE FROM " + generations() + " WHERE data_schema = ? AND relation = ?",
        target.schemas().data(),
        relation);
  }

  /** Remembers a foreign key of a generation. */
  void remember(Session session, Target target, String relation, ForeignKey key)
      throws TableException, InterruptedException {
    session.run(
        "INSERT INTO " + keys() + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        target.schemas().data(),
        relation,
        key.name(),
        key.columns(),
        key.otherSchema(),
        key.otherName(),
        key.otherColumns(),
        key.rules());
  }
}
