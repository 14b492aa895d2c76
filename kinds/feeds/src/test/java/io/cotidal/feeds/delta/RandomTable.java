package io.cotidal.feeds.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A table of random columns, and random changes of it, as SQL. */
final class RandomTable {
  private record Kind(String type, Function<Random, String> value) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("text", r -> text(r)),
          new Kind("varchar(20)", r -> text(r)),
          new Kind("integer", r -> "" + r.nextInt()),
          new Kind("smallint", r -> "" + (short) r.nextInt()),
          new Kind("numeric(20,5)", r -> "" + r.nextInt() + "." + r.nextInt(99999)),
          new Kind("double precision", r -> r.nextInt(9) == 0 ? "'NaN'" : "" + r.nextGaussian()),
          new Kind("boolean", r -> "" + r.nextBoolean()),
          new Kind("timestamptz", r -> "to_timestamp(" + r.nextInt(2_000_000_000) + ".25)"),
          new Kind("date", r -> "date '2000-01-01' + " + r.nextInt(9999)),
          new Kind("uuid", r -> "md5('" + r.nextInt() + "')::uuid"),
          new Kind("jsonb", r -> "'{\"a\": [" + r.nextInt() + ", null]}'::jsonb"),
          new Kind("integer[]", r -> "array[" + r.nextInt(9) + ", NULL, 3]"),
          new Kind("bytea", r -> "decode('" + "00ff0a5c".repeat(r.nextInt(4)) + "', 'hex')"),
          new Kind("interval", r -> "make_interval(days => " + r.nextInt(99) + ")"),
          new Kind(
              "geometry(Point,4326)",
              r -> "st_setsrid(st_makepoint(" + r.nextGaussian() + ", 1), 4326)"),
          new Kind("geometry", r -> "st_buffer(st_makepoint(" + r.nextInt(99) + ", 1, 2), 1, 4)"));

  private static final List<String> KEYS =
      List.of(
          "k integer PRIMARY KEY",
          "k numeric PRIMARY KEY",
          "k text PRIMARY KEY",
          "k integer NOT NULL, k2 text NOT NULL, PRIMARY KEY (k2, k)",
          "k bigint NOT NULL UNIQUE",
          "k integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY");

  final String name;
  private final Random random;
  private final String key;
  private final List<Kind> kinds = new ArrayList<>();

  RandomTable(String name, Random random) {
    this.name = name;
    this.random = random;
    this.key = KEYS.get(random.nextInt(KEYS.size()));
    int columns = random.nextInt(6);
    for (int i = 0; i < columns; i++) {
      kinds.add(KINDS.get(random.nextInt(KINDS.size())));
    }
  }

  private static String text(Random random) {
    String all = "ab'\"\\\t\n,{}() \u00fc\u4e2d\u0001";
    return random
        .ints(random.nextInt(20), 0, all.length())
        .mapToObj(i -> String.valueOf(all.charAt(i)))
        .collect(Collectors.joining())
        .transform(s -> "'" + s.replace("'", "''") + "'");
  }

  private String column(int i) {
    return "\"c\"\"" + i + "\"";
  }

  String create() {
    StringBuilder sql = new StringBuilder("CREATE TABLE data." + name + " (" + key);
    for (int i = 0; i < kinds.size(); i++) {
      sql.append(", ").append(column(i)).append(' ').append(kinds.get(i).type);
    }
    return sql.append(')').toString();
  }

  private boolean two() {
    return key.contains("k2");
  }

  private String value(int i) {
    return random.nextInt(6) == 0 ? "NULL" : kinds.get(i).value.apply(random);
  }

  String insert(int id) {
    List<String> values = new ArrayList<>(List.of(keyValue(id)));
    if (two()) {
      values.add("'x" + id % 3 + "'");
    }
    for (int i = 0; i < kinds.size(); i++) {
      values.add(value(i));
    }
    return "INSERT INTO data."
        + name
        + " OVERRIDING SYSTEM VALUE VALUES ("
        + String.join(", ", values)
        + ") ON CONFLICT DO NOTHING";
  }

  private String keyValue(int id) {
    return key.startsWith("k text") ? "'key " + id + "'" : "" + id;
  }

  /** Some change of the row {@code id}, or of one that comes, goes, and comes again. */
  String change(int id) {
    String where = " WHERE k = " + keyValue(random.nextInt(4) == 0 ? id + 10_000 : id);
    return switch (random.nextInt(5)) {
      case 0 -> "DELETE FROM data." + name + where;
      case 1 -> insert(id + 10_000);
      case 2 -> insert(id);
      case 3 ->
          key.startsWith("k numeric")
              ? "UPDATE data." + name + " SET k = k + 0.00" + where
              : "DELETE FROM data." + name + where;
      default ->
          kinds.isEmpty()
              ? insert(id + 20_000)
              : "UPDATE data." + name + " SET " + column(0) + " = " + value(0) + where;
    };
  }
}
