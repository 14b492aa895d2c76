package io.cotidal.cli.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as the server sent it. What is missing reads as empty, zero or false, so that an
 * older and a newer server can be read alike.
 *
 * @param value a map in the document's order, a list, a text, a number, a boolean, or null
 */
public record Node(@Nullable Object value) {
  /** Nothing. */
  public static final Node NONE = new Node(null);

  /** The member {@code name}. */
  public Node at(String name) {
    return value instanceof Map<?, ?> map ? new Node(map.get(name)) : NONE;
  }

  /** The member {@code name} as text; empty if it is missing or null. */
  public String text(String name) {
    return at(name).text();
  }

  /** This value as text; empty if it is null or no scalar. */
  public String text() {
    return value == null || value instanceof Map || value instanceof List ? "" : value.toString();
  }

  /** The member {@code name} as a whole number; 0 if it is missing or no number. */
  public long number(String name) {
    return at(name).value instanceof Number number ? number.longValue() : 0;
  }

  /** Whether the member {@code name} is true. */
  public boolean flag(String name) {
    return Boolean.TRUE.equals(at(name).value);
  }

  /** The member {@code name} as a list; empty if it is missing or no list. */
  public List<Node> list(String name) {
    List<Node> nodes = new ArrayList<>();
    if (at(name).value instanceof List<?> list) {
      for (Object item : list) {
        nodes.add(new Node(item));
      }
    }
    return nodes;
  }

  /**
   * The member {@code name} as named texts, in the document's order; empty if it is missing or no
   * object.
   */
  public Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (at(name).value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> texts.put(String.valueOf(key), new Node(item).text()));
    }
    return texts;
  }

  /** Whether there is nothing. */
  public boolean isMissing() {
    return value == null;
  }
}
