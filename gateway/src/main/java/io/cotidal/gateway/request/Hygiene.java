package io.cotidal.gateway.request;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import java.util.List;
import java.util.Locale;

/**
 * Which fields of a client a site may see. Taken away is what only we say: our own fields, the one
 * by which the original's middleware knew its peers, and the metadata under names that are ours or
 * were its.
 */
public final class Hygiene {
  private static final String ORIGIN = "x-orig-cluster";
  private static final String OURS = "x-cotidal-";
  private static final List<String> LEVELS = List.of("account", "container", "object");

  private Hygiene() {}

  /** The same request without them. */
  public static Head clean(Head head) {
    return head.fields().stream().allMatch(Hygiene::allowed)
        ? head
        : new Head(
            head.method(), head.target(), head.fields().stream().filter(Hygiene::allowed).toList());
  }

  /** Whether a client may say that. */
  static boolean allowed(Field field) {
    String stripped = field.name().strip();
    if (!stripped.startsWith("x") && !stripped.startsWith("X")) {
      return true;
    }
    // To Swift, a line below is the same as a line between: fields become variables on their way.
    String name = stripped.replace('_', '-').toLowerCase(Locale.ROOT);
    if (name.equals(ORIGIN) || name.startsWith(OURS)) {
      return false;
    }
    return LEVELS.stream().noneMatch(level -> reserved(name, level));
  }

  private static boolean reserved(String name, String level) {
    return name.startsWith("x-" + level + "-meta-cotidal-")
        || name.startsWith("x-remove-" + level + "-meta-cotidal-")
        // Removing what the original has left behind is anybody's right.
        || name.equals("x-" + level + "-meta-orig-cluster");
  }
}
