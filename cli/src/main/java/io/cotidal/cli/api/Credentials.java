package io.cotidal.cli.api;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the token comes from: {@code COT_TOKEN}, else the file that {@code COT_TOKEN_FILE} names,
 * else {@code cotidal/token} in the user's configuration. Never from the command line, which every
 * process on the machine can read.
 */
public final class Credentials {
  private static final Set<PosixFilePermission> FORBIDDEN =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Map<String, String> environment;

  /** Looks into {@code environment}. */
  public Credentials(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The token, if there is one.
   *
   * @throws Failure if a file is named that cannot be read, or that others can read
   */
  public Optional<Secret> token() {
    String direct = environment.getOrDefault("COT_TOKEN", "").strip();
    if (!direct.isEmpty()) {
      return Optional.of(checked(direct, "COT_TOKEN"));
    }
    String named = environment.getOrDefault("COT_TOKEN_FILE", "");
    if (!named.isEmpty()) {
      return read(Path.of(named), true);
    }
    return read(usualFile(), false);
  }

  /** The file that is read if the environment names no other. */
  public Path usualFile() {
    String configuration = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder =
        configuration.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", "/"), ".config")
            : Path.of(configuration);
    return folder.resolve("cotidal").resolve("token");
  }

  private static Optional<Secret> read(Path file, boolean required) {
    try {
      if (!required && !Files.exists(file)) {
        return Optional.empty();
      }
      for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
        if (FORBIDDEN.contains(permission)) {
          throw new Failure(
              ExitCode.NOT_ALLOWED,
              "token file " + file + " is open to other users",
              "run: chmod 600 " + file);
        }
      }
      String text = Files.readString(file).strip();
      if (text.isEmpty()) {
        throw new Failure(
            ExitCode.NOT_ALLOWED,
            "token file " + file + " is empty",
            "write the token into it; an administrator makes one with: cot token create");
      }
      return Optional.of(checked(text, file.toString()));
    } catch (NoSuchFileException e) {
      throw new Failure(
          ExitCode.NOT_ALLOWED,
          "token file " + file + " does not exist",
          "correct COT_TOKEN_FILE, or unset it to use ~/.config/cotidal/token");
    } catch (IOException e) {
      throw new Failure(
          ExitCode.NOT_ALLOWED,
          "token file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")",
          "see who owns it: ls -l " + file);
    }
  }

  /** A token is one visible word; a line break in it would end the request's header. */
  private static Secret checked(String text, String where) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        throw new Failure(
            ExitCode.NOT_ALLOWED,
            "the token in " + where + " holds a space or another character that no token has",
            "copy it again");
      }
    }
    return new Secret(text);
  }
}
