package io.cotidal.remote.http.kept;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of a few lines that does what it is told on each connection, right or wrong. */
final class Peer implements AutoCloseable {
  private final ServerSocket server;
  private final Script script;
  private final List<Talk> talks = new CopyOnWriteArrayList<>();
  private final List<Throwable> troubles = new CopyOnWriteArrayList<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);

  /** What it does on one connection. */
  interface Script {
    void run(Talk talk) throws Exception;
  }

  Peer(Script script) throws IOException {
    this(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()), script);
  }

  Peer(ServerSocket server, Script script) {
    this.server = server;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** How many connections were made. */
  int connections() {
    return talks.size();
  }

  List<Throwable> troubles() {
    return troubles;
  }

  /** How many connections it has closed. */
  int ended() {
    return ended.get();
  }

  /** Lets those go that wait in {@link Talk#hold}. */
  void release() {
    over.countDown();
  }

  private void accept() {
    try {
      while (true) {
        Talk talk = new Talk(server.accept(), talks.size(), over);
        talks.add(talk);
        Thread.ofVirtual().start(() -> serve(talk));
      }
    } catch (IOException e) {
      release();
    }
  }

  private void serve(Talk talk) {
    try (talk.socket) {
      script.run(talk);
    } catch (Exception | AssertionError e) {
      troubles.add(e);
    } finally {
      ended.incrementAndGet();
    }
  }

  @Override
  public void close() throws IOException {
    release();
    server.close();
    for (Talk talk : talks) {
      talk.socket.close();
    }
  }

  /** One connection. */
  static final class Talk {
    private final Socket socket;
    private final InputStream in;
    private final int number;
    private final CountDownLatch over;

    private Talk(Socket socket, int number, CountDownLatch over) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
      this.number = number;
      this.over = over;
    }

    /** From 0, in the order in which they came. */
    int number() {
      return number;
    }

    /** The next head with its empty line; empty at the end. */
    String head() throws IOException {
      StringBuilder text = new StringBuilder();
      while (text.indexOf("\r\n\r\n") < 0) {
        int one = in.read();
        if (one < 0) {
          return "";
        }
        text.append((char) one);
      }
      return text.toString();
    }

    byte[] take(int most) throws IOException {
      return in.readNBytes(most);
    }

    void say(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }

    /** Ends it the hard way. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Keeps it open without a word. */
    void hold() throws InterruptedException {
      over.await();
    }
  }
}
