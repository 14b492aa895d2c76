package io.cotidal.cli.myaas;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file {@code .env}: {@code NAME=VALUE} a line, quotes and {@code export} as a shell has them.
 */
final class DotEnv {
  private static final long LARGEST = 1 << 20;

  private DotEnv() {}

  /**
   * The last value of {@code name} in the file; empty if there is no file, or it does not say.
   *
   * @throws Failure if there is a file that cannot be read
   */
  static Optional<String> find(Path file, String name) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Optional<String> found = Optional.empty();
    try {
      if (Files.size(file) > LARGEST) {
        throw unreadable(file, "it is too large");
      }
      for (String line : Files.readAllLines(file)) {
        String text = line.strip();
        String plain = text.startsWith("export ") ? text.substring("export ".length()) : text;
        int equal = plain.indexOf('=');
        if (equal > 0 && plain.substring(0, equal).strip().equals(name)) {
          found = Optional.of(value(plain.substring(equal + 1).strip()));
        }
      }
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
    return found;
  }

  private static String value(String text) {
    if (text.length() > 1 && (text.charAt(0) == '"' || text.charAt(0) == '\'')) {
      int end = text.indexOf(text.charAt(0), 1);
      return end < 0 ? text : text.substring(1, end);
    }
    int comment = text.indexOf(" #");
    return comment < 0 ? text : text.substring(0, comment).strip();
  }

  private static Failure unreadable(Path file, String why) {
    return new Failure(ExitCode.FAILED, file + " cannot be read: " + why, "");
  }
}
