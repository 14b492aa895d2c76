package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.FaultProxy.Way;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FaultProxyTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private ServerSocket echo;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    proxy =
        new FaultProxy(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort()));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  private void serve() {
    while (!echo.isClosed()) {
      try {
        Socket socket = echo.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      byte[] buffer = new byte[65_536];
      InputStream in = socket.getInputStream();
      for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
        heard.add(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(buffer, 0, length);
      }
      heard.add("end");
    } catch (IOException e) {
      heard.add("reset");
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(500);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String hear(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  @Test
  void withoutFaultsBytesAndEndsPassBothWays() throws Exception {
    try (Socket socket = connect()) {
      byte[] sent = new byte[3_000_000];
      new Random(7).nextBytes(sent);
      socket.setSoTimeout(5_000);
      Thread.ofVirtual()
          .start(() -> {
            try {
              socket.getOutputStream().write(sent);
              socket.shutdownOutput();
            } catch (IOException e) {
              heard.add("cannot write: " + e);
            }
          });
      assertThat(Arrays.equals(socket.getInputStream().readAllBytes(), sent)).isTrue();
    }
    await().until(() -> proxy.connections() == 0);
  }

  @Test
  void delayIsAddedEachWay() throws Exception {
    try (Socket socket = connect()) {
      socket.setSoTimeout(5_000);
      proxy.delay(Way.TO_SERVER, Duration.ofMillis(100));
      proxy.delay(Way.TO_CLIENT, Duration.ofMillis(150));
      long begin = System.nanoTime();
      say(socket, "x");
      assertThat(hear(socket, 1)).isEqualTo("x");
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(250), Duration.ofSeconds(3));
    }
  }

  @Test
  void heldToTheServerNothingArrivesAndNothingIsLost() throws Exception {
    try (Socket socket = connect()) {
      proxy.hold(Way.TO_SERVER);
      say(socket, "held");
      assertThat(heard.poll(200, TimeUnit.MILLISECONDS)).isNull();
      proxy.release(Way.TO_SERVER);
      assertThat(hear(socket, 4)).isEqualTo("held");
    }
  }

  @Test
  void heldToTheClientTheServerStillHears() throws Exception {
    try (Socket socket = connect()) {
      proxy.hold(Way.TO_CLIENT);
      say(socket, "one way");
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("one way");
      assertThatThrownBy(() -> hear(socket, 1)).isInstanceOf(SocketTimeoutException.class);
      proxy.release(Way.TO_CLIENT);
      assertThat(hear(socket, 7)).isEqualTo("one way");
    }
  }

  @Test
  void aBlackHoleAcceptsAndAnswersNothing() throws Exception {
    proxy.hold(Way.TO_SERVER);
    proxy.hold(Way.TO_CLIENT);
    try (Socket socket = connect()) {
      say(socket, "anybody?");
      assertThatThrownBy(() -> hear(socket, 1)).isInstanceOf(SocketTimeoutException.class);
      assertThat(heard).isEmpty();
    }
  }

  @Test
  void cutResetsWhatIsOpenAndRefusesWhatIsNewUntilMended() throws Exception {
    try (Socket socket = connect()) {
      say(socket, "x");
      assertThat(hear(socket, 1)).isEqualTo("x");
      socket.setSoTimeout(5_000);
      proxy.cut();
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    proxy.mend();
    try (Socket socket = connect()) {
      say(socket, "again");
      assertThat(hear(socket, 5)).isEqualTo("again");
    }
  }

  @Test
  void aServerThatIsGoneResetsTheClient() throws Exception {
    int port = echo.getLocalPort();
    echo.close();
    try (Socket held = new Socket()) {
      held.setReuseAddress(true);
      // It listens until the thread that accepts has heard of its end; nobody else shall after it.
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(10))
          .ignoreExceptions()
          .until(() -> {
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
          });
      try (Socket socket = connect()) {
        socket.setSoTimeout(5_000);
        assertThatThrownBy(() -> socket.getInputStream().readNBytes(1))
            .isInstanceOf(IOException.class)
            .isNotInstanceOf(SocketTimeoutException.class);
      }
    }
  }
}
