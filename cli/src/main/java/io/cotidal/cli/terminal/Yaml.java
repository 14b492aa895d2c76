package io.cotidal.cli.terminal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, lists, texts, numbers, booleans and nulls as YAML 1.2 that a YAML 1.1 reader
 * understands alike.
 */
public final class Yaml {
  private final StringBuilder out = new StringBuilder();

  private Yaml() {}

  /** The YAML of {@code value}, ending in a line break. */
  public static String of(@Nullable Object value) {
    Yaml yaml = new Yaml();
    if (isBlock(value)) {
      yaml.block(value, 0);
    } else {
      yaml.scalar(value);
      yaml.out.append('\n');
    }
    return yaml.out.toString();
  }

  private static boolean isBlock(@Nullable Object value) {
    return (value instanceof Map<?, ?> map && !map.isEmpty())
        || (value instanceof List<?> list && !list.isEmpty());
  }

  /** Writes whole lines at {@code indent}; the cursor stands at the start of a line. */
  private void block(@Nullable Object value, int indent) {
    if (value instanceof Map<?, ?> map) {
      boolean first = true;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        entry(entry, indent, first);
        first = false;
      }
    } else if (value instanceof List<?> list) {
      for (Object item : list) {
        out.repeat(' ', indent).append("- ");
        item(item, indent + 2);
      }
    }
  }

  private void entry(Map.Entry<?, ?> entry, int indent, boolean first) {
    // The first entry of a map inside a list stands on the dash's line.
    boolean afterDash = first && endsWithDash();
    if (!afterDash) {
      out.repeat(' ', indent);
    }
    text(String.valueOf(entry.getKey()));
    out.append(':');
    Object value = entry.getValue();
    if (isBlock(value)) {
      out.append('\n');
      block(value, indent + 2);
    } else {
      out.append(' ');
      scalar(value);
      out.append('\n');
    }
  }

  private boolean endsWithDash() {
    int length = out.length();
    return length >= 2 && out.charAt(length - 1) == ' ' && out.charAt(length - 2) == '-';
  }

  private void item(@Nullable Object item, int indent) {
    if (item instanceof Map<?, ?> map && !map.isEmpty()) {
      block(map, indent);
    } else if (item instanceof List<?> list && !list.isEmpty()) {
      // A list in a list: its dashes stand on lines of their own.
      out.setLength(out.length() - 1);
      out.append('\n');
      block(list, indent);
    } else {
      scalar(item);
      out.append('\n');
    }
  }

  private void scalar(@Nullable Object value) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> empty -> out.append("{}");
      case List<?> empty -> out.append("[]");
      case String text -> text(text);
      default -> out.append(value);
    }
  }

  private void text(String text) {
    if (isPlain(text)) {
      out.append(text);
      return;
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      character(text.charAt(i));
    }
    out.append('"');
  }

  private void character(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\t' -> out.append("\\t");
      case '\r' -> out.append("\\r");
      default -> {
        // Surrogate pairs pass: together they are one printable character.
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c >= 0xfeff) {
          out.append("\\u");
          for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xf, 16));
          }
        } else {
          out.append(c);
        }
      }
    }
  }

  /**
   * Whether {@code text} reads back as the same text without quotes. Narrow on purpose: a letter
   * first, then harmless characters, and no word that some reader takes for a boolean or null.
   */
  private static boolean isPlain(String text) {
    if (text.isEmpty() || !isLetter(text.charAt(0)) || text.endsWith(" ")) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean harmless =
          isLetter(c) || (c >= '0' && c <= '9') || c == ' ' || "-_./,()=+*;'".indexOf(c) >= 0;
      boolean hashInside = c == '#' && text.charAt(i - 1) != ' ';
      if (!harmless && !hashInside) {
        return false;
      }
    }
    return !isReserved(text);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isReserved(String text) {
    return switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "null", "true", "false", "yes", "no", "on", "off", "y", "n" -> true;
      default -> false;
    };
  }
}
