package io.cotidal.feeds.table;

/**
 * A foreign key of a published table, by the names of the dump.
 *
 * @param name of the constraint
 * @param columns quoted for SQL, with commas
 * @param otherSchema data schema of the table that it points to
 * @param otherName that table's name in its dump, so of no generation
 * @param otherColumns quoted for SQL, with commas
 * @param rules what follows in SQL: {@code ON DELETE CASCADE}
 */
record ForeignKey(
    String name,
    String columns,
    String otherSchema,
    String otherName,
    String otherColumns,
    String rules) {}
