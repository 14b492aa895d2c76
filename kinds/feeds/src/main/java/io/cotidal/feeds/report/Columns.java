package io.cotidal.feeds.report;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.Deadline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The types of the master's columns, as its catalogue spells them: a value is cast to its column's
 * type, which cuts a text to the column's length.
 */
record Columns(Map<String, String> types) {
  static final String REPLICAS = "monitor_slaveserver";
  static final String PUBLICATIONS = "monitor_publishsyncstatus";
  static final String TASKS = "monitor_tasksyncstatus";

  private static final Map<String, List<String>> NEEDED =
      Map.of(
          REPLICAS,
          List.of(
              "id",
              "name",
              "listen_channels",
              "register_time",
              "last_poll_time",
              "last_sync_time",
              "last_sync_message",
              "code_version"),
          PUBLICATIONS,
          List.of(
              "slave_server_id",
              "publish",
              "spatial_type",
              "deploied_job_id",
              "deploied_job_batch_id",
              "deploy_message",
              "deploy_time",
              "preview_file",
              "sync_job_id",
              "sync_job_batch_id",
              "sync_message",
              "sync_time"),
          TASKS,
          List.of(
              "slave_server_id",
              "task_type",
              "task_name",
              "action",
              "preview_file",
              "sync_succeed",
              "sync_message",
              "sync_time"));

  private record Row(String key, String type) {}

  static Columns read(PgSession session, String schema, Deadline deadline) throws PgException {
    List<Row> rows =
        session.all(
            """
            SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
             WHERE n.nspname = ? AND c.relname IN (?, ?, ?) AND c.relkind IN ('r', 'p', 'v', 'f')
               AND a.attnum > 0 AND NOT a.attisdropped
            """,
            deadline.left(),
            row -> new Row(row.getString(1), row.getString(2)),
            schema,
            REPLICAS,
            PUBLICATIONS,
            TASKS);
    Map<String, String> types = new HashMap<>();
    rows.forEach(row -> types.put(row.key, row.type));
    return new Columns(types);
  }

  /** The first thing that is missing. */
  Optional<String> missing() {
    for (Map.Entry<String, List<String>> table : NEEDED.entrySet()) {
      for (String column : table.getValue()) {
        if (!types.containsKey(table.getKey() + "." + column)) {
          boolean none = types.keySet().stream().noneMatch(k -> k.startsWith(table.getKey() + "."));
          return Optional.of(
              none
                  ? "table " + table.getKey()
                  : "column " + column + " of table " + table.getKey());
        }
      }
    }
    return Optional.empty();
  }

  /** The type of a column that is there. */
  String type(String table, String column) {
    String type = types.get(table + "." + column);
    if (type == null) {
      throw new IllegalArgumentException("no type is known of " + table + "." + column);
    }
    return type;
  }

  /** Whether it takes numbers only. */
  boolean number(String table, String column) {
    return List.of("smallint", "integer", "bigint", "numeric").contains(type(table, column));
  }
}
