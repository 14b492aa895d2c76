package io.cotidal.app.feeds;

import io.cotidal.app.config.ReplicasSection;
import io.cotidal.feeds.environment.EnvFile;
import io.cotidal.feeds.environment.FeedsVariable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The original's variables, of a process and of a file. */
public final class Settings {
  private static final String HOST = "HOSTNAME";
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");
  private static final String MERCURIAL = "HG_";
  private static final Set<String> KNOWN =
      Arrays.stream(FeedsVariable.values()).map(Enum::name).collect(Collectors.toSet());

  private Settings() {}

  /**
   * {@code environment} with what a file says; the file goes first.
   *
   * @throws IOException with one line if it cannot be read
   * @throws IllegalArgumentException with one line for all that is wrong in it
   */
  public static Map<String, String> with(Map<String, String> environment, Path file)
      throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
    return switch (EnvFile.read(text)) {
      case EnvFile.Reading.Valid valid -> {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(valid.variables());
        yield all;
      }
      case EnvFile.Reading.Invalid invalid ->
          throw new IllegalArgumentException(file + ": " + String.join("; ", invalid.problems()));
    };
  }

  /** Of them only the original's, Cotidal's own, and the machine's name. */
  public static Map<String, String> only(Map<String, String> environment) {
    Map<String, String> own = new TreeMap<>(environment);
    own.keySet()
        .removeIf(name ->
            !KNOWN.contains(name)
                && !name.startsWith("COT_")
                && !name.startsWith(MERCURIAL)
                && !name.equals(HOST));
    if (own.getOrDefault(HOST, "").isBlank()) {
      machine().ifPresent(name -> own.put(HOST, name));
    }
    return own;
  }

  private static Optional<String> machine() {
    try {
      return Optional.of(Files.readString(KERNEL).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The same, said to be of a process that Mercurial has started as its hook. */
  public static Map<String, String> hooked(Map<String, String> environment) {
    Map<String, String> all = new TreeMap<>(environment);
    all.put(ReplicasSection.HOOK, "pretxnchangegroup");
    return all;
  }
}
