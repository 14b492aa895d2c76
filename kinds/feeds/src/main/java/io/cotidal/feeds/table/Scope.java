package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Of whom a dump may speak: one table, its columns, and sequences that it makes itself. */
final class Scope {
  private final String schema;
  private final String name;
  private final String generation;
  private final String relation;
  private final Set<String> sequences = new HashSet<>();
  private Optional<String> path = Optional.empty();

  /**
   * Of one dump.
   *
   * @param schema the data schema, the same in the dump and here
   * @param name of the table in the dump
   * @param relation name of the generation's table
   */
  Scope(String schema, String name, String generation, String relation) {
    this.schema = schema;
    this.name = name;
    this.generation = generation;
    this.relation = relation;
  }

  /** Where names without a schema are from now on: old dumps say it once for all. */
  void path(Optional<String> where) {
    path = where;
  }

  /** The generation's table, quoted. */
  String table() {
    return Target.quoted(schema, relation);
  }

  String generation() {
    return generation;
  }

  /** The dump's own table must come next. */
  void own(Cursor cursor) throws BadDump {
    Cursor.Qualified found = cursor.qualified();
    if (!schema(found).equals(schema) || !found.name().equals(name)) {
      throw wrong(found);
    }
  }

  private BadDump wrong(Cursor.Qualified found) {
    return new BadDump(
        "it is about %s.%s, and should be about %s.%s only"
            .formatted(schema(found), found.name(), schema, name));
  }

  private String schema(Cursor.Qualified found) {
    return found.schema().or(() -> path).orElse("");
  }

  /** The name with its schema, whichever way it was said. */
  Cursor.Qualified whole(Cursor.Qualified found) {
    return new Cursor.Qualified(Optional.of(schema(found)), found.name());
  }

  /** A sequence that the dump makes; its new name, quoted. */
  String made(Cursor.Qualified found) throws BadDump {
    if (!schema(found).equals(schema)) {
      throw wrong(found);
    }
    if (!sequences.add(found.name())) {
      throw new BadDump("it makes a sequence twice");
    }
    return generated(found.name());
  }

  private String generated(String sequence) {
    return Target.quoted(schema, Names.of(sequence, generation));
  }

  /** The new name, quoted, of a sequence that the dump made. */
  String declared(Cursor.Qualified found) throws BadDump {
    if (!schema(found).equals(schema) || !sequences.contains(found.name())) {
      throw new BadDump("it uses the sequence " + found.name() + ", which it does not hold");
    }
    return generated(found.name());
  }

  /** The same, of a name inside a text; as a text of SQL. */
  String declared(String text) throws BadDump {
    Cursor cursor = new Cursor(Sequences.words(text));
    Cursor.Qualified found = cursor.qualified();
    cursor.end();
    return Quote.literal(declared(found));
  }

  /** A column of the table, with the table: {@code schema.table.column}; all of it, quoted. */
  String column(Cursor cursor) throws BadDump {
    List<String> parts = new ArrayList<>();
    do {
      parts.add(cursor.name());
    } while (cursor.skipSign("."));
    if (parts.size() == 2 && path.isPresent()) {
      parts.addFirst(path.get());
    }
    if (parts.size() != 3 || !parts.get(0).equals(schema) || !parts.get(1).equals(name)) {
      throw cursor.unexpected();
    }
    return table() + "." + Quote.identifier(parts.get(2));
  }
}
