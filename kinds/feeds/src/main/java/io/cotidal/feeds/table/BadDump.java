package io.cotidal.feeds.table;

/** A dump says something that a dump of one table does not say. */
class BadDump extends Exception {
  private static final long serialVersionUID = 1;

  /** Why, without the table's name. */
  BadDump(String reason) {
    super(reason, null, false, false);
  }
}
