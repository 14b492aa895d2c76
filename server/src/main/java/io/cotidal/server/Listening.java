package io.cotidal.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** What all listeners of the daemon have in common: the address, the limits, the threads. */
final class Listening {
  private static final Duration IDLE = Duration.ofSeconds(30);

  private Listening() {}

  /**
   * Whether the address may be listened on.
   *
   * @throws IllegalArgumentException if it is unknown, or is not a loopback address and nothing
   *     ends TLS before it
   */
  static void check(InetSocketAddress bind, ServerOptions options) {
    InetAddress address = bind.getAddress();
    if (address == null) {
      throw new IllegalArgumentException(
          "listen: the host " + bind.getHostString() + " is unknown");
    }
    if (!address.isLoopbackAddress() && !options.tlsInFront()) {
      throw new IllegalArgumentException(
          "listen: "
              + bind.getHostString()
              + " is not a loopback address, and tokens would cross the network in the clear; "
              + "listen on 127.0.0.1, or put TLS in front and say so");
    }
  }

  static QueuedThreadPool threads(String name) {
    QueuedThreadPool pool = new QueuedThreadPool(8, 2);
    pool.setName(name);
    pool.setDaemon(true);
    VirtualThreadPool requests = new VirtualThreadPool();
    requests.setName("request");
    pool.setVirtualThreadsExecutor(requests);
    return pool;
  }

  static ServerConnector connector(Server server, InetSocketAddress bind, ServerOptions options) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.setRequestHeaderSize(8 * 1024);
    http.setResponseHeaderSize(8 * 1024);
    http.setHttpCompliance(HttpCompliance.RFC9110);
    http.setUriCompliance(UriCompliance.RFC3986);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(bind.getAddress().getHostAddress());
    connector.setPort(bind.getPort());
    connector.setIdleTimeout(IDLE.toMillis());
    connector.setAcceptQueueSize(64);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(options.maxConnections(), server));
    SlowHeaders slow = new SlowHeaders(IDLE);
    // Jetty tells of connections to whoever the connector knows, not to the server's beans.
    connector.addBean(slow, true);
    server.addBean(slow, false);
    return connector;
  }

  /** The handler, with its requests known to what closes slow connections. */
  static Handler watched(Server server, Handler handler) {
    return Objects.requireNonNull(server.getBean(SlowHeaders.class)).watched(handler);
  }

  /** The failure to listen, with its reason and remedy. */
  static IOException failed(InetSocketAddress bind, IOException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new IOException(
        "listen: "
            + bind.getHostString()
            + ":"
            + bind.getPort()
            + " cannot be used ("
            + cause.getMessage()
            + "); stop what uses it or choose another with --listen",
        e);
  }

  /** Where a client on this host finds what listens there. */
  static URI uri(InetSocketAddress bind, int port) {
    String host = bind.getAddress().isAnyLocalAddress() ? "127.0.0.1" : bind.getHostString();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }
}
