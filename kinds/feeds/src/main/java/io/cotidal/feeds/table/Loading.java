package io.cotidal.feeds.table;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a generation of a dump. Table and rows come in one transaction, so that rows need no second
 * look by a vacuum, and a dump that turns out bad leaves nothing. Indexes follow, side by side.
 */
final class Loading {
  private static final Logger LOG = LoggerFactory.getLogger(Loading.class);

  private final FeedsSpec.Database database;
  private final Memory memory;
  private final Archive archive;

  Loading(FeedsSpec.Database database, Memory memory, Archive archive) {
    this.database = database;
    this.memory = memory;
    this.archive = archive;
  }

  /** What of a dump is done after its rows. */
  record Rest(long rows, List<Clause> clauses) {}

  Staged stage(Stage stage, Deadline deadline) throws TableException, InterruptedException {
    String relation = Names.of(stage.target().name(), stage.generation());
    try (Session session = Session.open(database, stage.target().toString(), deadline)) {
      Optional<Staged> ready = ready(session, stage, relation);
      if (ready.isPresent()) {
        return ready.get();
      }
      session.run("SET synchronous_commit = off");
      session.judge(true);
      Rest rest = session.once(() -> load(session, stage, relation));
      return finish(session, stage, relation, rest);
    } catch (TableException e) {
      throw e.kind() == TableException.Kind.REJECTED ? told(stage, e) : e;
    }
  }

  private static TableException told(Stage stage, TableException e) {
    return new TableException(
        TableException.Kind.REJECTED,
        e.getMessage() + "; what was served stays (" + stage.dump().getFileName() + ")");
  }

  /** What an earlier try left: to be used if it is whole, else to be removed. */
  Optional<Staged> ready(Session session, Stage stage, String relation)
      throws TableException, InterruptedException {
    if (!Names.generation(stage.generation())) {
      throw new IllegalArgumentException("no word for a generation: " + stage.generation());
    }
    Target target = stage.target();
    Optional<Memory.Generation> earlier = memory.find(session, target, stage.generation());
    boolean whole =
        earlier.isPresent()
            && earlier.get().complete()
            && earlier.get().digest().equals(stage.digest())
            && exists(session, target, relation);
    if (whole) {
      return Optional.of(staged(session, stage, relation, earlier.get().rows()));
    }
    if (earlier.isPresent() && earlier.get().current()) {
      throw new TableException(
          TableException.Kind.FAILED,
          target
              + ": generation "
              + stage.generation()
              + " is served now; stage under another word");
    }
    if (earlier.isPresent()) {
      new Clearing(memory).drop(session, target, earlier.get());
    } else if (exists(session, target, relation)) {
      throw new TableException(
          TableException.Kind.FAILED,
          target + ": a table " + relation + " is there that is not Cotidal's; rename it");
    }
    return Optional.empty();
  }

  private static boolean exists(Session session, Target target, String relation)
      throws TableException, InterruptedException {
    return session.row(
        "SELECT to_regclass(?) IS NOT NULL", row -> row.getBoolean(1), target.data(relation));
  }

  private Rest load(Session session, Stage stage, String relation)
      throws TableException, InterruptedException {
    try {
      return load(session, stage, relation, true);
    } catch (BinaryRows.Doubt e) {
      LOG.info("event=rows-as-text table={} reason={}", stage.target(), e.getMessage());
      session.anew();
    }
    try {
      return load(session, stage, relation, false);
    } catch (BinaryRows.Doubt e) {
      throw new IllegalStateException("text is sent as it is", e);
    }
  }

