package io.cotidal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Permission;
import io.cotidal.server.access.Credentials;
import io.cotidal.server.compat.Anonymous;
import io.cotidal.server.compat.Authenticator;
import io.cotidal.server.compat.CompatAnswer;
import io.cotidal.server.compat.CompatRequest;
import io.cotidal.server.fake.MemoryTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@DisplayName("A listener for an original's protocol")
class CompatListenerTest {
  private final Credentials credentials =
      new Credentials(new MemoryTokens(), InstantSource.system());
  private final List<CompatRequest> seen = new ArrayList<>();
  private final List<String> audit = new ArrayList<>();
  private final List<CompatListener> listeners = new ArrayList<>();

  @AfterEach
  void stop() {
    listeners.forEach(CompatListener::close);
  }

  private CompatAnswer answer(CompatRequest request) {
    seen.add(request);
    return switch (request.path()) {
      case "/none" -> new CompatAnswer(204, "", "", Map.of());
      case "/same" -> new CompatAnswer(304, "", "", Map.of());
      case "/no" -> new CompatAnswer(403, "text/plain", "no", Map.of());
      case "/fault" -> throw new IllegalStateException("with a secret");
      default ->
          new CompatAnswer(
              200,
              "text/plain",
              request.caller().actor() + " " + request.body(),
              Map.of("X-Own", "1"));
    };
  }

  private Http start(Optional<Anonymous> anonymous, ServerOptions options) throws IOException {
    CompatListener listener =
        new CompatListener(
            new CompatListener.Protocol(
                "old", this::answer, new Authenticator(credentials, anonymous), audit::add),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            InstantSource.system(),
            options);
    listeners.add(listener);
    listener.start();
    return new Http(listener.port());
  }

  private Http start() throws IOException {
    return start(Optional.empty(), ServerOptions.of("1"));
  }

