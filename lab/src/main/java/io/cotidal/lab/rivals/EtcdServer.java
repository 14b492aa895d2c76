package io.cotidal.lab.rivals;

import io.cotidal.lab.ServerRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A single etcd on loopback, with its standard settings. It ends with the lab. */
public final class EtcdServer {
  private static final Path PROGRAM = Path.of("/usr/bin/etcd");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final int port;
  private final Agent agent;

  private EtcdServer(int port, Agent agent) {
    this.port = port;
    this.agent = agent;
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(PROGRAM)
        ? Optional.empty()
        : Optional.of("etcd is not installed: apt-get install etcd-server");
  }

  /** Makes one and waits until it listens. */
  public static EtcdServer start(ServerRegistry registry) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    int port = registry.port();
    String peer = "http://127.0.0.1:" + registry.port();
    String client = "http://127.0.0.1:" + port;
    Account account = Account.in(registry, "etcd", Path.of("/usr/bin"));
    Agent agent =
        new Agent(
            registry,
            account,
            "etcd",
            List.of(
                PROGRAM.toString(),
                "--name=lab",
                "--data-dir=" + account.home().resolve("data"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=lab=" + peer));
    EtcdServer server = new EtcdServer(port, agent);
    agent.start();
    server.listening();
    return server;
  }

  private void listening() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (!agent.runs() || System.nanoTime() > end) {
        throw new IOException("etcd does not listen: " + agent.said());
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      // Not yet.
      return false;
    }
  }

  /** Where clients connect, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Ends it. */
  public void kill() throws IOException {
    agent.kill();
  }
}
