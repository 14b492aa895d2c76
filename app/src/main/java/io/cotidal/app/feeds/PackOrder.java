package io.cotidal.app.feeds;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words behind {@code cot feed pack}.
 *
 * @param schema of the table
 * @param words what was written behind the other flags, by flag
 */
public record PackOrder(String schema, String table, Map<String, String> words) {
  static final String DUMP = "--dump";
  static final String STATE = "--state";
  static final String INTO = "--into";
  static final String JOB = "--job";
  static final String AT = "--at";
  static final String LAST = "--last";
  static final String SNAPSHOT = "--snapshot";
  static final String HOST = "--host";
  static final String PORT = "--port";
  static final String DATABASE = "--database";
  static final String USER = "--user";
  static final String PASSWORD = "--password-file";
  static final String LIMIT = "--for";

  private static final Set<String> FLAGS =
      Set.of(
          DUMP, STATE, INTO, JOB, AT, LAST, SNAPSHOT, HOST, PORT, DATABASE, USER, PASSWORD, LIMIT);
  private static final int USUAL_LAST = 3;
  private static final int MOST_LAST = 64;

  /** Copies the map. */
  public PackOrder {
    words = Map.copyOf(words);
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the first that is not understood, or is missing
   */
  public static PackOrder parse(List<String> arguments) {
    String named = "";
    Map<String, String> words = new HashMap<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (!argument.startsWith("-")) {
        if (!named.isEmpty()) {
          throw new IllegalArgumentException("'" + argument + "' is one word too many");
        }
        named = argument;
        continue;
      }
      int equals = argument.indexOf('=');
      String word = equals < 0 ? argument : argument.substring(0, equals);
      if (!FLAGS.contains(word)) {
        throw new IllegalArgumentException("unknown argument '" + word + "'");
      }
      if (equals < 0 && !rest.hasNext()) {
        throw new IllegalArgumentException(word + " needs a value");
      }
      words.put(word, equals < 0 ? rest.next() : argument.substring(equals + 1));
    }
    int dot = named.indexOf('.');
    if (dot < 1 || dot == named.length() - 1) {
      throw new IllegalArgumentException("SCHEMA.TABLE is missing, or has no dot");
    }
    PackOrder order = new PackOrder(named.substring(0, dot), named.substring(dot + 1), words);
    for (String flag : List.of(DUMP, STATE, INTO)) {
      order.path(flag);
    }
    if (words.containsKey(JOB) == words.containsKey(AT)) {
      throw new IllegalArgumentException("name " + JOB + " or " + AT + ", and not both");
    }
    order.last();
    order.limit();
    return order;
  }

  /** What was written behind a flag. */
  Optional<String> find(String flag) {
    return Optional.ofNullable(words.get(flag));
  }

  /** The path behind a flag that must be there. */
  Path path(String flag) {
    String text = find(flag).orElseThrow(() -> new IllegalArgumentException(flag + " is missing"));
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(flag + " '" + text + "' is no path", e);
    }
  }

  /** How many deltas a job offers. */
  int last() {
    return number(LAST, USUAL_LAST, MOST_LAST);
  }

  /** A number from 1. */
  int number(String flag, int otherwise, int most) {
    String text = find(flag).orElse(String.valueOf(otherwise));
    int number = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > most) {
      throw new IllegalArgumentException(flag + " '" + text + "' is no number from 1 to " + most);
    }
    return number;
  }

  /** How long it may take. */
  Duration limit() {
    String text = find(LIMIT).orElse("1h");
    try {
      Duration read = Duration.parse("PT" + text);
      if (read.isPositive()) {
        return read;
      }
    } catch (DateTimeException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        LIMIT + " '" + text + "' is no time; write for example 90s, 10m or 1h");
  }
}
