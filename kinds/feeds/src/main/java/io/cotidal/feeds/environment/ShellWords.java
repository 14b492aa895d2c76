package io.cotidal.feeds.environment;

import java.util.ArrayList;
import java.util.List;

/** Cuts a command line into words as a POSIX shell would; nothing is expanded. */
final class ShellWords {
  private final String text;
  private final StringBuilder word = new StringBuilder();
  private final List<String> words = new ArrayList<>();
  private boolean open;
  private int next;

  private ShellWords(String text) {
    this.text = text;
  }

  /**
   * The words.
   *
   * @throws IllegalArgumentException if a quote is not closed or nothing follows a backslash
   */
  static List<String> cut(String text) {
    return new ShellWords(text).words();
  }

  private List<String> words() {
    while (next < text.length()) {
      char c = text.charAt(next++);
      switch (c) {
        case '\'' -> single();
        case '"' -> quoted();
        case '\\' -> escaped();
        case ' ', '\t', '\n', '\r' -> end();
        default -> add(c);
      }
    }
    end();
    return words;
  }

  private void add(char c) {
    word.append(c);
    open = true;
  }

  private void end() {
    if (open) {
      words.add(word.toString());
      word.setLength(0);
      open = false;
    }
  }

  private void escaped() {
    if (next >= text.length()) {
      throw new IllegalArgumentException("ends with a backslash; remove it");
    }
    add(text.charAt(next++));
  }

  private void single() {
    int close = text.indexOf('\'', next);
    if (close < 0) {
      throw unclosed();
    }
    word.append(text, next, close);
    open = true;
    next = close + 1;
  }

  private void quoted() {
    open = true;
    while (next < text.length() && text.charAt(next) != '"') {
      boolean escape =
          text.charAt(next) == '\\'
              && next + 1 < text.length()
              && "\"\\".indexOf(text.charAt(next + 1)) >= 0;
      next += escape ? 1 : 0;
      word.append(text.charAt(next++));
    }
    if (next >= text.length()) {
      throw unclosed();
    }
    next++;
  }

  private static IllegalArgumentException unclosed() {
    return new IllegalArgumentException("has a quote that is not closed; close it");
  }
}
