package io.cotidal.feeds.table;

import java.util.List;
import java.util.Set;

/** What one statement of a dump comes to: SQL of our own making, about the generation's table. */
sealed interface Clause {
  /** A function that an expression calls. */
  record Call(String schema, String name) {}

  /** Nothing that we need. */
  record Nothing() implements Clause {}

  /** To be run when it comes, in the transaction that makes the table. */
  record Now(String sql, Set<Call> calls) implements Clause {}

  /**
   * The rows follow.
   *
   * @param into {@code COPY} and the table with its columns
   * @param columns their names, in the order in which the rows have them
   */
  record Rows(String into, List<String> columns) implements Clause {
    /** Copies the list. */
    public Rows {
      columns = List.copyOf(columns);
    }

    /** They come as the dump has them. */
    String text() {
      return into + " FROM STDIN WITH (FREEZE, ENCODING 'UTF8')";
    }

    /** They come as PostgreSQL's functions read them. */
    String binary() {
      return into + " FROM STDIN WITH (FREEZE, FORMAT binary)";
    }
  }

  /** An index. */
  record Index(String sql, Set<Call> calls) implements Clause {}

  /**
   * A primary key or a unique constraint: an index that can be built beside others, and its name.
   */
  record Key(String index, String constraint) implements Clause {}

  /** A constraint that needs the rows. */
  record Late(String sql, Set<Call> calls) implements Clause {}

  /** A foreign key; it is made when the table is served. */
  record Foreign(ForeignKey key) implements Clause {}
}
