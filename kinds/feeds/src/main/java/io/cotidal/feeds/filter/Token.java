package io.cotidal.feeds.filter;

import org.jspecify.annotations.Nullable;

/**
 * A word of a filter.
 *
 * @param text as it is written
 * @param value of a number or a text, else null
 * @param from its first character
 * @param to the character after its last
 */
record Token(Kind kind, String text, @Nullable Object value, int from, int to) {
  /** What it is. */
  enum Kind {
    NAME,
    NUMBER,
    TEXT,
    SIGN,
    END
  }

  /** Whether it is this name or sign. */
  boolean is(String word) {
    return (kind == Kind.NAME || kind == Kind.SIGN) && text.equals(word);
  }

  /** As a message says it. */
  String shown() {
    return kind == Kind.END ? "the end" : Refusal.quoted(text);
  }
}
