package io.cotidal.pgclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cotidal.model.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeadlineTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private static Trouble open(int port) {
    Login login = new Login("127.0.0.1", port, "x", "x", new Secret("canary-pw"), "test");
    PgException problem =
        catchThrowableOfType(PgException.class, () -> PgSession.open(login, SHORT).close());
    assertThat(problem.getMessage()).doesNotContain("canary-pw");
    return problem.trouble();
  }

  private static ServerSocket listener() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @Test
  @DisplayName(
      "postgres/S3: whoever takes the connection and says nothing is silent, by the deadline")
  void silent() throws Exception {
    try (ServerSocket listener = listener()) {
      long began = System.nanoTime();
      assertThat(open(listener.getLocalPort())).isInstanceOf(Trouble.Silent.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isBetween(Duration.ofMillis(250), Duration.ofSeconds(2));
    }
  }

  @Test
  @DisplayName(
      "whoever trickles byte after byte is silent too: the deadline is for the whole login")
  void trickle() throws Exception {
    try (ServerSocket listener = listener()) {
      Thread trickler =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket socket = listener.accept();
                    OutputStream out = socket.getOutputStream()) {
                  out.write('N');
                  byte[] error = {'E', 0, 0, 64, 0};
                  for (byte one : error) {
                    out.write(one);
                    out.flush();
                  }
                  while (!Thread.currentThread().isInterrupted()) {
                    out.write('x');
                    out.flush();
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                  }
                } catch (IOException e) {
                  // The client has gone: that is what the test is about.
                }
              });
      long began = System.nanoTime();
      assertThat(open(listener.getLocalPort())).isInstanceOf(Trouble.Silent.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      trickler.interrupt();
      trickler.join();
    }
  }

  @Test
  void refused() throws Exception {
    int port;
    try (ServerSocket listener = listener()) {
      port = listener.getLocalPort();
    }
    assertThat(open(port)).isInstanceOf(Trouble.Refused.class);
  }

  @Test
  @DisplayName("an interrupted look says nothing about the server")
  void interrupted() throws Exception {
    try (ServerSocket listener = listener()) {
      Thread.currentThread().interrupt();
      Trouble trouble = open(listener.getLocalPort());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(trouble).isInstanceOf(Trouble.CannotTell.class);
    }
  }
}
