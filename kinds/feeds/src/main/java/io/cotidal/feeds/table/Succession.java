package io.cotidal.feeds.table;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a generation of the one before: an empty table like it, rows by the caller, the same
 * indexes.
 */
record Succession(FeedsSpec.Database database, Memory memory, Loading loading) {
  Staged stage(Successor successor, Fill fill, Deadline deadline)
      throws TableException, InterruptedException {
    Target target = successor.target();
    Stage stage = new Stage(target, Path.of(""), successor.generation(), successor.digest());
    String relation = Names.of(target.name(), successor.generation());
    try (Session session = Session.open(database, target.toString(), deadline)) {
      Optional<Staged> ready = loading.ready(session, stage, relation);
      if (ready.isPresent()) {
        return ready.get();
      }
      Memory.Generation from =
          memory
              .find(session, target, successor.from())
              .filter(Memory.Generation::complete)
              .orElseThrow(() ->
                  new TableException(
                      TableException.Kind.FAILED,
                      target + ": generation " + successor.from() + " is not there to follow"));
      session.run("SET synchronous_commit = off");
      Loading.Rest rest = session.once(() -> make(session, stage, from, fill));
      return loading.finish(session, stage, relation, rest);
    }
  }

  private Loading.Rest make(Session session, Stage stage, Memory.Generation from, Fill fill)
      throws TableException, InterruptedException {
    session.run("SET LOCAL lock_timeout = 0");
    Target target = stage.target();
    String relation = Names.of(target.name(), stage.generation());
    String old = target.data(from.relation());
    String fresh = target.data(relation);
    memory.begin(session, stage, relation);
    session.run(
        View.escaped(
            "CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING INDEXES)%s"
                .formatted(fresh, old, Storage.of(session, old))));
    Storage.columns(session, old, fresh);
    sequences(session, stage, from, fresh);
    remark(session, old, fresh);
    List<Clause> later = upon(session, stage, from, relation);
    Filling.Tables both = new Filling.Tables(target.schemas().data(), from.relation(), relation);
    Filling filling = new Filling(session, both, columns(session, fresh));
    try {
      fill.fill(filling);
    } catch (IOException e) {
      throw new TableException(
          TableException.Kind.FAILED, target + ": the change cannot be read: " + e.getMessage());
    }
    return new Loading.Rest(filling.rows(), later);
  }

  /** The columns of a table that hold values of their own. */
  static List<String> columns(Session session, String fresh)
      throws TableException, InterruptedException {
    return session.rows(
        """
        SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0
          AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
        """,
        row -> row.getString(1),
        fresh);
  }

  /** Sequences are owned: those of the old table go with it. */
  private static void sequences(Session session, Stage stage, Memory.Generation from, String fresh)
      throws TableException, InterruptedException {
    for (Owned owned : owned(session, stage.target().data(from.relation()))) {
      String old = Target.quoted(owned.schema(), owned.name());
      String column = Quote.identifier(owned.column());
      String made;
      if (owned.identity()) {
        made =
            session.row(
                "SELECT pg_get_serial_sequence(?, ?)",
                row -> row.getString(1),
                fresh,
                owned.column());
      } else {
        made =
            Target.quoted(
                owned.schema(),
                Names.of(Names.without(owned.name(), from.word()), stage.generation()));
        session.run("CREATE SEQUENCE " + made + " AS " + owned.type());
        session.run("ALTER SEQUENCE " + made + " OWNED BY " + fresh + "." + column);
        session.run(
            "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT pg_catalog.nextval(%s::pg_catalog.regclass)"
                .formatted(fresh, column, Quote.literal(made)));
      }
      session.run("SELECT pg_catalog.setval(?::regclass, last_value, is_called) FROM " + old, made);
    }
  }

  /**
   * A sequence that belongs to a column.
   *
   * @param identity whether the column makes its values by it
   */
  record Owned(String schema, String name, String column, String type, boolean identity) {}

