package io.cotidal.postgres.losses;

/** What the primary's catalogs say of a relation's file. */
public sealed interface Name {
  /**
   * A table, or what else people put rows into.
   *
   * @param text schema, name and database
   */
  record Table(String text) implements Name {}

  /** An index, a TOAST table, a sequence or a catalog: its changes follow from others. */
  record Inner() implements Name {}
}
