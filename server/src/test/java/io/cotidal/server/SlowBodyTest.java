package io.cotidal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A body that comes for longer than a header may. */
@Timeout(60)
final class SlowBodyTest {
  private static final Duration MOST = Duration.ofMillis(400);
  private static final int PARTS = 150;

  /** Reads a whole body, and answers with its length. */
  private static final class Counting extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      int length;
      try (InputStream in = Content.Source.asInputStream(request)) {
        length = in.readAllBytes().length;
      }
      byte[] text = String.valueOf(length).getBytes(StandardCharsets.US_ASCII);
      response.getHeaders().put("Content-Length", text.length);
      response.write(true, ByteBuffer.wrap(text), callback);
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Expect: 100-continue\r\n"})
  @DisplayName("an upload may take its time, whether its client asked first or not")
  void slow(String asked) throws Exception {
    Server server = new Server(Listening.threads("slow-body"));
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    SlowHeaders slow = new SlowHeaders(MOST);
    connector.addBean(slow, true);
    server.setHandler(slow.watched(new Counting()));
    server.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      String head = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + asked;
      out.write(
          (head + "Content-Length: " + PARTS + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      if (!asked.isEmpty()) {
        assertThat(Http.line(socket.getInputStream())).startsWith("HTTP/1.1 100");
        assertThat(Http.line(socket.getInputStream())).isEmpty();
      }
      for (int part = 0; part < PARTS; part++) {
        await().pollDelay(Duration.ofMillis(10)).until(() -> true);
        out.write('x');
        out.flush();
      }
      Http.Response response = Http.read(socket.getInputStream(), true);
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(String.valueOf(PARTS));
    } finally {
      server.stop();
    }
  }

  @Test
  @DisplayName("whoever sends a header a byte at a time is cut off, however lively the connection")
  void slowHead() throws Exception {
    Server server = new Server();
    ServerConnector connector =
        Listening.connector(
            server,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            ServerOptions.of("test"));
    assertThat(connector.getBeans(Connection.Listener.class))
        .as("what the connector tells of its connections")
        .hasAtLeastOneElementOfType(SlowHeaders.class);
    connector.getBeans(SlowHeaders.class).forEach(connector::removeBean);
    connector.addBean(new SlowHeaders(MOST), true);
    server.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
      OutputStream out = socket.getOutputStream();
      out.write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      await()
          .atMost(MOST.multipliedBy(20))
          .pollInterval(MOST.dividedBy(10))
          .until(() -> {
            try {
              out.write('x');
              out.flush();
              return false;
            } catch (IOException e) {
              return true;
            }
          });
    } finally {
      server.stop();
    }
  }
}
