package io.cotidal.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on the loopback that fails on demand: slow, held in one direction or both, or cut.
 * Faults can be changed at any time and act on connections that exist as well as on new ones.
 * Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A way that bytes go. */
  public enum Way {
    /** From the client to the server. */
    TO_SERVER,
    /** From the server to the client. */
    TO_CLIENT
  }

  private final InetSocketAddress server;
  private final Lane toServer = new Lane();
  private final Lane toClient = new Lane();
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private final InetAddress address;
  private final int port;
  private @Nullable ServerSocket listener;
  private @Nullable Thread acceptor;

  /** Listens on a port of its own choice for connections to {@code server}. */
  public FaultProxy(InetSocketAddress server) throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), server);
  }

  /**
   * Listens at {@code at} for connections to {@code server}.
   *
   * @param at an address of the loopback; port 0 for one of its own choice
   */
  public FaultProxy(InetSocketAddress at, InetSocketAddress server) throws IOException {
    this.server = server;
    this.address = at.getAddress();
    ServerSocket first = bind(at.getPort());
    this.port = first.getLocalPort();
    listen(first);
  }

  /** Where clients connect. */
  public int port() {
    return port;
  }

  /** Lets everything that goes {@code way} arrive {@code delay} later. */
  public void delay(Way way, Duration delay) {
    lane(way).delay(delay);
  }

  /**
   * Keeps everything that goes {@code way}, the end of a connection too, until {@link #release}:
   * what a packet filter that drops does to TCP. Connections are still accepted. Held both ways,
   * the proxy is a black hole.
   */
  public void hold(Way way) {
    lane(way).hold();
  }

  /** Lets go what was held {@code way}, in order. */
  public void release(Way way) {
    lane(way).release();
  }

  /** Resets every connection and refuses new ones until {@link #mend}. */
  public synchronized void cut() throws IOException {
    if (listener != null) {
      listener.close();
      listener = null;
      awaitAcceptor();
    }
    connections.forEach(ProxiedConnection::reset);
  }

  /**
   * The port is open until whoever waits in accept has noticed the close. A virtual thread was seen
   * not to notice it at all, so the acceptor is none.
   */
  private void awaitAcceptor() throws IOException {
    Thread accepting = acceptor;
    try {
      if (accepting != null && !accepting.join(PATIENCE)) {
        throw new IOException("port " + port + " is still being accepted on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the port was being closed", e);
    }
  }

  /** Takes every fault away; what was held goes on, what was cut stays cut for its connections. */
  public synchronized void mend() throws IOException {
    for (Way way : Way.values()) {
      delay(way, Duration.ZERO);
      release(way);
    }
    if (listener == null) {
      listen(bind(port));
    }
  }

  /** How many connections are open. */
  public int connections() {
    return connections.size();
  }

  /** How many bytes went {@code way} and arrived, over all connections so far. */
  public long carried(Way way) {
    return lane(way).carried();
  }

  @Override
  public void close() throws IOException {
    cut();
  }

  private Lane lane(Way way) {
    return switch (way) {
      case TO_SERVER -> toServer;
      case TO_CLIENT -> toClient;
    };
  }

  private synchronized void listen(ServerSocket socket) {
    listener = socket;
    acceptor = Thread.ofPlatform().daemon().name("fault-proxy-" + port).start(() -> accept(socket));
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        connect(socket.accept(), socket);
      } catch (IOException e) {
        // Closed by cut(), or a client that went away at once: in both cases the loop's condition
        // decides.
      }
    }
  }

  private void connect(Socket client, ServerSocket acceptor) throws IOException {
    Socket upstream = new Socket();
    ProxiedConnection connection = new ProxiedConnection(client, upstream, connections::remove);
    try {
      upstream.connect(server, 2_000);
    } catch (IOException e) {
      // The server refuses: so does the proxy, as far as one that has accepted can.
      connection.reset();
      return;
    }
    connections.add(connection);
    connection.run(toServer, toClient);
    if (acceptor.isClosed()) {
      // Cut while it was being made.
      connection.reset();
    }
  }

  private ServerSocket bind(int wanted) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(address, wanted), 128);
    return socket;
  }
}
