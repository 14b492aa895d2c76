package io.cotidal.feeds.delta;

import io.cotidal.pgclient.Quote;

/**
 * Where a delta is applied.
 *
 * @param schema of both tables
 * @param table the one that is changed
 * @param undo the small one that keeps what the change took away
 */
public record DeltaPlace(String schema, String table, String undo) {
  String tableName() {
    return Quote.identifier(schema) + "." + Quote.identifier(table);
  }

  String undoName() {
    return Quote.identifier(schema) + "." + Quote.identifier(undo);
  }
}
