package io.cotidal.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds and reads the configuration. What is written in several places is taken from the first of:
 * flag, environment, file, default.
 */
public final class ConfigurationReader {
  private static final Path SYSTEM = Path.of("/etc/cotidal/cotidal.yaml");
  private static final int MOST_BYTES = 4 * YamlReader.MOST_CHARACTERS;

  private final List<KindSection<?>> kinds;
  private final Map<String, String> flags;
  private final Map<String, String> environment;
  private final Path workingFolder;
  private final Path system;

  /**
   * Reads for a process of this environment.
   *
   * @param kinds whose sections there may be
   * @param flags the flags that were given, by name, without dashes: {@code listen}, {@code store},
   *     {@code metrics-anonymous}
   * @param environment {@code COT_CONFIG}, {@code COT_LISTEN}, {@code COT_STORE}, {@code
   *     COT_METRICS_ANONYMOUS}, and what secrets refer to
   * @param workingFolder where {@code ./cotidal.yaml} is looked for; absolute
   */
  public ConfigurationReader(
      List<KindSection<?>> kinds,
      Map<String, String> flags,
      Map<String, String> environment,
      Path workingFolder) {
    this.kinds = List.copyOf(kinds);
    this.flags = Map.copyOf(flags);
    this.environment = Map.copyOf(environment);
    this.workingFolder = workingFolder.toAbsolutePath().normalize();
    this.system = SYSTEM;
  }

  private ConfigurationReader(ConfigurationReader other, Path system) {
    this.kinds = other.kinds;
    this.flags = other.flags;
    this.environment = other.environment;
    this.workingFolder = other.workingFolder;
    this.system = system;
  }

  /** The same, with another file in the place of {@code /etc/cotidal/cotidal.yaml}. */
  ConfigurationReader withSystem(Path file) {
    return new ConfigurationReader(this, file);
  }

  /**
   * Reads {@code file}; if it is null the file that {@code COT_CONFIG} names, else {@code
   * ./cotidal.yaml}, else {@code /etc/cotidal/cotidal.yaml}; without any of them, what the
   * variables of an original say.
   */
  public Loaded read(@Nullable Path file) {
    Optional<Path> found = find(file);
    if (found.isPresent()) {
      return parse(found.get());
    }
    if (kinds.stream().anyMatch(kind -> kind.meant(environment))) {
      return environment();
    }
    return invalid(
        "configuration",
        "there is neither ./cotidal.yaml nor " + system,
        "write one of them, or name another with --config");
  }

  private Optional<Path> find(@Nullable Path file) {
    return Optional.ofNullable(file)
        .or(() ->
            Optional.ofNullable(environment.get("COT_CONFIG"))
                .filter(text -> !text.isEmpty())
                .flatMap(Forms::path))
        .or(() ->
            Stream.of(Path.of("cotidal.yaml"), system)
                .filter(each -> Files.exists(workingFolder.resolve(each)))
                .findFirst());
  }

  /**
   * Where {@link #read} would find the configuration from now on, whatever else is written later.
   *
   * @return {@link Rereading#NONE} if there is no file
   */
  public Rereading again(@Nullable Path file) {
    return find(file)
        .<Rereading>map(shown -> new ConfigurationFile(shown, workingFolder.resolve(shown)))
        .orElse(Rereading.NONE);
  }

  /** One file, read over and over. */
  private final class ConfigurationFile implements Rereading {
    private final Path shown;
    private final Path path;

    ConfigurationFile(Path shown, Path path) {
      this.shown = shown;
      this.path = path.normalize();
    }

    @Override
    public String place() {
      return path.toString();
    }

    @Override
    public Loaded read() {
      return parse(shown);
    }

    @Override
    public Loaded judge(String text) {
      return text.length() > MOST_BYTES
          ? invalid("configuration", "is larger than " + MOST_BYTES + " bytes", "split it")
          : parse(Quote.line(shown.toString()), text, path);
    }

    @Override
    public Optional<String> text() {
      try {
        return Optional.of(Files.readString(path));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * What the variables of the original of one kind say, whatever files there are.
   *
   * @param kind its name
   */
  public Loaded readEnvironment(String kind) {
    boolean meant =
        kinds.stream().anyMatch(each -> each.key().equals(kind) && each.meant(environment));
    return meant
        ? environment()
        : invalid(
            "environment",
            "none of the variables of the original is set",
            "set them as its document says");
  }

  private Loaded environment() {
    return parser()
        .parse("environment", "", workingFolder, new SecretFiles(environment, workingFolder));
  }

  private Loaded parse(Path shown) {
    Path path = workingFolder.resolve(shown).normalize();
    String name = Quote.line(shown.toString());
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (NoSuchFileException e) {
      return invalid(name, "does not exist", "write it, or name another with --config");
    } catch (AccessDeniedException e) {
      return invalid(
          name,
          "cannot be read by " + System.getProperty("user.name"),
          "give that user the right to read it");
    } catch (IOException e) {
      boolean folder = Files.isDirectory(path);
      return folder
          ? invalid(name, "is a folder", "name the file in it")
          : invalid(
              name, "cannot be read (" + e.getClass().getSimpleName() + ")", "check file and disk");
    }
    if (bytes.length > MOST_BYTES) {
      return invalid(name, "is larger than " + MOST_BYTES + " bytes", "split the configuration");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return parse(name, text, path);
    } catch (CharacterCodingException e) {
      return invalid(name, "is not UTF-8 text", "save it as UTF-8");
    }
  }

  private Loaded parse(String name, String text, Path path) {
    Path folder = path.getParent() == null ? workingFolder : path.getParent();
    return parser().parse(name, text, folder, new SecretFiles(environment, folder));
  }

  private ConfigurationParser parser() {
    return new ConfigurationParser(kinds, flags, environment, workingFolder);
  }

  private static Loaded invalid(String place, String reason, String remedy) {
    return new Loaded.Invalid(List.of(new Problem(place, "", reason, remedy)));
  }
}
