package io.cotidal.gateway.wire.message;

import io.cotidal.gateway.door.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a head is for this connection alone.
 *
 * @param rest the fields that go on
 * @param close whether {@code Connection} says so
 * @param keep whether {@code Connection} asks for that
 */
record Hops(List<Field> rest, boolean close, boolean keep) {
  private static final String KEEP = "keep-alive";

  /** Naming these as of the connection does not make them so. */
  private static final Set<String> NEVER = Set.of("content-length", "host");

  static Hops of(List<Field> all) {
    Set<String> named = Set.of();
    boolean found = false;
    boolean kept = false;
    for (Field field : all) {
      if (!field.is("Connection")) {
        continue;
      }
      if (field.value().equalsIgnoreCase(KEEP)) {
        // What most say names a field that is of the connection anyway.
        kept = true;
      } else {
        named = found ? named : new TreeSet<>();
        found = true;
        for (String word : field.value().split(",")) {
          named.add(word.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    boolean close = named.contains("close");
    boolean keep = kept || named.contains(KEEP);
    List<Field> rest = new ArrayList<>(all.size());
    for (Field field : all) {
      if (!ownsHop(field) && !isNamed(field, named)) {
        rest.add(field);
      }
    }
    return new Hops(rest, close, keep);
  }

  private static boolean isNamed(Field field, Set<String> named) {
    if (named.isEmpty()) {
      return false;
    }
    String name = field.name().toLowerCase(Locale.ROOT);
    return named.contains(name) && !NEVER.contains(name);
  }

  private static boolean ownsHop(Field field) {
    return switch (field.name().length()) {
      case 2 -> field.is("TE");
      case 7 -> field.is("Upgrade");
      case 10 -> field.is("Connection") || field.is("Keep-Alive");
      case 16 -> field.is("Proxy-Connection");
      case 17 -> field.is("Transfer-Encoding");
      default -> false;
    };
  }
}
