package io.cotidal.lab;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A Docker daemon of this lab's own: its socket, images and containers lie in one folder, its
 * network is the host's or none. Nothing of a Docker that the machine may run is used or touched.
 * What a killed lab leaves of it, the next one removes.
 */
public final class DockerDaemon implements AutoCloseable {
  private static final Path DOCKERD = Path.of("/usr/sbin/dockerd");
  private static final Path CLIENT = Path.of("/usr/bin/docker");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ServerRegistry registry;
  private final DockerRemains remains;
  private ProcessId process = new ProcessId(0, 0);

  private DockerDaemon(ServerRegistry registry, Path folder) {
    this.registry = registry;
    remains = new DockerRemains(folder);
  }

  /** Why no daemon can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() throws IOException {
    if (!ServerUser.root()) {
      return Optional.of("a Docker daemon of the lab's own needs root: run the tests as root");
    }
    return Files.isExecutable(DOCKERD) && Files.isExecutable(CLIENT)
        ? Optional.empty()
        : Optional.of("Docker is not installed: apt-get install docker.io");
  }

  /** Starts one in a folder of that lab, and waits until it answers. */
  public static DockerDaemon start(ServerRegistry registry) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    DockerDaemon daemon = new DockerDaemon(registry, registry.folder("docker"));
    daemon.remains.announce();
    Path folder = daemon.folder();
    // The host's own settings do not apply; nor is a key written among them.
    Files.writeString(
        folder.resolve("daemon.json"),
        "{\"deprecated-key-path\": \"" + folder.resolve("key.json") + "\"}\n");
    daemon.start();
    return daemon;
  }

  /** Its Unix socket. */
  public Path socket() {
    return folder().resolve("docker.sock");
  }

  /** Starts the daemon again after {@link #stop} or {@link #kill}. */
  public void start() throws IOException {
    Path folder = folder();
    Files.deleteIfExists(folder.resolve("docker.pid"));
    forgetContainerd(folder.resolve("exec/containerd/containerd.pid"));
    Files.deleteIfExists(socket());
    Process started =
        registry.start(
            new ProcessBuilder(
                    DOCKERD.toString(),
                    "--config-file=" + folder.resolve("daemon.json"),
                    "--data-root=" + folder.resolve("data"),
                    "--exec-root=" + folder.resolve("exec"),
                    "--host=unix://" + socket(),
                    "--pidfile=" + folder.resolve("docker.pid"),
                    "--cgroup-parent=" + remains.group(),
                    "--bridge=none",
                    "--iptables=false",
                    "--ip6tables=false",
                    "--storage-driver=overlay2",
                    "--live-restore")
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())));
    process =
        new ProcessTable()
            .find(started.pid())
            .orElseThrow(() -> new IOException("dockerd ended at once: " + lastLine()))
            .id();
    until("answers", this::answers);
  }

  /** Ends the daemon in order; its containers run on. */
  public void stop() throws IOException {
    thaw();
    Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
    if (new ProcessTable().alive(process) && handle.isPresent()) {
      handle.get().destroy();
      until("has ended", () -> !new ProcessTable().alive(process));
    }
  }

  /** Kills the daemon; its containers run on. */
  public void kill() throws IOException {
    Signal.KILL.send(process);
    until("is killed", () -> !new ProcessTable().alive(process));
  }

  /** Stops the daemon with SIGSTOP: its socket takes connections, and nobody answers. */
  public void freeze() throws IOException {
    Signal.STOP.send(process);
  }

  /** Lets it go on. */
  public void thaw() throws IOException {
    Signal.CONTINUE.send(process);
  }

  /**
   * Makes an image of a folder.
   *
   * @param root its root folder
   * @param name the image's name
   * @param entrypoint path of the program in it that a container starts
   */
  public void image(Path root, String name, String entrypoint) throws IOException {
    Path archive = folder().resolve("image.tar");
    Commands.run(
        List.of("tar", "-C", root.toString(), "--numeric-owner", "-cf", archive.toString(), "."));
    client(
        "import",
        "--change",
        "ENTRYPOINT [\"" + entrypoint + "\"]",
        "--change",
        "ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        archive.toString(),
        name);
    Files.delete(archive);
  }

  /** Runs Docker's own client against this daemon and returns what it printed. */
  public String client(String... arguments) throws IOException {
    java.util.ArrayList<String> line =
        new java.util.ArrayList<>(List.of(CLIENT.toString(), "--host=unix://" + socket()));
    line.addAll(List.of(arguments));
    return Commands.run(line);
  }

  /** Kills the daemon with all its containers and removes what it made outside its folder. */
  @Override
  public void close() throws IOException {
    remains.remove();
  }

  /**
   * The containerd of a daemon that was killed dies with it. As long as nobody has reaped it, the
   * next daemon takes it for a living one, and gives up waiting for it.
   */
  private void forgetContainerd(Path file) throws IOException {
    if (Files.exists(file)) {
      long pid = Long.parseLong(Files.readString(file).strip());
      until("has no containerd any more", () -> new ProcessTable().find(pid).isEmpty());
      Files.delete(file);
    }
  }

  private Path folder() {
    return remains.folder();
  }

  private Path log() {
    return folder().resolve("dockerd.log");
  }

  private String lastLine() {
    try (var lines = Files.lines(log())) {
      return lines.reduce((a, b) -> b).orElse("it said nothing");
    } catch (IOException e) {
      return "its log cannot be read: " + Reasons.of(e);
    }
  }

  private boolean answers() throws IOException {
    if (!new ProcessTable().alive(process)) {
      throw new IOException("dockerd ended: " + lastLine());
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket())) && !client("version").isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private void until(String what, Check check) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!check.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "it is not so after "
                + PATIENCE.toSeconds()
                + " s that dockerd "
                + what
                + ": "
                + lastLine());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @FunctionalInterface
  private interface Check {
    boolean holds() throws IOException;
  }
}
