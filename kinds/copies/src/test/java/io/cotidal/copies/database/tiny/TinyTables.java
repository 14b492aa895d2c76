package io.cotidal.copies.database.tiny;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One database of tables, and the accounts, in a file of lines with tabs. */
final class TinyTables {
  private static final String TAB = "\t";

  private final Path file;
  private String database = "";
  private final SortedMap<String, String> accounts = new TreeMap<>();
  private final SortedMap<String, List<List<String>>> tables = new TreeMap<>();

  TinyTables(Path folder) throws IOException {
    this.file = folder.resolve("tables");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        List<String> words = List.of(line.split(TAB, -1));
        switch (words.getFirst()) {
          case "database" -> database = words.get(1);
          case "account" -> accounts.put(words.get(1), words.get(2));
          case "table" -> tables.put(words.get(1), rows(words.subList(2, words.size())));
          case "row" -> rowsOf(words.get(1)).add(words.subList(2, words.size()));
          default -> throw new IOException(file + " is damaged");
        }
      }
    }
  }

  private static List<List<String>> rows(List<String> columns) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(columns);
    return rows;
  }

  /** Writes all of it, whole or not at all. */
  void save() throws IOException {
    StringBuilder text = new StringBuilder("database\t" + database + "\n");
    accounts.forEach((name, verifier) -> text.append(line("account", List.of(name, verifier))));
    tables.forEach((name, rows) -> {
      String word = "table";
      for (List<String> row : rows) {
        text.append(line(word + TAB + name, row));
        word = "row";
      }
    });
    Path fresh = file.resolveSibling("tables.new");
    Files.writeString(fresh, text, StandardCharsets.UTF_8);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String line(String begin, List<String> words) {
    return begin + TAB + String.join(TAB, words) + "\n";
  }

  String database() {
    return database;
  }

  void database(String name) {
    database = name;
  }

  Map<String, String> accounts() {
    return accounts;
  }

  SortedMap<String, List<List<String>>> tables() {
    return tables;
  }

  void table(String name, List<String> columns) {
    if (tables.putIfAbsent(name, rows(columns)) != null) {
      throw new IllegalArgumentException("there is a table of that name");
    }
  }

  void row(String table, List<String> values) {
    List<List<String>> rows = rowsOf(table);
    if (values.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException("the table has another number of columns");
    }
    if (rows.stream().skip(1).anyMatch(row -> row.getFirst().equals(values.getFirst()))) {
      throw new IllegalArgumentException("there is a row with that key");
    }
    rows.add(List.copyOf(values));
  }

  /** Gives a column of every row another value. */
  void set(String table, String column, String value) {
    List<List<String>> rows = rowsOf(table);
    int at = column(rows, column);
    for (int i = 1; i < rows.size(); i++) {
      List<String> row = new ArrayList<>(rows.get(i));
      row.set(at, value);
      rows.set(i, row);
    }
  }

  List<String> select(String table, String column) {
    List<List<String>> rows = rowsOf(table);
    int at = column(rows, column);
    return rows.stream().skip(1).map(row -> row.get(at)).toList();
  }

  private static int column(List<List<String>> rows, String column) {
    int at = rows.getFirst().indexOf(column);
    if (at < 0) {
      throw new IllegalArgumentException("the table has no such column");
    }
    return at;
  }

  private List<List<String>> rowsOf(String table) {
    List<List<String>> rows = tables.get(table);
    if (rows == null) {
      throw new IllegalArgumentException("there is no such table");
    }
    return rows;
  }
}
