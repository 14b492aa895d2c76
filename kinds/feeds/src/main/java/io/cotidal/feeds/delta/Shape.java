package io.cotidal.feeds.delta;

import io.cotidal.pgclient.Quote;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which columns a table has, and by which of them a row is known.
 *
 * @param columns in the table's order
 * @param key names of columns that are never NULL and together unique
 */
record Shape(String schema, String table, List<Column> columns, List<String> key) {
  Shape {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /**
   * A column.
   *
   * @param type as PostgreSQL spells it, without the schema of an extension's type
   */
  record Column(String name, String type) {}

  /** The columns of the key, in its order. */
  List<Column> keyColumns() {
    return key.stream()
        .map(name -> columns.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow())
        .toList();
  }

  /** The table's full name in SQL. */
  String name() {
    return Quote.identifier(schema) + "." + Quote.identifier(table);
  }

  /** All columns in SQL, behind a prefix such as {@code t.}. */
  String names(String prefix) {
    return columns.stream()
        .map(c -> prefix + Quote.identifier(c.name()))
        .collect(Collectors.joining(", "));
  }

  /** The key's columns in SQL. */
  String keyNames(String prefix) {
    return key.stream().map(k -> prefix + Quote.identifier(k)).collect(Collectors.joining(", "));
  }

  /** That two rows have the same key. */
  String sameKey(String left, String right) {
    return key.stream()
        .map(k -> left + Quote.identifier(k) + " = " + right + Quote.identifier(k))
        .collect(Collectors.joining(" AND "));
  }
}
