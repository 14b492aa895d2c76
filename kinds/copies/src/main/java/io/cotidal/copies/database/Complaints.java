package io.cotidal.copies.database;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What clients say when a statement fails, made fit for a message: clients repeat the failing
 * statement, which is customers' data, and servers quote values. So only the first line of the
 * server's own sentence is kept, and nothing from its first quotation mark on, unless the error is
 * of a kind that quotes names alone.
 */
final class Complaints {
  private static final int LONGEST = 300;
  private static final String END = "--------------\n\n";
  private static final Pattern MARIADB =
      Pattern.compile("(?m)^ERROR (?:(\\d+) \\((\\w+)\\) )?at line (\\d+)(?: in file: '')?: (.*)$");
  private static final Pattern PSQL =
      Pattern.compile("(?m)^psql:<stdin>:(\\d+): (?:ERROR|FATAL):  (?:(\\w{5}): )?(.*)$");
  private static final Pattern CLIENT = Pattern.compile("(?m)^psql:<stdin>:(\\d+): error: (.*)$");
  private static final Pattern RESTORE = Pattern.compile("(?m)(?:ERROR|FATAL):  (.*)$");
  private static final Pattern TOOL = Pattern.compile("(?m)^pg_restore: error: (.*)$");

  /** Access denied, no such table, no such right: their quotations are names. */
  private static final Set<String> NAMES_ONLY =
      Set.of("1044", "1142", "1146", "1227", "1370", "42501", "42P01", "42704", "3F000", "0A000");

  /** Texts that the dump itself chose. */
  private static final Set<String> OWN_WORDS = Set.of("45000", "P0001");

  private Complaints() {}

  /** Of the MariaDB client, from the end of what it wrote to its error stream. */
  static String mariadb(String errors) {
    int echoed = errors.lastIndexOf(END + "ERROR");
    Matcher found = MARIADB.matcher(echoed < 0 ? errors : errors.substring(echoed + END.length()));
    if (!found.find()) {
      return "the client said nothing that can be shown";
    }
    String code = Optional.ofNullable(found.group(1)).orElse("");
    String state = Optional.ofNullable(found.group(2)).orElse("");
    String where = "line " + found.group(3) + ": ";
    String what = code.isEmpty() ? "" : "error " + code + ": ";
    return bounded(where + what + words(code, state, found.group(4)) + mariadbRemedy(code));
  }

  /** Of psql, to which one line of ours was fed before the dump's first. */
  static String psql(String errors) {
    Matcher found = PSQL.matcher(errors);
    if (found.find()) {
      String state = Optional.ofNullable(found.group(2)).orElse("");
      String words = words(state, state, found.group(3));
      return bounded(line(found.group(1)) + "error " + state + ": " + words);
    }
    Matcher client = CLIENT.matcher(errors);
    if (client.find()) {
      return bounded(line(client.group(1)) + cut(client.group(2)) + psqlRemedy(client.group(2)));
    }
    return errors.contains("backslash commands are restricted")
        ? "a backslash command: none is let through; dump without --create"
        : "psql said nothing that can be shown";
  }

  /** Of mariadb-install-db: its first error, for it ends with half a page of advice. */
  static String installing(String output) {
    String last = "it printed nothing";
    for (String line : (Iterable<String>) output.lines().map(String::strip)::iterator) {
      if (line.contains("ERROR")) {
        return bounded(line);
      }
      last = line.isEmpty() ? last : line;
    }
    return bounded(last);
  }

  /** Of pg_restore. */
  static String restore(String errors) {
    Matcher found = RESTORE.matcher(errors);
    if (found.find()) {
      return bounded(cut(found.group(1)));
    }
    Matcher tool = TOOL.matcher(errors);
    if (!tool.find()) {
      return "pg_restore said nothing that can be shown";
    }
    String words = tool.group(1);
    return bounded(
        words.startsWith("unsupported version")
            ? words + ": install a client as new as the pg_dump that made it"
            : cut(words));
  }

  /** Of a single-user server. */
  static String single(String errors) {
    Matcher found = RESTORE.matcher(errors);
    return found.find()
        ? bounded(cut(found.group(1)))
        : "the server said nothing that can be shown";
  }

  /** The first line, without control characters, not too long. */
  static String bounded(String text) {
    StringBuilder shown = new StringBuilder();
    text.lines()
        .findFirst()
        .orElse("")
        .strip()
        .codePoints()
        .limit(LONGEST)
        .forEach(one -> shown.appendCodePoint(Character.isISOControl(one) ? '?' : one));
    return shown.toString();
  }

  private static String words(String code, String state, String said) {
    if (OWN_WORDS.contains(state)) {
      return "raised by the dump's own code";
    }
    return NAMES_ONLY.contains(code) ? said : cut(said);
  }

  private static String cut(String said) {
    for (int i = 0; i < said.length(); i++) {
      if ("'\"`".indexOf(said.charAt(i)) >= 0) {
        return said.substring(0, i) + "…";
      }
    }
    return said;
  }

  private static String line(String number) {
    return "line " + Math.max(1, Long.parseLong(number) - 1) + ": ";
  }

  private static String mariadbRemedy(String code) {
    return switch (code) {
      case "1044" -> "; a dump may use its own database only: dump without --databases";
      case "1227" -> "; a dump has no rights beyond its own database";
      case "1366" -> "; name the dump's charset";
      case "1114", "1021" -> "; no space left";
      default -> "";
    };
  }

  private static String psqlRemedy(String said) {
    if (said.contains("backslash commands are restricted")) {
      return "; dump without --create";
    }
    return said.startsWith("invalid command") ? "; install a psql that knows \\restrict" : "";
  }
}
