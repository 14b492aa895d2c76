package io.cotidal.feeds.delta;

import io.cotidal.feeds.delta.DeltaException.Why;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A real table: its columns with the functions that give their binary form, and the sets of columns
 * that a unique index keeps apart.
 *
 * @param keys those of the primary key first, then the smallest ones
 */
record Anatomy(String schema, String table, List<Part> parts, List<List<String>> keys) {

  /** Binary forms whose length is always the same. */
  private static final Map<String, Integer> LENGTHS =
      Map.of(
          "boolsend", 1,
          "int2send", 2,
          "int4send", 4,
          "date_send", 4,
          "float4send", 4,
          "int8send", 8,
          "float8send", 8,
          "timestamp_send", 8,
          "timestamptz_send", 8,
          "uuid_send", 16);

  /**
   * A column.
   *
   * @param send the function, as SQL spells it; empty if its binary form means nothing elsewhere
   * @param length of its binary form; 0 if that varies
   * @param known whether equality of its values is PostgreSQL's own
   */
  private record Part(Shape.Column column, String send, int length, boolean known) {
    /** Its field as {@code COPY … BINARY} writes it. */
    String field(String prefix) {
      String value = value(prefix);
      String size =
          length > 0
              ? "decode('%08x', 'hex')".formatted(length)
              : "int4send(octet_length(" + value + "))";
      return "coalesce(" + size + " || " + value + ", decode('ffffffff', 'hex'))";
    }

    /** Its binary form. */
    String value(String prefix) {
      return send + "(" + prefix + Quote.identifier(column.name()) + ")";
    }
  }

  private record Index(long id, boolean primary, String column, boolean notNull) {}

  private static final String COLUMNS =
      """
      SELECT a.attname, format_type(a.atttypid, a.atttypmod), n.nspname, t.typtype, t.typelem,
             p.proname, f.nspname, t.typreceive <> 0, a.attgenerated <> '', t.typname,
             c.relkind = 'r' AND NOT c.relhassubclass
        FROM pg_class c
        JOIN pg_namespace s ON s.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
        JOIN pg_namespace n ON n.oid = t.typnamespace
        LEFT JOIN pg_proc p ON p.oid = t.typsend
        LEFT JOIN pg_namespace f ON f.oid = p.pronamespace
       WHERE s.nspname = ? AND c.relname = ?
       ORDER BY a.attnum
      """;

  private static final String INDEXES =
      """
      SELECT i.indexrelid::bigint, i.indisprimary, a.attname, a.attnotnull
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace s ON s.oid = c.relnamespace
       CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
       WHERE s.nspname = ? AND c.relname = ? AND i.indisunique AND i.indimmediate AND i.indisvalid
         AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
       ORDER BY i.indexrelid, k.place
      """;

  /** What the settings of a session must be while it works on rows. */
  static void prepare(PgSession session, Deadline deadline) throws PgException {
    session.run("SET LOCAL search_path = pg_catalog", deadline.left());
    // One pass over the rows of functions in C: to compile it takes longer than it saves.
    session.run("SET LOCAL jit = off", deadline.left());
    session.run(
        "SET LOCAL statement_timeout = " + Math.max(1, deadline.left().toMillis()),
        deadline.left());
  }

  /**
   * Reads the catalogue.
   *
   * @throws DeltaException if there is no such table, or a delta cannot hold its rows
   */
  static Anatomy read(PgSession session, String schema, String table, Deadline deadline)
      throws PgException, DeltaException {
    List<String> faults = new ArrayList<>();
    List<Part> parts =
        session.all(
            COLUMNS,
            deadline.left(),
            row -> {
              String name = row.getString(1);
              String space = row.getString(3);
              String type = type(row.getString(2), space);
              String send = Optional.ofNullable(row.getString(6)).orElse("");
              boolean builtIn = space.equals("pg_catalog");
              boolean foreignElements =
                  send.equals("array_send") && (row.getLong(5) <= 0 || row.getLong(5) >= 16_384);
              if (send.isEmpty()
                  || !row.getBoolean(8)
                  || foreignElements
                  || Set.of("c", "p").contains(row.getString(4))
                  || (builtIn && row.getString(10).startsWith("reg"))) {
                faults.add(
                    "column " + name + " is of type " + type + ", which has no form of its own");
              }
              if (row.getBoolean(9)) {
                faults.add("column " + name + " is computed");
              }
              if (!row.getBoolean(11)) {
                faults.add("it is no plain table");
              }
              String function =
                  send.isEmpty()
                      ? ""
                      : Quote.identifier(row.getString(7)) + "." + Quote.identifier(send);
              return new Part(
                  new Shape.Column(name, type),
                  function,
                  LENGTHS.getOrDefault(send, 0),
                  builtIn || Set.of("e", "d").contains(row.getString(4)));
            },
            schema,
            table);
    if (parts.isEmpty()) {
      throw new DeltaException(
          Why.SCHEMA, "there is no table " + schema + "." + table + "; load it in full");
    }
    if (!faults.isEmpty()) {
      throw new DeltaException(
          Why.UNFIT,
          "table %s.%s cannot be sent as a delta, for %s; send it in full"
              .formatted(schema, table, faults.getFirst()));
    }
    return new Anatomy(schema, table, parts, keys(session, schema, table, parts, deadline));
  }

