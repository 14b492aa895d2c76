package io.cotidal.app;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a command that reads the configuration was told on its command line.
 *
 * @param config the file; null if none was named
 * @param others values that go before environment and file, by name without dashes
 */
record Flags(@Nullable Path config, Map<String, String> others) {
  private static final Set<String> KNOWN =
      Set.of("listen", "store", "metrics-anonymous", "accept-commands");

  /** Copies the map. */
  Flags {
    others = Map.copyOf(others);
  }

  /**
   * Reads {@code --name value} and {@code --name=value}.
   *
   * @throws IllegalArgumentException naming the first argument that is not understood
   */
  static Flags parse(List<String> arguments) {
    Path config = null;
    Map<String, String> others = new TreeMap<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (!name.startsWith("--")
          || !(name.equals("--config") || KNOWN.contains(name.substring(2)))) {
        throw new IllegalArgumentException("unknown argument '" + argument + "'");
      }
      if (equals < 0 && !rest.hasNext()) {
        throw new IllegalArgumentException(name + " needs a value");
      }
      String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
      if (name.equals("--config")) {
        config = path(value);
      } else {
        others.put(name.substring(2), value);
      }
    }
    return new Flags(config, others);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("--config '" + text + "' is no path", e);
    }
  }
}
