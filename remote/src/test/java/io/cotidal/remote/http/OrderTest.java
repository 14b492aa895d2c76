package io.cotidal.remote.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.Order.Content;
import io.cotidal.remote.http.Order.Method;
import io.cotidal.remote.http.Question.SecretHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that bring a body. */
@DisplayName("a request")
@Timeout(20)
class OrderTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private static GuardedHttp http(int port, Guard guard) {
    return new GuardedHttp(HttpAddress.parse("http://127.0.0.1:" + port), guard);
  }

  @Test
  @DisplayName("brings its method, its type and its body, and gives bytes back")
  void brings() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            String length = exchange.getRequestHeaders().getFirst("Content-Length");
            String said =
                exchange.getRequestMethod()
                    + " "
                    + exchange.getRequestURI()
                    + " "
                    + type
                    + " "
                    + length
                    + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] body = said.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(201, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    try {
      GuardedHttp http = http(server.getAddress().getPort(), Guard.STRICT);
      Deadline deadline = Deadline.in(Duration.ofSeconds(10));
      Question question = Question.json("/a%20b?c=d");
      for (Method method : new Method[] {Method.PUT, Method.POST, Method.DELETE}) {
        Reply reply =
            http.send(
                new Order(method, question, Optional.of(Content.json("{\"ä\":1}"))), deadline);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(new String(reply.bytes(), StandardCharsets.UTF_8))
            .isEqualTo(method + " /a%20b?c=d application/json 8 {\"ä\":1}");
      }
      assertThat(http.send(new Order(Method.POST, question, Optional.empty()), deadline).text())
          .isEqualTo("POST /a%20b?c=d null 0 ");
      assertThat(http.get(question, deadline).text()).isEqualTo("GET /a%20b?c=d null null ");
    } finally {
      server.stop(0);
    }
  }

  @Test
  @DisplayName("ends at its deadline when nobody reads its body")
  void unread() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      deaf.setReceiveBufferSize(1024);
      Order order =
          new Order(
              Method.PUT,
              Question.json("/"),
              Optional.of(new Content("text/plain", new byte[Content.MOST])));
      Deadline deadline = Deadline.in(SHORT);
      assertThatThrownBy(() -> http(deaf.getLocalPort(), Guard.STRICT).send(order, deadline))
          .isInstanceOf(HttpTrouble.class)
          .hasMessageContaining("no whole answer in time");
      assertThat(deadline.nanos() - System.nanoTime())
          .isGreaterThan(-Duration.ofSeconds(5).toNanos());
    }
  }

  @Test
  @DisplayName("holds nothing that would end its head, and no more than may be sent")
  void limits() {
    assertThatThrownBy(() -> new Content("text/plain\r\nX: y", new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Content("text/plain", new byte[Content.MOST + 1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Order(Method.GET, Question.json("/"), Optional.of(Content.json("{}"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("knows private networks")
  void networks() {
    for (String near :
        new String[] {"127.0.0.1", "10.1.2.3", "192.168.0.1", "100.64.1.1", "fd00::1"}) {
      assertThat(Guard.ownNetwork().tells(InetAddress.ofLiteral(near))).as(near).isTrue();
    }
    for (String far : new String[] {"192.0.2.1", "100.128.1.1", "2001:db8::1", "172.32.0.1"}) {
      assertThat(Guard.ownNetwork().tells(InetAddress.ofLiteral(far))).as(far).isFalse();
    }
    assertThat(Guard.STRICT.tells(InetAddress.ofLiteral("10.1.2.3"))).isFalse();
    assertThat(Guard.STRICT.tells(InetAddress.ofLiteral("::1"))).isTrue();
  }

  @Test
  @DisplayName("tells its secret in plain to no stranger, and goes to no address of the link")
  void secrets() {
    Question secret =
        Question.json("/").with(new SecretHeader("Authorization", new Secret("hidden")));
    assertThat(refusal("http://192.0.2.1:9", Guard.ownNetwork(), secret)).contains("not sent");
    assertThat(refusal("http://169.254.1.1:9", Guard.ownNetwork(), secret)).contains("not asked");
  }

  private static String refusal(String url, Guard guard, Question question) {
    try {
      Reply reply =
          new GuardedHttp(HttpAddress.parse(url), guard).get(question, Deadline.in(SHORT));
      return "answered " + reply.status();
    } catch (HttpTrouble e) {
      return e.getMessage();
    }
  }
}
