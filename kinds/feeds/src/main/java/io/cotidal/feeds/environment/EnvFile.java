package io.cotidal.feeds.environment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a file of variables as honcho does, with which the original is run: {@code NAME=VALUE},
 * quotes as in a shell, a comment from an unquoted {@code #} to the end of the line, blank lines;
 * {@code \n} and {@code \t} stand for a line's end and a tab. The last of several lines for one
 * name counts. Where honcho passes a line over, or runs words together, this refuses the line.
 */
public final class EnvFile {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*(?<name>[A-Za-z_][A-Za-z_0-9]*)\\s*=(?<value>.*)", Pattern.DOTALL);
  private static final Pattern EXPORT = Pattern.compile("\\s*export\\s.*", Pattern.DOTALL);
  private static final int LARGEST = 1 << 20;

  private EnvFile() {}

  /** What a file comes to. */
  public sealed interface Reading {
    /** The variables, by name. */
    record Valid(Map<String, String> variables) implements Reading {
      /** Copies the map. */
      public Valid {
        variables = Collections.unmodifiableMap(new TreeMap<>(variables));
      }

      /** Values may be secret: only the names are shown. */
      @Override
      public String toString() {
        return "Valid" + variables.keySet();
      }
    }

    /** What is wrong, a line each, with the number of the line and never with a value. */
    record Invalid(List<String> problems) implements Reading {
      /** Copies the lines. */
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /** Reads the text of a file. */
  public static Reading read(String text) {
    if (text.length() > LARGEST) {
      return new Reading.Invalid(List.of("is larger than " + LARGEST + " characters; shorten it"));
    }
    Map<String, String> variables = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      try {
        line(lines.get(i), variables);
      } catch (IllegalArgumentException e) {
        problems.add("line " + (i + 1) + ": " + e.getMessage());
      }
    }
    return problems.isEmpty() ? new Reading.Valid(variables) : new Reading.Invalid(problems);
  }

  private static void line(String line, Map<String, String> variables) {
    String said = line.substring(0, comment(line));
    if (said.isBlank()) {
      return;
    }
    if (EXPORT.matcher(said).matches()) {
      throw new IllegalArgumentException("export is not for such files; write NAME=VALUE");
    }
    Matcher assignment = ASSIGNMENT.matcher(said);
    if (!assignment.matches()) {
      throw new IllegalArgumentException("is no variable; write NAME=VALUE");
    }
    List<String> words = ShellWords.cut(assignment.group("value"));
    if (words.size() > 1) {
      throw new IllegalArgumentException(
          assignment.group("name") + " has blanks outside of quotes; put its value in quotes");
    }
    String value = words.isEmpty() ? "" : words.getFirst();
    variables.put(assignment.group("name"), value.replace("\\n", "\n").replace("\\t", "\t"));
  }

  /** Where the comment begins; the line's length if it has none. */
  private static int comment(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quote != '\'') {
        i++;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '#') {
        return i;
      }
    }
    return line.length();
  }
}
