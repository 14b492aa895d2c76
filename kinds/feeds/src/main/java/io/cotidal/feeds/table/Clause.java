package io.cotidal.feeds.table;

import java.util.Set;

/** What one statement of a dump comes to: SQL of our own making, about the generation's table. */
sealed interface Clause {
  /** A function that an expression calls. */
  record Call(String schema, String name) {}

  /** Nothing that we need. */
  record Nothing() implements Clause {}

  /** To be run when it comes, in the transaction that makes the table. */
  record Now(String sql, Set<Call> calls) implements Clause {}

  /** The rows follow. */
  record Rows(String copy) implements Clause {}

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
