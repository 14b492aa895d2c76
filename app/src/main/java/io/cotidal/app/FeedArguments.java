package io.cotidal.app;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a command of replicas was told beside the flags that every daemon takes.
 *
 * @param environment the file with the original's variables; empty if none was named
 * @param name the replica; empty for all
 * @param limit for how long at most; empty for the usual
 * @param others the flags of {@link Flags}, as they were written
 */
record FeedArguments(
    Optional<Path> environment,
    Optional<String> name,
    Optional<Duration> limit,
    List<String> others) {
  private static final String ENVIRONMENT = "--env-file";
  private static final String LIMIT = "--for";
  private static final Set<String> HELP = Set.of("--help", "-h");

  /** Copies the list. */
  FeedArguments {
    others = List.copyOf(others);
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the first argument that is not understood
   */
  static FeedArguments parse(List<String> arguments) {
    Optional<Path> environment = Optional.empty();
    Optional<String> name = Optional.empty();
    Optional<Duration> limit = Optional.empty();
    List<String> others = new ArrayList<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      String word = equals < 0 ? argument : argument.substring(0, equals);
      if (HELP.contains(argument)) {
        others.add(argument);
      } else if (!argument.startsWith("-")) {
        if (name.isPresent()) {
          throw new IllegalArgumentException("'" + argument + "' is one word too many");
        }
        name = Optional.of(argument.replaceFirst("^feeds/", ""));
      } else {
        if (equals < 0 && !rest.hasNext()) {
          throw new IllegalArgumentException(word + " needs a value");
        }
        String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
        switch (word) {
          case ENVIRONMENT -> environment = Optional.of(path(value));
          case LIMIT -> limit = Optional.of(duration(value));
          default -> others.addAll(List.of(word, value));
        }
      }
    }
    return new FeedArguments(environment, name, limit, others);
  }

  private static Path path(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(ENVIRONMENT + " '" + text + "' is no path", e);
    }
  }

  private static Duration duration(String text) {
    try {
      Duration read = Duration.parse("PT" + text);
      if (read.isPositive()) {
        return read;
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          LIMIT + " '" + text + "' is no time; write for example 90s, 10m or 1h", e);
    }
    throw new IllegalArgumentException(LIMIT + " '" + text + "' is no time that passes");
  }
}