  private Rest load(Session session, Stage stage, String relation, boolean binary)
      throws TableException, InterruptedException, BinaryRows.Doubt {
    // Rows are looked at as soon as they are there: nobody else sees the table before.
    session.run("SET LOCAL lock_timeout = 0");
    memory.begin(session, stage, relation);
    Grammar grammar = new Grammar(scope(stage, relation), postgis(session));
    try {
      List<String> list = Contents.wanted(archive.contents(stage.dump(), session.deadline()));
      Rest rest =
          archive.script(
              stage.dump(),
              list,
              script ->
                  read(
                      session,
                      script,
                      grammar,
                      new Filled(session, stage.target().data(relation), binary)),
              session.deadline());
      if (!grammar.complete()) {
        throw new BadDump("it holds no rows of its table, not even none; dump it with its data");
      }
      return rest;
    } catch (BinaryRows.Doubt e) {
      throw e;
    } catch (BadDump | Archive.Broken e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while the dump was read");
      }
      throw rejected(session, stage, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while rows were read");
      }
      throw new TableException(
          TableException.Kind.FAILED,
          stage.target() + ": " + stage.dump() + " cannot be read: " + e.getMessage());
    }
  }

  private static Scope scope(Stage stage, String relation) {
    Target target = stage.target();
    return new Scope(target.schemas().data(), target.name(), stage.generation(), relation);
  }

  private static TableException rejected(Session session, Stage stage, String reason) {
    return session.deadline().over()
        ? new TableException(
            TableException.Kind.UNREACHABLE,
            stage.target() + ": the dump was not read by the deadline; give it more time")
        : new TableException(
            TableException.Kind.REJECTED, stage.target() + ": the dump is refused: " + reason);
  }

  /** The schema that PostGIS is in. */
  static String postgis(Session session) throws TableException, InterruptedException {
    return session
        .find(
            """
            SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
            WHERE e.extname = 'postgis'
            """,
            row -> row.getString(1))
        .orElse("public");
  }

  private static Rest read(Session session, Script script, Grammar grammar, Filled filled)
      throws IOException, BadDump, TableException, InterruptedException {
    List<Clause> later = new ArrayList<>();
    long rows = 0;
    List<Token> statement = script.next();
    while (!statement.isEmpty()) {
      switch (grammar.read(statement)) {
        case Clause.Nothing nothing -> {}
        case Clause.Now now -> {
          Functions.admit(session, now.calls());
          session.run(now.sql());
        }
        case Clause.Rows copy -> rows = filled.with(copy, script.rows());
        case Clause.Index index -> {
          Functions.admit(session, index.calls());
          later.add(index);
        }
        case Clause.Late late -> {
          Functions.admit(session, late.calls());
          later.add(late);
        }
        case Clause.Key key -> later.add(key);
        case Clause.Foreign foreign -> later.add(foreign);
      }
      statement = script.next();
    }
    return new Rest(rows, later);
  }

  /** Indexes, constraints, statistics. If any of that fails, the generation is removed. */
  Staged finish(Session session, Stage stage, String relation, Rest rest)
      throws TableException, InterruptedException {
    boolean done = false;
    try {
      new Indexes(database).build(session, rest.clauses(), rest.rows());
      Target target = stage.target();
      session.run("ANALYZE " + target.data(relation));
      session.judge(false);
      session.once(() -> {
        for (Clause clause : rest.clauses()) {
          if (clause instanceof Clause.Foreign foreign) {
            memory.remember(session, target, relation, foreign.key());
          }
        }
        memory.complete(session, target, relation, rest.rows());
        return true;
      });
      done = true;
      return staged(session, stage, relation, rest.rows());
    } finally {
      if (!done) {
        remove(stage);
      }
    }
  }

  /**
   * By a session of its own: that which failed may be broken. What it cannot do, the next try does.
   */
  private void remove(Stage stage) throws InterruptedException {
    Deadline short_ = Deadline.in(database.lockWait().multipliedBy(4).plusSeconds(5));
    try (Session session = Session.open(database, stage.target().toString(), short_)) {
      Optional<Memory.Generation> left = memory.find(session, stage.target(), stage.generation());
      if (left.isPresent()) {
        new Clearing(memory).drop(session, stage.target(), left.get());
      }
    } catch (TableException e) {
      // It is told as a leftover, and goes with the next try or the next clearing.
      LOG.warn("event=leftover table={} reason={}", stage.target(), e.getMessage());
    }
  }

  static Staged staged(Session session, Stage stage, String relation, long rows)
      throws TableException, InterruptedException {
    String table = stage.target().data(relation);
    List<Staged.Column> columns =
        session.rows(
            """
            SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
            """,
            row -> new Staged.Column(row.getString(1), row.getString(2)),
            table);
    long bytes =
        session.row("SELECT pg_total_relation_size(?::regclass)", row -> row.getLong(1), table);
    return new Staged(stage.generation(), rows, bytes, columns);
  }
}
