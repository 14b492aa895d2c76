package io.cotidal.sources;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/** A server that gives recorded answers, over TCP, TLS or a Unix socket; or none at all. */
final class Recorded implements AutoCloseable {
  private final Closeable door;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final int port;

  /** The requests so far: their heads. */
  final List<String> heads = new CopyOnWriteArrayList<>();

  /** What is sent, byte by byte, for a path and query. */
  volatile Function<String, String> answers = target -> answer(503, "not yet");

  /** Whether requests are read and never answered. */
  volatile boolean hangs;

  private Recorded(Closeable door, int port) {
    this.door = door;
    this.port = port;
  }

  static Recorded tcp(ServerSocketFactory factory) throws IOException {
    ServerSocket door = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Recorded server = new Recorded(door, door.getLocalPort());
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (server.closed.getCount() > 0) {
            try {
              Socket socket = door.accept();
              Thread.ofVirtual()
                  .start(() -> {
                    try (socket) {
                      server.serve(socket.getInputStream(), socket.getOutputStream());
                    } catch (IOException | InterruptedException e) {
                      // The client has gone: that is its right.
                      return;
                    }
                  });
            } catch (IOException e) {
              return;
            }
          }
        });
    return server;
  }

  static Recorded tcp() throws IOException {
    return tcp(ServerSocketFactory.getDefault());
  }

  static Recorded unix(Path path) throws IOException {
    ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    door.bind(UnixDomainSocketAddress.of(path));
    Recorded server = new Recorded(door, 0);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (server.closed.getCount() > 0) {
            try {
              SocketChannel socket = door.accept();
              Thread.ofVirtual()
                  .start(() -> {
                    try (socket) {
                      server.serve(
                          Channels.newInputStream(socket), Channels.newOutputStream(socket));
                    } catch (IOException | InterruptedException e) {
                      return;
                    }
                  });
            } catch (IOException e) {
              return;
            }
          }
        });
    return server;
  }

  private void serve(InputStream in, OutputStream out) throws IOException, InterruptedException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int one = in.read();
      if (one < 0) {
        return;
      }
      head.append((char) one);
    }
    heads.add(head.toString());
    if (hangs) {
      closed.await();
      return;
    }
    String answer = answers.apply(head.toString().split(" ", 3)[1]);
    out.write(answer.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  static String answer(int status, String body, String... headers) {
    return "HTTP/1.1 "
        + status
        + " X\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n"
        + String.join("", List.of(headers).stream().map(line -> line + "\r\n").toList())
        + "\r\n"
        + body;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    door.close();
  }
}
