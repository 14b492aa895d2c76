package io.cotidal.lab.geoserver;

import io.cotidal.lab.geoserver.Catalogue.Store;
import io.cotidal.pgclient.Quote;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the tables behind feature types look like. Read once and kept until somebody resets it: that
 * is how a GeoServer comes to ask for a column that was dropped. Thread-safe.
 */
final class Columns {
  private final Connections connections;
  private final Map<String, List<Column>> known = new ConcurrentHashMap<>();

  /** One column. */
  record Column(String name, boolean geometry) {}

  Columns(Connections connections) {
    this.connections = connections;
  }

  /** The connections of stores. */
  Connections connections() {
    return connections;
  }

  void forget() {
    known.clear();
    connections.forget();
  }

  void forget(String qualified) {
    known.remove(qualified);
  }

  /** The columns of a feature type, as they were when they were first needed. */
  List<Column> of(String qualified, Store store, JsonNode fields) throws SQLException {
    List<Column> kept = known.get(qualified);
    if (kept != null) {
      return kept;
    }
    List<Column> read =
        connections.with(
            store,
            connection -> {
              try (Statement statement = connection.createStatement();
                  ResultSet none =
                      statement.executeQuery(
                          "SELECT * FROM " + source(store, fields) + " LIMIT 0")) {
                return read(none.getMetaData());
              }
            });
    known.put(qualified, List.copyOf(read));
    return read;
  }

  private static List<Column> read(ResultSetMetaData data) throws SQLException {
    List<Column> all = new ArrayList<>();
    for (int i = 1; i <= data.getColumnCount(); i++) {
      all.add(new Column(data.getColumnName(i), data.getColumnTypeName(i).contains("geometry")));
    }
    return all;
  }

  /** Refuses as GeoServer does if the table is not there. */
  void require(Store store, ObjectNode fields) {
    try {
      boolean _ =
          connections.with(
              store,
              connection -> {
                try (Statement statement = connection.createStatement()) {
                  return statement.execute("SELECT 1 FROM " + source(store, fields) + " LIMIT 0");
                }
              });
    } catch (SQLException e) {
      boolean absent = String.valueOf(e.getSQLState()).startsWith("42");
      throw (Refusal)
          new Refusal(
                  absent ? 400 : 500,
                  absent
                      ? "Trying to create new feature type inside the store, but no attributes were specified"
                      : "Error occurred getting features")
              .initCause(e);
    }
  }

  /** The table or the query, as it stands after FROM. */
  static String source(Store store, JsonNode fields) {
    for (JsonNode entry : Tree.list(fields.path("metadata"), "entry")) {
      if (entry.path("@key").asString().equals("JDBC_VIRTUAL_TABLE")) {
        return "(" + entry.path("virtualTable").path("sql").asString() + ") AS virtual";
      }
    }
    String table = fields.path("nativeName").asString(fields.path("name").asString());
    return Quote.identifier(store.parameter("schema")) + "." + Quote.identifier(table);
  }
}
