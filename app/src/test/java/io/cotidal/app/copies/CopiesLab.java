package io.cotidal.app.copies;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.copies.steps.Workshop;
import io.cotidal.lab.CacheFolder;
import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerProcesses;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A btrfs volume, a folder with dumps and a configuration, and whatever runs there. */
final class CopiesLab implements AutoCloseable {
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));
  private static final List<String> NEEDED =
      List.of(
          "/usr/sbin/mariadbd",
          "/usr/lib/postgresql/15/bin/postgres",
          "/usr/sbin/mkfs.btrfs",
          "/usr/bin/setpriv");

  final ServerRegistry registry;
  final Path folder;
  final LoopVolume volume;
  final int port;

  private CopiesLab(ServerRegistry registry, Path folder, LoopVolume volume) throws IOException {
    this.registry = registry;
    this.folder = folder;
    this.volume = volume;
    this.port = registry.port();
  }

  /** Skips the test loudly where something is missing, unless servers are required. */
  static CopiesLab open() throws IOException, InterruptedException {
    return open(LoopVolume.Type.BTRFS);
  }

  /** The same on a volume of that type. */
  static CopiesLab open(LoopVolume.Type type) throws IOException, InterruptedException {
    String missing = missing();
    if (!missing.isEmpty() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing);
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no copy proven: " + missing);
    ServerRegistry registry = ServerRegistry.open(StateFolder.ofUser(), BASE);
    try {
      LoopVolume volume = LoopVolume.make(registry, type, 4L << 30);
      return new CopiesLab(registry, registry.folder("copies"), volume);
    } catch (IOException | InterruptedException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  private static String missing() throws IOException {
    String impossible = LoopVolume.impossible();
    return impossible.isEmpty()
        ? NEEDED.stream()
            .filter(program -> !Files.isExecutable(Path.of(program)))
            .findFirst()
            .map(program -> program + " is not installed")
            .orElse("")
        : impossible;
  }

  /**
   * One template of the configuration.
   *
   * @param keys further ones, as YAML
   */
  record Template(String name, String engine, Map<String, String> keys) {
    String yaml(Path volume) {
      StringBuilder text =
          new StringBuilder(
              """
                %s:
                  mode: manage
                  engine: %s
                  volume: %s
                  reserve: 64MiB
                  memory: 16
                  first-port: 14000
                  last-port: 16900
              """
                  .formatted(name, engine, volume));
      if (!keys.containsKey("version")) {
        String version = engine.equals("mariadb") ? "10.11" : "15";
        text.append("    version: \"").append(version).append("\"\n");
      }
      keys.forEach(
          (key, value) -> text.append("    ").append(key).append(": ").append(value).append('\n'));
      return text.toString();
    }
  }

  /** What makes a template of PostgreSQL 18 one whose copies are databases of one server. */
  static Map<String, String> shared() throws IOException {
    Path server = PostgresBinaries.bundled(CacheFolder.ofUser());
    return Map.of("isolation", "database", "version", "\"18\"", "server", server.toString());
  }

  /** The place of the server that the copies of a generation share. */
  static String host(String generation) {
    return "h" + generation.substring(1);
  }

  /** Writes the configuration of a daemon with these templates. */
  Configuration configure(List<Template> templates) throws IOException {
    return configure(templates, "");
  }

  /**
   * The same with more below {@code copies}.
   *
   * @param more as YAML
   */
  Configuration configure(List<Template> templates, String more) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("listen: 127.0.0.1:").append(port).append('\n');
    text.append("store: sqlite:").append(folder.resolve("cotidal.db")).append('\n');
    text.append("copies:\n");
    templates.forEach(template -> text.append(template.yaml(volume.folder())));
    Files.writeString(file(), text.append(more));
    return valid(Kinds.reader(Map.of(), Map.of(), folder).read(file()));
  }

  /** Of a daemon with that environment and no file. */
  Configuration configure(Map<String, String> environment) throws IOException {
    Map<String, String> whole = new TreeMap<>(environment);
    whole.put("COT_LISTEN", "127.0.0.1:" + port);
    whole.put("COT_STORE", "sqlite:" + folder.resolve("cotidal.db"));
    return valid(Kinds.reader(Map.of(), whole, folder).read(null));
  }

  private static Configuration valid(Loaded loaded) {
    if (loaded instanceof Loaded.Valid valid) {
      return valid.configuration();
    }
    throw new IllegalStateException(loaded.toString());
  }

  Path file() {
    return folder.resolve("cotidal.yaml");
  }

  /** Writes a dump with that many customers, each of whom is called {@code word}. */
  Path dump(String name, int rows, String word) throws IOException {
    StringBuilder sql = new StringBuilder();
    sql.append("CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(100));\n");
    for (int i = 1; i <= rows; i++) {
      sql.append("INSERT INTO customers VALUES (%d, '%s');\n".formatted(i, word));
    }
    return write(name, sql.toString());
  }

  Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** The places that a template has on the volume. */
  Set<String> places(String template) throws IOException {
    Set<String> found = new TreeSet<>();
    Path all = volume.folder().resolve(".cotidal").resolve(template);
    if (Files.isDirectory(all)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(all)) {
        folders.forEach(each -> found.add(each.getFileName().toString()));
      }
    }
    return found;
  }

  /** The servers, by the data folders in which they work. */
  ServerProcesses servers(String template, String id) {
    return new ServerProcesses(volume.folder().resolve(".cotidal").resolve(template).resolve(id));
  }

  /** All servers of the volume. */
  ServerProcesses servers() {
    return new ServerProcesses(volume.folder());
  }

  /** Claims on ports that belong to places of this volume. */
  Set<String> claims() throws IOException {
    Set<String> found = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Workshop.PORTS, "[0-9]*")) {
      for (Path claim : all) {
        String text = Files.exists(claim) ? Files.readString(claim) : "";
        if (text.startsWith(volume.folder().toString())) {
          found.add(Path.of(text.strip()).getParent().getFileName().toString());
        }
      }
    }
    return found;
  }

  /** The claims of its places go with them: nobody else would take them away. */
  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(Files.createDirectories(Workshop.PORTS), "[0-9]*")) {
      for (Path claim : all) {
        if (Files.exists(claim) && Files.readString(claim).startsWith(volume.folder() + "/")) {
          Files.deleteIfExists(claim);
        }
      }
    } finally {
      registry.close();
    }
  }
}
