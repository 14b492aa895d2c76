package io.cotidal.lab.swift;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A proxy on loopback that understands requests of HTTP/1.1, passes them on, and fails those that a
 * plan names. What passes is not changed but for blanks before the values of headers. Behind or
 * before a {@link io.cotidal.lab.FaultProxy} it is slow as well. Thread-safe.
 */
public final class HttpFaults implements AutoCloseable {
  private final InetSocketAddress server;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private volatile HttpFault.Plan plan = HttpFault.Plan.NONE;

  /** Listens on a port of its own choice for requests to {@code server}. */
  public HttpFaults(InetSocketAddress server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("http-faults-" + port()).start(this::accept);
  }

  /** Where clients connect. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Where clients connect. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
  }

  /** Decides by another plan from the next request on. */
  public void plan(HttpFault.Plan other) {
    plan = other;
  }

  /** How many requests came. */
  public long requests() {
    return requests.get();
  }

  /** How many of them failed here. */
  public long faults() {
    return faults.get();
  }

  /** Method and target of each request that came, in order. */
  public Queue<String> seen() {
    return seen;
  }

  /** Takes note of a request, and says what becomes of it. */
  HttpFault next(String method, String target) {
    seen.add(method + " " + target);
    HttpFault fault = plan.of(requests.incrementAndGet(), method, target);
    if (!(fault instanceof HttpFault.None)) {
      faults.incrementAndGet();
    }
    return fault;
  }

  /** A connection to the server. */
  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(server, 5_000);
    socket.setTcpNoDelay(true);
    sockets.add(socket);
    return socket;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        sockets.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that went away at once: the loop's condition decides.
      }
    }
  }

  private void serve(Socket client) {
    HttpConnection connection = new HttpConnection(this, client);
    try {
      connection.serve();
    } catch (IOException e) {
      // What ended badly at one side ends badly at the other.
      connection.reset();
    } catch (InterruptedException e) {
      connection.reset();
      Thread.currentThread().interrupt();
    } finally {
      connection.close();
      sockets.removeIf(Socket::isClosed);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
