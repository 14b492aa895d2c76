package io.cotidal.postgres.compat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The INI dialect of ConfigObj, by which the original reads {@code handyrep.conf}: sections nested
 * by the number of their brackets, quotes, lists by commas, texts over several lines in three
 * quotes, comments that begin anywhere outside quotes. Bounded in size and depth.
 */
public final class IniReader {
  /** A cluster of a thousand servers fits in it. */
  static final int MOST_CHARACTERS = 1_000_000;

  /** The original goes no deeper than two. */
  private static final int DEEPEST = 4;

  private static final Pattern SECTION =
      Pattern.compile("\\s*(\\[+)\\s*(\"[^\"]*\"|'[^']*'|[^'\"\\s\\]][^\\]]*?)\\s*(]+)\\s*(#.*)?");

  private static final Pattern PAIR =
      Pattern.compile("\\s*(\"[^\"]*\"|'[^']*'|[^'\"=\\s][^=]*?)\\s*=\\s*(.*?)\\s*");

  private static final Pattern TRIPLE = Pattern.compile("('''|\"\"\")(.*?)\\1\\s*(#.*)?");

  private final List<String> lines;
  private final Deque<Map<String, Object>> open = new ArrayDeque<>();
  private int at;

  private IniReader(List<String> lines) {
    this.lines = lines;
  }

  /**
   * Reads a text.
   *
   * @throws UnreadableFile if ConfigObj would not take it either, or if it is too large or too deep
   */
  public static Foreign.Group read(String text) throws UnreadableFile {
    if (text.length() > MOST_CHARACTERS) {
      throw new UnreadableFile(
          0, "it has more than " + MOST_CHARACTERS + " characters", "name the right file");
    }
    String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
    return Interpolation.resolve(group(new IniReader(plain.lines().toList()).whole()));
  }

  private Map<String, Object> whole() throws UnreadableFile {
    Map<String, Object> root = new LinkedHashMap<>();
    open.push(root);
    while (at < lines.size()) {
      String line = lines.get(at);
      at++;
      String bare = line.strip();
      if (bare.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
        throw refused("holds control characters", "save it as text");
      }
      if (!bare.isEmpty() && !bare.startsWith("#")) {
        if (bare.startsWith("[")) {
          section(line);
        } else {
          pair(line);
        }
      }
    }
    return root;
  }

  private void section(String line) throws UnreadableFile {
    Matcher matcher = SECTION.matcher(line);
    if (!matcher.matches() || matcher.group(1).length() != matcher.group(3).length()) {
      throw refused("is no section", "write [name], or [[name]] within one");
    }
    int depth = matcher.group(1).length();
    if (depth > DEEPEST) {
      throw refused("is nested more than " + DEEPEST + " deep", "remove the inner sections");
    }
    if (depth > open.size()) {
      throw refused("skips a level of nesting", "open the section around it first");
    }
    while (open.size() > depth) {
      open.pop();
    }
    Map<String, Object> inner = new LinkedHashMap<>();
    put(unquoted(matcher.group(2)), inner);
    open.push(inner);
  }

  private void pair(String line) throws UnreadableFile {
    Matcher matcher = PAIR.matcher(line);
    if (!matcher.matches()) {
      throw refused("is neither a section nor key = value", "correct it");
    }
    String value = matcher.group(2);
    boolean triple = value.startsWith("'''") || value.startsWith("\"\"\"");
    put(unquoted(matcher.group(1)), triple ? severalLines(value) : value(value));
  }

  private void put(String key, Object value) throws UnreadableFile {
    if (open.element().putIfAbsent(key, value) != null) {
      throw refused("repeats a key or a section", "keep one of them");
    }
  }

  private String severalLines(String first) throws UnreadableFile {
    Matcher whole = TRIPLE.matcher(first);
    if (whole.matches()) {
      return whole.group(2);
    }
    String quotes = first.substring(0, 3);
    StringBuilder text = new StringBuilder(first.substring(3));
    while (at < lines.size()) {
      String line = lines.get(at);
      at++;
      int end = line.indexOf(quotes);
      text.append('\n').append(end < 0 ? line : line.substring(0, end));
      if (end >= 0) {
        return text.toString();
      }
    }
    throw refused("begins a text that never ends", "close its quotes");
  }

  /** One text, or a list if there is a comma outside quotes. */
  private Object value(String text) throws UnreadableFile {
    List<String> parts = new ArrayList<>();
    boolean list = false;
    int from = 0;
    String rest = text;
    while (true) {
      rest = rest.stripLeading();
      if (rest.isEmpty() || rest.startsWith("#")) {
        break;
      }
      if (rest.startsWith(",")) {
        // A comma alone is the empty list.
        if (list || from > 0) {
          throw refused("has a comma too many", "remove it");
        }
        list = true;
        rest = rest.substring(1);
        continue;
      }
      int end = end(rest);
      parts.add(unquoted(rest.substring(0, end).strip()));
      from++;
      rest = rest.substring(end).stripLeading();
      if (rest.startsWith(",")) {
        list = true;
        rest = rest.substring(1);
      } else if (!rest.isEmpty() && !rest.startsWith("#")) {
        throw refused("goes on behind its quotes", "quote the whole value");
      }
    }
    if (list) {
      return parts;
    }
    return parts.isEmpty() ? "" : parts.getFirst();
  }

  /** Where the first part of a value ends. */
  private int end(String rest) throws UnreadableFile {
    char quote = rest.charAt(0);
    if (quote == '"' || quote == '\'') {
      int close = rest.indexOf(quote, 1);
      if (close < 0) {
        throw refused("has a quote that is not closed", "close it");
      }
      return close + 1;
    }
    int end = 0;
    while (end < rest.length() && rest.charAt(end) != ',' && rest.charAt(end) != '#') {
      end++;
    }
    return end;
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private UnreadableFile refused(String reason, String remedy) {
    return new UnreadableFile(at, reason, remedy);
  }

  private static Foreign.Group group(Map<String, Object> map) {
    Map<String, Foreign> entries = new LinkedHashMap<>();
    map.forEach((key, value) -> entries.put(key, foreign(value)));
    return new Foreign.Group(entries);
  }

  @SuppressWarnings("unchecked") // Only whole(), section() and value() put values in.
  private static Foreign foreign(Object value) {
    return switch (value) {
      case String text -> new Foreign.Text(text);
      case List<?> texts -> new Foreign.Texts((List<String>) texts);
      default -> group((Map<String, Object>) value);
    };
  }
}