  /** Those of a table, quoted. */
  static List<Owned> owned(Session session, String table)
      throws TableException, InterruptedException {
    return session.rows(
        """
        SELECT n.nspname, s.relname, a.attname, format_type(q.seqtypid, NULL), d.deptype = 'i'
        FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
          JOIN pg_sequence q ON q.seqrelid = s.oid JOIN pg_namespace n ON n.oid = s.relnamespace
          JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
          AND d.deptype IN ('a', 'i') AND d.refobjid = ?::regclass
        """,
        row ->
            new Owned(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5)),
        table);
  }

  private static void remark(Session session, String old, String fresh)
      throws TableException, InterruptedException {
    Optional<String> remark =
        session.find(
            "SELECT d FROM obj_description(?::regclass, 'pg_class') d WHERE d IS NOT NULL",
            row -> row.getString(1),
            old);
    if (remark.isPresent()) {
      session.run("COMMENT ON TABLE " + fresh + " IS " + Quote.literal(remark.get()));
    }
  }

  /** Indexes and constraints of the old table, said anew by the same grammar that reads dumps. */
  private List<Clause> upon(Session session, Stage stage, Memory.Generation from, String relation)
      throws TableException, InterruptedException {
    Target target = stage.target();
    String old = target.data(from.relation());
    Grammar grammar =
        new Grammar(
            new Scope(target.schemas().data(), from.relation(), stage.generation(), relation),
            Loading.postgis(session));
    grammar.there();
    List<Clause> clauses = new ArrayList<>();
    for (Said said : said(session, old)) {
      try {
        List<Token> words = Sequences.words(said.sql());
        words.set(
            said.place(), new Token(Token.Kind.NAME, Names.without(said.name(), from.word())));
        clauses.add(grammar.read(words));
      } catch (BadDump e) {
        throw new TableException(
            TableException.Kind.FAILED,
            target + ": " + said.name() + " cannot be made again: " + e.getMessage());
      }
    }
    session
        .rows(
            "SELECT name, columns, other_schema, other_name, other_columns, rules FROM %s WHERE data_schema = ? AND relation = ?"
                .formatted(memory.keys()),
            row ->
                new ForeignKey(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6)),
            target.schemas().data(),
            from.relation())
        .forEach(key -> clauses.add(new Clause.Foreign(key)));
    return clauses;
  }

  /**
   * A statement of the server's.
   *
   * @param place which word of it is the name
   */
  private record Said(String sql, String name, int place) {}

  private static List<Said> said(Session session, String old)
      throws TableException, InterruptedException {
    List<Said> all =
        new ArrayList<>(
            session.rows(
                """
                SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', ?::text, conname,
                  CASE WHEN o.options IS NULL OR contype = 'x' THEN pg_get_constraintdef(k.oid)
                    ELSE regexp_replace(pg_get_constraintdef(k.oid),
                      '( DEFERRABLE( INITIALLY DEFERRED){0,1}){0,1}$', ' WITH (' || o.options || ')\\1') END),
                  conname
                FROM pg_constraint k, LATERAL (
                  SELECT string_agg(quote_ident(x.option_name) || '=' || quote_literal(x.option_value),
                    ', ') AS options
                  FROM pg_class c, pg_options_to_table(c.reloptions) x WHERE c.oid = k.conindid) o
                WHERE conrelid = ?::regclass AND contype IN ('p', 'u', 'x')
                """,
                row -> new Said(row.getString(1), row.getString(2), 7), old, old));
    all.addAll(
        session.rows(
            """
            SELECT pg_get_indexdef(i.indexrelid), c.relname, i.indisunique
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = ?::regclass AND NOT EXISTS (
              SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
                AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
            """,
            row -> new Said(row.getString(1), row.getString(2), row.getBoolean(3) ? 3 : 2),
            old));
    return all;
  }
}
