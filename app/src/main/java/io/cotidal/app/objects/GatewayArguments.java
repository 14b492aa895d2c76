package io.cotidal.app.objects;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code cot gateway} was told on its command line.
 *
 * @param namespace its name
 * @param site before which it stands, if that was said
 * @param config the file; null if none was named
 */
record GatewayArguments(String namespace, Optional<String> site, @Nullable Path config) {
  private static final String KIND = "objects/";

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the first that is not understood
   */
  static GatewayArguments parse(List<String> arguments) {
    Optional<String> namespace = Optional.empty();
    Optional<String> site = Optional.empty();
    Path config = null;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (!argument.startsWith("-") && namespace.isEmpty()) {
        namespace = Optional.of(bare(argument));
        continue;
      }
      int equals = argument.indexOf('=');
      String flag = equals < 0 ? argument : argument.substring(0, equals);
      if (!flag.equals("--site") && !flag.equals("--config")) {
        throw new IllegalArgumentException("unknown argument '" + argument + "'");
      }
      if (equals < 0 && !rest.hasNext()) {
        throw new IllegalArgumentException(flag + " needs a value");
      }
      String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
      if (flag.equals("--site")) {
        site = Optional.of(value);
      } else {
        config = path(value);
      }
    }
    return new GatewayArguments(
        namespace.orElseThrow(() -> new IllegalArgumentException("name a namespace")),
        site,
        config);
  }

  private static String bare(String name) {
    return name.startsWith(KIND) ? name.substring(KIND.length()) : name;
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("--config '" + text + "' is no path", e);
    }
  }
}
