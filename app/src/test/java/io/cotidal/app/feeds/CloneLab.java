package io.cotidal.app.feeds;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.DaemonProcess;
import io.cotidal.app.Main;
import io.cotidal.lab.GitRepo;
import io.cotidal.lab.HgRepo;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A state repository, and processes of {@code cot} with a clone of it. */
final class CloneLab implements AutoCloseable {
  private static final int LONG = 90;

  /** A job that is refused: nobody understands what it asks for. */
  static final String BROKEN = "{\"action\": \"publish\", \"name\": \"../x\"}";

  /** A job for something that was never here. */
  static final String GONE =
      "{\"action\": \"remove\", \"workspace\": \"sites\", \"name\": \"old\", \"job_id\": 7}";

  final ServerRegistry registry;
  final Path folder;

  private CloneLab(ServerRegistry registry) throws IOException {
    this.registry = registry;
    this.folder = registry.folder("feeds");
  }

  /** Opens it, or skips the test if something is not installed here. */
  static CloneLab open() throws IOException {
    Optional<String> missing = GitRepo.missing().or(HgRepo::missing);
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED: " + missing.orElse(""));
    return new CloneLab(
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir"))));
  }

  /** A master in Git. */
  GitRepo git() throws IOException {
    return GitRepo.make(folder.resolve("master"), "");
  }

  /** A master in Mercurial. */
  HgRepo hg() throws IOException {
    return HgRepo.make(folder.resolve("master"), "");
  }

  /** Where the clone is. */
  Path copy() {
    return folder.resolve("clone");
  }

  /**
   * A file of the original's variables that leaves database and GeoServer alone.
   *
   * @param tool {@code git} or {@code hg}
   * @param url of the master; empty for what the clone itself names
   * @param more lines
   */
  Path variables(String tool, String url, String... more) throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "# as honcho reads it",
                "SLAVE_NAME=\"portable\"",
                "LISTEN_CHANNELS=kmi",
                "SKIP_DB=true",
                "SKIP_GS=yes",
                "POLL_INTERVAL=1",
                "COT_FEED_TOOL=" + tool,
                "COT_FEED_REPOSITORY_URL=" + url,
                "STATE_REPOSITORY_ROOT=" + copy(),
                "CACHE_PATH=" + folder.resolve("cache"),
                "COT_STORE=sqlite:" + folder.resolve("var/cotidal.db"),
                "COT_LISTEN=127.0.0.1:" + registry.port()));
    lines.addAll(List.of(more));
    Path file = Files.write(folder.resolve("feeds.env"), lines);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** The command line of a process of {@code cot}. */
  static List<String> cot(String... words) {
    List<String> command = DaemonProcess.java(List.of());
    command.add(Main.class.getName());
    command.addAll(List.of(words));
    return command;
  }

  /** A program that runs {@code cot}, for whoever takes only a path. */
  Path program() throws IOException {
    Path script = folder.resolve("cot");
    String words =
        cot().stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .reduce("", (all, word) -> all + " " + word);
    Files.writeString(script, "#!/bin/sh\nexec" + words + " \"$@\"\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** How a process ended, and all that it said. */
  record Ended(int exit, String said) {}

  /** Runs a program to its end. */
  Ended run(List<String> command, Map<String, String> more)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile(folder, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    Map<String, String> own = new TreeMap<>(more);
    Stream.of("PATH", "HOME").forEach(name -> own.putIfAbsent(name, known(name)));
    builder.environment().clear();
    builder.environment().putAll(own);
    Process process = registry.start(builder);
    if (!process.waitFor(LONG, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it did not end: " + Files.readString(said));
    }
    return new Ended(process.exitValue(), Files.readString(said));
  }

  private static String known(String name) {
    String value = System.getenv(name);
    return value == null ? "/nonexistent" : value;
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
