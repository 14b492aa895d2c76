package io.cotidal.copies.steps;

import io.cotidal.model.Details;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an act says of a place that it has finished: a file of {@code name=value} lines, in a folder
 * that no server's account can write to. An inspection believes it, and nothing else.
 */
final class Made {
  private Made() {}

  static void write(Path file, Details facts) throws IOException {
    Durable.write(file, text(facts), null, "rw-------");
  }

  private static String text(Details facts) {
    StringBuilder text = new StringBuilder();
    facts
        .entries()
        .forEach((name, value) ->
            text.append(name).append('=').append(value.replaceAll("\\R", " ")).append('\n'));
    return text.toString();
  }

  static Optional<Details> read(Path file) throws IOException {
    try {
      Details facts = Details.NONE;
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          facts = facts.with(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      return Optional.of(facts);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
