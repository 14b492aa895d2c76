package io.cotidal.feeds.transfer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.SshServer;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A real SSH server with files, and replicas that fetch from it. */
final class Master implements AutoCloseable {
  private final ServerRegistry registry;
  private final SshServer server;
  private final Path files;
  private final Path state;

  private Master(ServerRegistry registry, SshServer server, Path state) throws IOException {
    this.registry = registry;
    this.server = server;
    this.state = state;
    this.files = server.makeFolder("files");
    Files.writeString(knownHosts(), server.knownHost() + "\n");
    server.letIn("");
  }

  /** Starts it; skips the test loudly where that is impossible, unless servers are required. */
  static Master start(Path state) throws IOException {
    Optional<String> missing = SshServer.missing().or(Transfer::missing);
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, nothing proven: " + missing.get());
    ServerRegistry registry = ServerRegistry.open(state);
    return new Master(registry, SshServer.start(registry), state);
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(40));
  }

  ServerRegistry registry() {
    return registry;
  }

  SshServer server() {
    return server;
  }

  Path knownHosts() {
    return state.resolve("known_hosts");
  }

  String host() {
    return server.user() + "@127.0.0.1";
  }

  Path files() {
    return files;
  }

  /** Puts a file there. */
  Path put(String name, byte[] bytes) throws IOException {
    Path file = files.resolve(name);
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return Files.write(file, bytes);
  }

  /** The job's word for a file with those bytes. */
  Blob blob(String name, byte[] promised) {
    return new Blob(host(), files.resolve(name).toString(), md5(promised));
  }

  /** The same without a checksum. */
  Blob unpinned(String name) {
    return new Blob(host(), files.resolve(name).toString(), "");
  }

  /** Puts a file there that its job describes rightly. */
  Blob publish(String name, byte[] bytes) throws IOException {
    put(name, bytes);
    return blob(name, bytes);
  }

  static byte[] noise(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** How a replica is set up whose cache lies there. */
  FeedsSpec.Transfer settings(Path cache) {
    return new FeedsSpec.Transfer(
        cache,
        1L << 30,
        server.identity(),
        knownHosts(),
        server.port(),
        Duration.ofSeconds(5),
        Optional.empty(),
        false,
        "");
  }

  /** A replica. */
  Transfer transfer(FeedsSpec.Transfer settings, String... further) throws IOException {
    Cache cache = new Cache(settings.cache(), settings.budgetBytes());
    Rsync rsync = new Rsync(ssh(settings), new LocalProcesses(), cache.folders(), List.of(further));
    return new Transfer(settings, cache, rsync);
  }

  /** The program in the place of ssh. */
  Path ssh(FeedsSpec.Transfer settings) throws IOException {
    String name =
        "ssh-%d-%s-%s"
            .formatted(
                settings.port(),
                settings.knownHosts().getFileName(),
                settings.identity().getFileName());
    return new SshProgram(
            state.resolve(name),
            settings.identity(),
            settings.knownHosts(),
            settings.port(),
            settings.connect())
        .program();
  }

  /** Puts many small files there. */
  List<Blob> documents(String folder, int many, int size) throws IOException {
    List<Blob> blobs = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      blobs.add(publish(folder + "/" + i + "/doc.json", noise(1_000 + i, size + i)));
    }
    return blobs;
  }

  /** A folder that the account may write to. */
  Path inbox(String name) throws IOException {
    Path made = server.makeFolder(name);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
    return made;
  }

  @Override
  public void close() throws IOException {
    server.stop();
    registry.close();
  }
}
