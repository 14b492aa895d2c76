package io.cotidal.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A master's state repository in Mercurial, to which tests commit. */
public final class HgRepo {
  private static final Path PROGRAM = Path.of("/usr/bin/hg");
  private static final Pattern COMMITTED =
      Pattern.compile("committed changeset [0-9]+:([0-9a-f]{40})");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(20);

  /** What programs of Mercurial have in their environment: nobody's settings. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of("HGPLAIN", "1", "HGRCPATH", "", "HGENCODING", "UTF-8", "HGUSER", "lab");

  private final Path folder;
  private final VersionControl hg;

  private HgRepo(Path folder, String account) {
    this.folder = folder;
    this.hg = new VersionControl(folder, account, ENVIRONMENT);
  }

  /** Why there can be none here, with the remedy; empty if there can. */
  public static Optional<String> missing() {
    return Files.isExecutable(PROGRAM)
        ? Optional.empty()
        : Optional.of("Mercurial is not installed: apt-get install mercurial");
  }

  /**
   * Makes one without a commit.
   *
   * @param folder a new one, or an empty one of the account
   * @param account whose it is, for example {@link SshServer#account}; empty for this process's own
   */
  public static HgRepo make(Path folder, String account) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    Files.createDirectories(folder);
    HgRepo made = new HgRepo(folder, account);
    made.run("init");
    return made;
  }

  /** Where it lies; it can be pulled from there. */
  public Path folder() {
    return folder;
  }

  /** Its address over SSH. */
  public String url(SshServer server) {
    return "ssh://%s@127.0.0.1:%d/%s".formatted(server.user(), server.port(), folder);
  }

  /** Writes a file; the next commit has it. */
  public HgRepo write(String path, String text) throws IOException {
    hg.write(path, text);
    return this;
  }

  /** Makes a link; the next commit has it. */
  public HgRepo link(String path, String target) throws IOException {
    Files.createSymbolicLink(folder.resolve(path), Path.of(target));
    return this;
  }

  /** Removes a file; the next commit does not have it. */
  public HgRepo remove(String path) throws IOException {
    Files.delete(folder.resolve(path));
    return this;
  }

  /** Commits everything; there must be something. */
  public String commit(String message) throws IOException {
    String said = run("commit", "--debug", "--addremove", "--message", message);
    Matcher matcher = COMMITTED.matcher(said);
    if (!matcher.find()) {
      throw new IOException("hg commit did not say what it committed: " + said);
    }
    return matcher.group(1);
  }

  /** Runs Mercurial in it and says what it printed. */
  public String run(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(PROGRAM.toString()));
    line.addAll(List.of(arguments));
    return hg.run(line, new byte[0]);
  }

  /**
   * Serves it over HTTP on loopback, until the lab closes.
   *
   * @return its address
   */
  public String serve(ServerRegistry registry) throws IOException {
    int port = registry.port();
    ProcessBuilder builder =
        new ProcessBuilder(
                PROGRAM.toString(),
                "serve",
                "--repository",
                folder.toString(),
                "--address",
                "127.0.0.1",
                "--port",
                String.valueOf(port))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().putAll(ENVIRONMENT);
    Process process = registry.start(builder);
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (!answers(port)) {
      if (!process.isAlive() || System.nanoTime() > patience) {
        throw new IOException("hg serve does not come up on port " + port);
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return "http://127.0.0.1:" + port + "/";
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      // Not yet.
      return false;
    }
  }
}
