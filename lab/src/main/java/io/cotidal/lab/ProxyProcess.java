package io.cotidal.lab;

import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A proxy's process: started as an account without rights, watched until it listens, ended. */
final class ProxyProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ServerRegistry registry;
  private final Path folder;
  private final List<String> command;
  private final int port;
  private final String user;
  private @Nullable Process process;

  /** A process that is to run {@code command} and to listen on {@code port} of the loopback. */
  ProxyProcess(ServerRegistry registry, Path folder, List<String> command, int port)
      throws IOException {
    this.registry = registry;
    this.folder = folder;
    this.command = List.copyOf(command);
    this.port = port;
    this.user = ServerUser.choose();
  }

  /** Starts it and waits until it listens. */
  void start() throws IOException {
    List<String> line = new ArrayList<>();
    if (!user.isEmpty()) {
      Commands.run(List.of("chown", "-R", user, folder.toString()));
      line.addAll(
          List.of(
              "setpriv",
              "--reuid=" + user,
              "--regid=" + (user.equals("nobody") ? "nogroup" : user),
              "--clear-groups"));
    }
    line.addAll(command);
    process =
        registry.start(
            new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .redirectInput(Path.of("/dev/null").toFile()));
    listening();
  }

  /** What it has said so far. */
  String said() throws IOException {
    return Files.readString(log(), StandardCharsets.ISO_8859_1);
  }

  private Path log() {
    return folder.resolve("log");
  }

  /** Sends a signal to it. */
  void signal(Signal signal) throws IOException {
    Optional<ProcessTable.Entry> entry = new ProcessTable().find(running().pid());
    if (entry.isEmpty()) {
      throw new IOException(command.getFirst() + " has ended: " + said());
    }
    signal.send(entry.get().id());
  }

  /** Kills it and waits for its end. */
  void kill() throws IOException {
    signal(Signal.KILL);
    try {
      if (!running().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(command.getFirst() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.getFirst() + " ended", e);
    }
  }

  private Process running() throws IOException {
    Process running = process;
    if (running == null) {
      throw new IOException(command.getFirst() + " was never started");
    }
    return running;
  }

  private void listening() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (!running().isAlive()) {
        throw new IOException(command.getFirst() + " ended at once: " + said());
      }
      if (System.nanoTime() > end) {
        throw new IOException("no sign that " + command.getFirst() + " listens: " + said());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for " + command.getFirst(), e);
      }
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
