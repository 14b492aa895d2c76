package io.cotidal.gateway.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A site that does what a real one cannot be made to do at will. */
final class ScriptedSite implements AutoCloseable {
  /** What happens on one connection; it is closed when that ends. */
  @FunctionalInterface
  interface Play {
    void play(RawSocket client) throws Exception;
  }

  private final ServerSocket server;
  private final Play[] plays;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<Exception> failures = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  /** The first connection plays the first, and so on; further ones play the last. */
  ScriptedSite(Play... plays) throws IOException {
    this(ServerSocketFactory.getDefault(), plays);
  }

  /** On other sockets. */
  ScriptedSite(ServerSocketFactory sockets, Play... plays) throws IOException {
    this.plays = plays;
    this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  /** One that answers each request with the same. */
  static ScriptedSite answering(String answer) throws IOException {
    ScriptedSite[] self = new ScriptedSite[1];
    self[0] = new ScriptedSite(client -> self[0].answer(client, answer, Integer.MAX_VALUE));
    return self[0];
  }

  /** One that answers each request with 200 and the lines of its head. */
  static ScriptedSite echoing() throws IOException {
    ScriptedSite[] self = new ScriptedSite[1];
    self[0] =
        new ScriptedSite(client -> {
          for (String head = self[0].request(client);
              !head.isEmpty();
              head = self[0].request(client)) {
            String body = head.startsWith("HEAD") ? "" : head;
            client.send("HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + body);
          }
        });
    return self[0];
  }

  /** Answers so many requests on one connection. */
  void answer(RawSocket client, String answer, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      if (request(client).isEmpty()) {
        return;
      }
      client.send(answer);
    }
  }

  /** Reads a request with its body; empty if there is none. */
  String request(RawSocket client) throws IOException {
    String head = head(client);
    if (!head.isEmpty()) {
      bodies.add(client.body("PUT", head));
    }
    return head;
  }

  /** Reads a head; empty if there is none. */
  String head(RawSocket client) throws IOException {
    String head = client.head();
    if (!head.isEmpty()) {
      heads.add(head);
    }
    return head;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }

  /** Heads of requests, in the order in which they were read. */
  List<String> heads() {
    return heads;
  }

  /** Their bodies. */
  List<String> bodies() {
    return bodies;
  }

  /** What the plays ended with. */
  List<Exception> failures() {
    return failures;
  }

  /** How many were made so far. */
  int connections() {
    return connections.get();
  }

  /** How many are open now. */
  int open() {
    return open.size();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Play play = plays[Math.min(connections.getAndIncrement(), plays.length - 1)];
        open.add(socket);
        Thread.ofVirtual().start(() -> act(socket, play));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void act(Socket socket, Play play) {
    try (RawSocket client = new RawSocket(socket)) {
      play.play(client);
    } catch (Exception e) {
      failures.add(e);
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
