package io.cotidal.feeds.report;

import io.cotidal.pgclient.Quote;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A row of the master that becomes so, whether it is there or not. It needs no unique key at the
 * master, for whoever writes for a replica holds that replica's lock.
 */
final class Change {
  private final Columns columns;
  private final String schema;
  private final String table;
  private final Map<String, Object> keys = new LinkedHashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<Object> bound = new ArrayList<>();

  Change(Columns columns, String schema, String table) {
    this.columns = columns;
    this.schema = schema;
    this.table = table;
  }

  /** The row is the one that has this. */
  Change where(String column, Object value) {
    keys.put(column, value);
    return this;
  }

  /** Cut to the column; an empty text is NULL. */
  Change text(String column, String value) {
    return put(column, "CAST(NULLIF(?, '') AS %s)", value);
  }

  /** NULL if it is no number but the column takes numbers only. */
  Change number(String column, String value) {
    boolean unfit = columns.number(table, column) && !value.matches("-?[0-9]{1,18}");
    return text(column, unfit ? "" : value);
  }

  Change time(String column, Instant value) {
    return put(column, "CAST(? AS %s)", OffsetDateTime.ofInstant(value, ZoneOffset.UTC));
  }

  Change flag(String column, boolean value) {
    return put(column, "CAST(? AS %s)", value);
  }

  Change none(String column) {
    values.put(column, "NULL");
    return this;
  }

  private Change put(String column, String form, Object value) {
    values.put(column, form.formatted(columns.type(table, column)));
    bound.add(value);
    return this;
  }

  String sql() {
    return """
    WITH old AS (UPDATE %s SET %s WHERE %s RETURNING 1)
    INSERT INTO %s (%s) SELECT %s WHERE NOT EXISTS (SELECT 1 FROM old)
    """
        .formatted(
            name(),
            values.entrySet().stream()
                .map(e -> Quote.identifier(e.getKey()) + " = " + e.getValue())
                .collect(Collectors.joining(", ")),
            condition(),
            name(),
            names(),
            keys.values().stream().map(Change::form).collect(Collectors.joining(", "))
                + ", "
                + String.join(", ", values.values()));
  }

  Object[] arguments() {
    List<Object> all = new ArrayList<>(bound);
    all.addAll(keys.values());
    all.addAll(keys.values());
    all.addAll(bound);
    return all.toArray();
  }

  /** The statement that removes the row. */
  String removal() {
    return "DELETE FROM " + name() + " WHERE " + condition();
  }

  Object[] removalArguments() {
    return keys.values().toArray();
  }

  private String name() {
    return Quote.identifier(schema) + "." + Quote.identifier(table);
  }

  private String condition() {
    return keys.entrySet().stream()
        .map(e -> Quote.identifier(e.getKey()) + " = " + form(e.getValue()))
        .collect(Collectors.joining(" AND "));
  }

  private String names() {
    List<String> names = new ArrayList<>(keys.keySet());
    names.addAll(values.keySet());
    return names.stream().map(Quote::identifier).collect(Collectors.joining(", "));
  }

  /** What a row is known by is never cut: two names must not become one. */
  private static String form(Object key) {
    return key instanceof Long ? "CAST(? AS bigint)" : "CAST(? AS text)";
  }
}