  private String token() {
    return credentials
        .issue("ann", Permission.USER, "copies/*", Duration.ofDays(1))
        .orElseThrow()
        .secret()
        .reveal();
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("copies/E1: without a token the answer is 401 with a challenge, on every path")
  void nobody() throws IOException {
    Http http = start();
    for (String path : List.of("/", "/db", "/healthz", "/api/v1/resources")) {
      Http.Response answer = http.get(path);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate")).startsWith("Basic realm=");
    }
    assertThat(seen).isEmpty();
    assertThat(audit).isEmpty();
  }

  @Test
  @DisplayName("copies/E1: a token counts as bearer and as the password of HTTP Basic")
  void tokens() throws IOException {
    Http http = start();
    String token = token();
    assertThat(http.bearer(token).get("/x").body()).isEqualTo("ann ");
    assertThat(http.with("Authorization", basic("whoever:" + token)).get("/x").status())
        .isEqualTo(200);
    assertThat(http.with("Authorization", basic(":" + token)).get("/x").status()).isEqualTo(200);
    assertThat(seen).allMatch(it -> it.caller().token().scope().equals("copies/*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Bearer cot_x", "Basic !!", "Basic", "Basic YWJj", "Digest a", "", "cot_x"})
  @DisplayName("copies/E1: credentials that prove nothing are refused, anonymous access or not")
  void wrong(String header) throws IOException {
    Http http =
        start(Optional.of(new Anonymous(Permission.USER, "*")), ServerOptions.of("1"))
            .with("Authorization", header);
    assertThat(http.get("/x").status()).isEqualTo(401);
    assertThat(http.with("Authorization", basic("x:cot_y")).get("/x").status()).isEqualTo(401);
    assertThat(seen).isEmpty();
  }

  @Test
  @DisplayName("copies/E1: anonymous access has the role that was configured, and is announced")
  void anonymous() throws IOException {
    Http http =
        start(Optional.of(new Anonymous(Permission.VIEWER, "copies/*")), ServerOptions.of("1"));
    assertThat(http.get("/x").body()).isEqualTo("anonymous ");
    assertThat(seen.getFirst().caller().allows(Permission.VIEWER)).isTrue();
    assertThat(seen.getFirst().caller().allows(Permission.USER)).isFalse();
    assertThat(audit)
        .singleElement()
        .asString()
        .contains("may do there what a viewer may on copies/*, without a token");
    assertThatThrownBy(() -> new Anonymous(Permission.ADMIN, "*"))
        .hasMessageStartingWith("anonymous-as: admin");
  }

  @Test
  @DisplayName("copies/E1: a page from elsewhere cannot call it, whatever the caller may do")
  void foreign() throws IOException {
    Http http = start(Optional.of(new Anonymous(Permission.USER, "*")), ServerOptions.of("1"));
    assertThat(http.with("Origin", "https://evil.example").get("/x").status()).isEqualTo(403);
    assertThat(http.with("Sec-Fetch-Site", "cross-site").get("/x").status()).isEqualTo(403);
    assertThat(
            http.with("Sec-Fetch-Site", "cross-site")
                .with("Sec-Fetch-Mode", "navigate")
                .with("Sec-Fetch-Dest", "document")
                .get("/")
                .status())
        .isEqualTo(403);
    assertThat(http.with("Host", "evil.example").get("/x").status()).isEqualTo(403);
    assertThat(seen).isEmpty();
    Http named =
        start(
            Optional.of(new Anonymous(Permission.USER, "*")),
            ServerOptions.of("1").withHosts(Set.of("db.example")));
    assertThat(named.with("Host", "db.example:5001").get("/x").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("copies/E5: the handler sees the request as it came, and its answer goes out as is")
  void passing() throws IOException {
    Http http = start().bearer(token());
    Http.Response answer =
        http.with("Content-Type", "application/x-www-form-urlencoded")
            .send("POST", "/a%20b/c?all=true&x=%20", "ttl=5&ü");
    assertThat(answer.body()).isEqualTo("ann ttl=5&ü");
    assertThat(answer.header("X-Own")).isEqualTo("1");
    CompatRequest request = seen.getFirst();
    assertThat(request.path()).isEqualTo("/a%20b/c");
    assertThat(request.query()).isEqualTo("all=true&x=%20");
    assertThat(request.type()).isEqualTo("application/x-www-form-urlencoded");
    assertThat(request.changes()).isTrue();
    assertThat(http.get("/a%2Fb").status()).isEqualTo(400);
    for (String path : List.of("/none", "/same")) {
      Http.Response empty = http.get(path);
      assertThat(empty.header("Content-Type")).isNull();
      assertThat(empty.bytes()).isEmpty();
    }
    assertThat(http.get("/none").header("Content-Length")).isNull();
    assertThat(http.send("HEAD", "/x", null).header("Content-Length")).isEqualTo("4");
  }

  @Test
  @DisplayName("copies/E1: bodies, headers and refusals are limited as those of the API are")
  void limits() throws IOException {
    Http http = start(Optional.empty(), ServerOptions.of("1").withLimits(16, 1, 3));
    Http ann = http.bearer(token());
    assertThat(ann.send("POST", "/x", "y".repeat(1024 * 1024 + 1)).status()).isEqualTo(413);
    assertThat(ann.with("X-Big", "y".repeat(9000)).get("/x").status()).isEqualTo(431);
    assertThat(ann.with("Content-Encoding", "gzip").send("POST", "/x", "y").status())
        .isEqualTo(415);
    for (int i = 0; i < 3; i++) {
      assertThat(http.get("/x").status()).isEqualTo(401);
      assertThat(ann.get("/no").status()).isEqualTo(403);
    }
    assertThat(http.get("/x").status()).isEqualTo(429);
    assertThat(ann.get("/no").status()).isEqualTo(429);
    assertThat(ann.get("/x").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("copies/E2: a fault of ours says nothing of itself")
  void fault() throws IOException {
    Http.Response answer = start().bearer(token()).get("/fault");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @Test
  @DisplayName("copies/E3: it listens beyond loopback only if TLS ends in front of it")
  void beyond() throws UnknownHostException {
    InetSocketAddress all =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {0, 0, 0, 0}), 0);
    CompatListener.Protocol protocol =
        new CompatListener.Protocol(
            "old", this::answer, new Authenticator(credentials, Optional.empty()), audit::add);
    assertThatThrownBy(
            () -> new CompatListener(protocol, all, InstantSource.system(), ServerOptions.of("1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a loopback address");
    new CompatListener(
            protocol, all, InstantSource.system(), ServerOptions.of("1").withTlsInFront(true))
        .close();
  }
}
