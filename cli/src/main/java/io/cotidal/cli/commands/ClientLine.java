package io.cotidal.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A line such as {@code PGPASSWORD='…' psql 'host=…'}, taken apart without a shell. Only known
 * clients with known arguments are let through: the line comes from a server.
 *
 * @param environment where the password is
 * @param words the program and its arguments
 */
record ClientLine(Map<String, String> environment, List<String> words) {
  private static final Pattern PASSWORD = Pattern.compile("(MYSQL_PWD|PGPASSWORD)=(.*)");
  private static final Pattern OPTION =
      Pattern.compile("--(protocol|host|port|user|ssl-ca|database)=.*");
  private static final String SPECIAL = "$`\";&|<>()*?[]{}~#!\n\r";

  ClientLine {
    environment = Map.copyOf(environment);
    words = List.copyOf(words);
  }

  /**
   * Takes a line apart.
   *
   * @throws IllegalArgumentException saying what is not let through, without quoting a value
   */
  static ClientLine parse(String line) {
    Map<String, String> environment = new TreeMap<>();
    List<String> words = new ArrayList<>();
    for (String word : split(line)) {
      var password = PASSWORD.matcher(word);
      if (words.isEmpty() && password.matches()) {
        environment.put(password.group(1), password.group(2));
      } else {
        words.add(word);
      }
    }
    String program = words.isEmpty() ? "" : words.getFirst();
    switch (program) {
      case "mariadb", "mysql" -> {
        check(words, environment);
        // Else a password in a file of the user's would take the place of this one.
        words.add(1, "--no-defaults");
      }
      case "psql" -> check(words, environment);
      default -> throw new IllegalArgumentException("it runs no known client");
    }
    return new ClientLine(environment, words);
  }

  private static void check(List<String> words, Map<String, String> environment) {
    for (String word : words.subList(1, words.size())) {
      if (word.startsWith("-") && !OPTION.matcher(word).matches()) {
        throw new IllegalArgumentException("it has an option that is not known");
      }
      if (environment.values().stream().anyMatch(secret -> word.contains(secret))) {
        throw new IllegalArgumentException("the password stands among its arguments");
      }
    }
  }

  /** The words of a line in the quoting of a POSIX shell, of which nothing else is understood. */
  private static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inside = false;
    boolean begun = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\'') {
        inside = !inside;
        begun = true;
      } else if (inside) {
        word.append(c);
      } else if (c == ' ') {
        if (begun) {
          words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
      } else {
        if (c == '\\' && i + 1 < line.length()) {
          i++;
          c = line.charAt(i);
        } else if (SPECIAL.indexOf(c) >= 0) {
          throw new IllegalArgumentException("it needs a shell");
        }
        word.append(c);
        begun = true;
      }
    }
    if (inside) {
      throw new IllegalArgumentException("a quotation has no end");
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }
}
