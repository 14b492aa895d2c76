package io.cotidal.app.config;

import io.cotidal.model.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML document as texts, lists and mappings with their lines: no types, no tags, no references.
 */
sealed interface Tree {
  /** The line on which it begins; the first is 1. */
  int line();

  /** What a message calls it. */
  String what();

  /** A scalar. */
  record Text(int line, String text, boolean quoted) implements Tree {
    /** Whether YAML reads it as no value at all. */
    boolean empty() {
      return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    @Override
    public String what() {
      return empty() ? "empty" : "a text";
    }

    /** Says nothing of the text: it may be a secret in the wrong place. */
    @Override
    public String toString() {
      return "text on line " + line;
    }
  }

  /** A sequence. */
  record Items(int line, List<Tree> items) implements Tree {
    @Override
    public String what() {
      return "a list";
    }

    /** What an item is called: its name if it has a proper one, else its place, from 1. */
    String name(int index) {
      if (items.get(index) instanceof Mapping mapping) {
        Entry name = mapping.entries().get("name");
        if (name != null && name.value() instanceof Text text && Names.valid(text.text())) {
          return text.text();
        }
      }
      return "#" + (index + 1);
    }
  }

  /**
   * A mapping.
   *
   * @param entries by key, in the order of the file
   * @param repeated keys that came again, with the line of each repetition
   */
  record Mapping(int line, Map<String, Entry> entries, List<Repeated> repeated) implements Tree {
    /** One without entries. */
    static Mapping none(int line) {
      return new Mapping(line, new LinkedHashMap<>(), List.of());
    }

    @Override
    public String what() {
      return "a mapping";
    }
  }

  /** A key's line and its value. */
  record Entry(int line, Tree value) {}

  /** A key that was there before. */
  record Repeated(String key, int line) {}
}
