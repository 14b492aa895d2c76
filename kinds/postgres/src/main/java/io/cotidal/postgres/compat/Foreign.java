package io.cotidal.postgres.compat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a file that another program wrote, whatever its syntax was. */
public sealed interface Foreign {
  /** A text; numbers and booleans are texts too. */
  record Text(String text) implements Foreign {
    /** Says nothing of the text: it may be a password. */
    @Override
    public String toString() {
      return "a text";
    }
  }

  /** Texts in their order. */
  record Texts(List<String> all) implements Foreign {
    /** Copies the list. */
    public Texts {
      all = List.copyOf(all);
    }

    @Override
    public String toString() {
      return all.size() + " texts";
    }
  }

  /** Values by their keys, in the order of the file. */
  record Group(Map<String, Foreign> entries) implements Foreign {
    /** Nothing. */
    public static final Group EMPTY = new Group(Map.of());

    /** Copies the map. */
    public Group {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** The group under that key; an empty one if there is none. */
    Group group(String key) {
      return entries.get(key) instanceof Group group ? group : EMPTY;
    }

    /** The text under that key, if there is one that is not empty. */
    Optional<String> text(String key) {
      return entries.get(key) instanceof Text text && !text.text().isBlank()
          ? Optional.of(text.text().strip())
          : Optional.empty();
    }

    @Override
    public String toString() {
      return "a section of " + entries.size();
    }
  }
}
