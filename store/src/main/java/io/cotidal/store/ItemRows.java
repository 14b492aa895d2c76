package io.cotidal.store;

import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Items as rows, and changes of items as the text in a step's column. */
final class ItemRows {
  private ItemRows() {}

  static void put(Connection connection, String resource, Item item) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO item (
          resource, sort, name, owner, state, facts, created_micros, expires_micros)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (resource, sort, name) DO UPDATE SET
          owner = excluded.owner, state = excluded.state, facts = excluded.facts,
          created_micros = excluded.created_micros, expires_micros = excluded.expires_micros
        """,
        resource,
        item.sort(),
        item.name(),
        Codec.sentence(item.owner()),
        item.state(),
        Codec.details(item.facts()),
        item.createdMicros(),
        item.expiresMicros());
  }

  static void drop(Connection connection, String resource, String sort, String name)
      throws SQLException {
    Sql.update(
        connection,
        "DELETE FROM item WHERE resource = ? AND sort = ? AND name = ?",
        resource,
        sort,
        name);
  }

  static List<Item> all(Connection connection, String resource) throws SQLException {
    List<Item> items =
        Sql.query(
            connection,
            """
            SELECT sort, name, owner, state, facts, created_micros, expires_micros FROM item
            WHERE resource = ?
            """,
            ItemRows::item,
            resource);
    // Sorted here: databases do not agree on the order of texts.
    return items.stream()
        .sorted(Comparator.comparing(Item::sort).thenComparing(Item::name))
        .toList();
  }

  private static Item item(ResultSet row) throws SQLException {
    return new Item(
        row.getString("sort"),
        row.getString("name"),
        row.getString("owner"),
        row.getString("state"),
        Codec.details(row.getString("facts")),
        row.getLong("created_micros"),
        row.getLong("expires_micros"));
  }

  /** Each change is one flat object; its facts keep the form of every other column of details. */
  static String changes(List<ItemChange> changes) {
    if (changes.isEmpty()) {
      return "[]";
    }
    List<Details> flat = new ArrayList<>();
    for (ItemChange change : changes) {
      Details head = Details.of("sort", change.sort()).with("name", change.name());
      flat.add(
          switch (change) {
            case ItemChange.Put put ->
                head.with("owner", put.owner())
                    .with("state", put.state())
                    .with("changes", Codec.details(put.changes()))
                    .with("expires", put.expiresMicros());
            case ItemChange.Drop drop -> head;
          });
    }
    return Codec.list(flat);
  }

  static List<ItemChange> changes(String text) {
    List<ItemChange> changes = new ArrayList<>();
    for (Details flat : Codec.list(text)) {
      String sort = flat.need("sort");
      String name = flat.need("name");
      changes.add(
          flat.has("state")
              ? new ItemChange.Put(
                  sort,
                  name,
                  flat.need("owner"),
                  flat.need("state"),
                  Codec.details(flat.need("changes")),
                  Long.parseLong(flat.need("expires")))
              : new ItemChange.Drop(sort, name));
    }
    return changes;
  }
}
