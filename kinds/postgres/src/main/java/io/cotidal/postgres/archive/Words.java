package io.cotidal.postgres.archive;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How words stand in a shell's script, so that the shell sees nothing in them but letters. */
final class Words {
  private static final Pattern HOLE = Pattern.compile("%([pf%])");

  private Words() {}

  /**
   * One word.
   *
   * @throws IllegalArgumentException if no script can hold it
   */
  static String quoted(String word) {
    if (word.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a word with control characters is no word of a command");
    }
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** A command in which {@code %p} and {@code %f} are the script's own two values. */
  static String command(List<String> words) {
    return words.stream().map(Words::template).collect(Collectors.joining(" "));
  }

  private static String template(String word) {
    StringBuilder text = new StringBuilder();
    StringBuilder plain = new StringBuilder();
    Matcher holes = HOLE.matcher(word);
    int at = 0;
    while (holes.find()) {
      plain.append(word, at, holes.start());
      at = holes.end();
      if (holes.group(1).equals("%")) {
        plain.append('%');
      } else {
        flush(plain, text);
        text.append(holes.group(1).equals("p") ? "\"$path\"" : "\"$name\"");
      }
    }
    plain.append(word, at, word.length());
    flush(plain, text);
    return text.isEmpty() ? "''" : text.toString();
  }

  private static void flush(StringBuilder plain, StringBuilder text) {
    if (!plain.isEmpty()) {
      text.append(quoted(plain.toString()));
      plain.setLength(0);
    }
  }
}
