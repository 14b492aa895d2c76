package io.cotidal.gateway.placing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.placing.PlacingText;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.swift.Signer;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisplayName("the placing comes from the gateway's own site")
final class FetchingTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final MemberId EAST = new MemberId("east");

  @TempDir Path folder;

  /** What the site has; empty for nothing. */
  private final AtomicReference<Optional<String>> there = new AtomicReference<>(Optional.empty());

  private HttpServer server;
  private Swift site;
  private Path file;
  private Fetching fetching;

  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    server.createContext(
        "/auth/v1.0",
        exchange -> {
          exchange.getResponseHeaders().set("X-Auth-Token", "token");
          answer(exchange, 200, "");
        });
    server.createContext("/v1/AUTH_cotidal/cotidal-placing/media", this::object);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Site east =
        new Site(
            EAST,
            url + "/v1",
            "east",
            new Site.Identity.TempAuth(url + "/auth/v1.0", "a:b", new Secret("key")),
            Site.Role.ACTIVE,
            Map.of(),
            Optional.empty());
    Realm realm = new Realm("lab", new Secret("key"), Optional.empty());
    site = new Swift(east, new Signer(realm, () -> "nonce"), Limits.USUAL, InstantSource.system());
    file = folder.resolve("placing.json");
    fetching = new Fetching(site, new Fetching.Source("AUTH_cotidal", "media"), file);
  }

  @AfterEach
  void end() {
    site.close();
    server.stop(0);
  }

  private void object(HttpExchange exchange) throws IOException {
    Optional<String> text = there.get();
    if (text.isPresent()) {
      exchange.getResponseHeaders().set("X-Timestamp", "1700000000.00000");
      exchange.getResponseHeaders().set("Etag", "d41d8cd98f00b204e9800998ecf8427e");
    }
    answer(exchange, text.isPresent() ? 200 : 404, text.orElse(""));
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String placing(long generation, Promise usual) {
    Map<MemberId, Site.Role> sites = new LinkedHashMap<>();
    sites.put(EAST, Site.Role.ACTIVE);
    return PlacingText.write(new Placing(generation, sites, List.of(), usual));
  }

  private boolean once() throws InterruptedException {
    return fetching.once(Deadline.in(SOON));
  }

  @Test
  @DisplayName("another one replaces the file; the same, an older one, or none does not")
  void taken() throws Exception {
    assertThat(once()).isFalse();
    assertThat(file).doesNotExist();
    String five = placing(5, Promise.LOCAL);
    there.set(Optional.of(five));
    assertThat(once()).isTrue();
    assertThat(file).content().isEqualTo(five);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(once()).isFalse();
    there.set(Optional.of(placing(4, Promise.ALL)));
    assertThat(once()).isFalse();
    there.set(Optional.empty());
    assertThat(once()).isFalse();
    assertThat(file).content().isEqualTo(five);
    there.set(Optional.of(placing(6, Promise.ALL)));
    assertThat(once()).isTrue();
  }

  @Test
  @DisplayName("what is broken is for the file's reader to refuse; what is too large is none")
  void odd() throws Exception {
    there.set(Optional.of("x".repeat((1 << 20) + 1)));
    assertThat(once()).isFalse();
    there.set(Optional.of("{"));
    assertThat(once()).isTrue();
    there.set(Optional.of(placing(1, Promise.LOCAL)));
    assertThat(once()).isTrue();
  }

  @Test
  @DisplayName("a site that is down changes nothing, and it is tried again until it is told to end")
  void again() throws Exception {
    String one = placing(1, Promise.LOCAL);
    Files.writeString(file, one);
    InetSocketAddress address = server.getAddress();
    server.stop(0);
    assertThat(once()).isFalse();
    assertThat(file).content().isEqualTo(one);
    fetching.start();
    String two = placing(2, Promise.LOCAL);
    there.set(Optional.of(two));
    HttpServer back = HttpServer.create(address, 4);
    back.createContext(
        "/auth/v1.0",
        exchange -> {
          exchange.getResponseHeaders().set("X-Auth-Token", "token");
          answer(exchange, 200, "");
        });
    back.createContext("/v1/AUTH_cotidal/cotidal-placing/media", this::object);
    back.start();
    try {
      await().atMost(SOON).untilAsserted(() -> assertThat(file).content().isEqualTo(two));
    } finally {
      fetching.close();
      back.stop(0);
    }
  }
}