  private static String type(String full, String space) {
    for (String prefix : List.of(space + ".", Quote.identifier(space) + ".")) {
      if (full.startsWith(prefix)) {
        return full.substring(prefix.length());
      }
    }
    return full;
  }

  private static List<List<String>> keys(
      PgSession session, String schema, String table, List<Part> parts, Deadline deadline)
      throws PgException {
    Map<String, Boolean> known =
        parts.stream().collect(Collectors.toMap(p -> p.column.name(), Part::known));
    List<Index> rows =
        session.all(
            INDEXES,
            deadline.left(),
            row ->
                new Index(row.getLong(1), row.getBoolean(2), row.getString(3), row.getBoolean(4)),
            schema,
            table);
    Map<Long, List<Index>> indexes = new TreeMap<>();
    rows.forEach(row -> indexes.computeIfAbsent(row.id, id -> new ArrayList<>()).add(row));
    return indexes.values().stream()
        .filter(
            index -> index.stream().allMatch(c -> c.notNull && known.getOrDefault(c.column, false)))
        .sorted(Anatomy::better)
        .map(index -> index.stream().map(Index::column).toList())
        .toList();
  }

  private static int better(List<Index> one, List<Index> other) {
    int primary = Boolean.compare(other.getFirst().primary, one.getFirst().primary);
    return primary != 0 ? primary : Integer.compare(one.size(), other.size());
  }

  /**
   * The table's shape by its best key.
   *
   * @throws DeltaException if nothing keeps its rows apart
   */
  Shape shape() throws DeltaException {
    if (keys.isEmpty()) {
      throw new DeltaException(
          Why.UNFIT,
          "table %s.%s has no primary key and no unique index over columns that are never NULL; add one, or send it in full"
              .formatted(schema, table));
    }
    return new Shape(schema, table, columns(), keys.getFirst());
  }

  List<Shape.Column> columns() {
    return parts.stream().map(Part::column).toList();
  }

  /** Whether a unique index keeps apart what {@code key} names. */
  boolean apart(List<String> key) {
    return keys.stream().anyMatch(each -> Set.copyOf(each).equals(Set.copyOf(key)));
  }

  /** The bytes of a row: its fields as {@code COPY … BINARY} writes them. */
  String row(String prefix) {
    return parts.stream().map(p -> p.field(prefix)).collect(Collectors.joining(" || "));
  }

  /** The bytes of its key. */
  String key(List<String> key, String prefix) {
    Map<String, Part> byName = new HashMap<>();
    parts.forEach(part -> byName.put(part.column.name(), part));
    return key.stream()
        .map(name -> Objects.requireNonNull(byName.get(name)).field(prefix))
        .collect(Collectors.joining(" || "));
  }

  /**
   * The hash of a row. That of an array adds up those of its elements, each times its place's
   * number: in a sum over many rows it could not tell which row a value is in. So it is hashed once
   * more.
   */
  String hash(String prefix) {
    String values = parts.stream().map(p -> p.value(prefix)).collect(Collectors.joining(", "));
    return "hash_array_extended(ARRAY[int8send(hash_array_extended(ARRAY[" + values + "], 0))], 0)";
  }

  /** Count and sum of the hashes of the rows that {@code from} gives under the name {@code t}. */
  TableDigest digest(PgSession session, String from, Deadline deadline) throws PgException {
    return session.one(
        "SELECT count(*), coalesce(sum(" + hash("t.") + "), 0)::text FROM " + from,
        deadline.left(),
        row -> TableDigest.of(row.getLong(1), row.getString(2)));
  }
}
