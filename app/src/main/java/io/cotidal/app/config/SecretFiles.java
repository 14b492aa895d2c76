package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.model.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Secrets in the environment, and in files that nobody but their owner may read. */
final class SecretFiles implements Secrets {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final int LONGEST = 4_096;
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Map<String, String> environment;
  private final Path folder;

  /**
   * Reads from here.
   *
   * @param folder what relative paths begin at
   */
  SecretFiles(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  @Override
  public Form.Read<Secret> resolve(String reference) {
    if (reference.startsWith("env:")) {
      String name = reference.substring("env:".length());
      if (VARIABLE.matcher(name).matches()) {
        return variable(name);
      }
    }
    if (reference.startsWith("file:")) {
      Optional<Path> path = Forms.path(reference.substring("file:".length()));
      if (path.isPresent()) {
        return file(folder.resolve(path.get()).normalize());
      }
    }
    return unfit("holds a value, not a reference", "write secret: env:NAME or secret: file:PATH");
  }

  private Form.Read<Secret> variable(String name) {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      return unfit("environment variable " + name + " is not set", "set it, or write file:PATH");
    }
    return single(value)
        ? fit(new Secret(value))
        : unfit("environment variable " + name + " holds more than one line", "set it to one line");
  }

  private Form.Read<Secret> file(Path path) {
    String shown = Quote.line(path.toString());
    try {
      if (!Files.isRegularFile(path) && Files.exists(path)) {
        return unfit(shown + " is not a file", "name a file with the secret as its only line");
      }
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
      if (mode.stream().anyMatch(OTHERS::contains)) {
        return unfit(
            shown
                + " can be used by others than its owner ("
                + PosixFilePermissions.toString(mode)
                + ")",
            "run chmod 600 " + shown);
      }
      return content(path, shown);
    } catch (NoSuchFileException e) {
      return unfit(shown + " does not exist", "make it with mode 600, the secret as its only line");
    } catch (AccessDeniedException e) {
      return unfit(
          shown + " cannot be read by " + System.getProperty("user.name"), "give it to that user");
    } catch (IOException e) {
      return unfit(
          shown + " cannot be read (" + e.getClass().getSimpleName() + ")", "check file and disk");
    }
  }

  private static Form.Read<Secret> content(Path path, String shown) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(LONGEST + 1);
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return unfit(shown + " is not UTF-8 text", "write the secret as its only line");
    }
    String secret = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    if (secret.isEmpty()) {
      return unfit(shown + " is empty", "write the secret as its only line");
    }
    return bytes.length <= LONGEST && single(secret)
        ? fit(new Secret(secret))
        : unfit(shown + " holds more than one line of text", "write the secret as its only line");
  }

  private static boolean single(String secret) {
    return secret.length() <= LONGEST && secret.chars().noneMatch(Character::isISOControl);
  }
}
