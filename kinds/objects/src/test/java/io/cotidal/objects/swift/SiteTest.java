package io.cotidal.objects.swift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("the client of a site")
@Timeout(30)
class SiteTest {
  private static final String SECRET = "do-not-show";
  private static final ContainerName BOX = new ContainerName("AUTH_test", "box");

  private HttpServer server;
  private int port;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    server.start();
    port = server.getAddress().getPort();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  private Swift swift(Identity identity) {
    Site site =
        new Site(
            new MemberId("b"), url("/v1"), "b", identity, Role.ACTIVE, Map.of(), Optional.empty());
    Realm realm = new Realm("lab", new Secret(SECRET), Optional.empty());
    return new Swift(site, new Signer(realm, () -> "nonce"), Limits.USUAL, InstantSource.system());
  }

  private Identity temp() {
    return new Identity.TempAuth(url("/auth/v1.0"), "admin:admin", new Secret(SECRET));
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void tokens(AtomicInteger number) {
    server.createContext(
        "/auth/v1.0",
        exchange -> {
          exchange.getResponseHeaders().set("X-Auth-Token", "token-" + number.incrementAndGet());
          answer(exchange, 200, "");
        });
  }

  @Test
  @DisplayName("gets a token once, and anew when the site takes it no more, but once only")
  void renews() throws Exception {
    AtomicInteger number = new AtomicInteger();
    tokens(number);
    server.createContext(
        "/v1",
        exchange -> {
          String token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
          heard.add(token);
          boolean fresh = number.get() >= 2 && token.equals("token-2");
          answer(exchange, fresh ? 204 : 401, "");
        });
    try (Swift site = swift(temp())) {
      site.containers().post(BOX, Headers.NONE, soon());
      site.containers().post(BOX, Headers.NONE, soon());
      assertThat(heard).containsExactly("token-1", "token-2", "token-2");
      number.set(10);
      assertThatThrownBy(
              () -> {
                try (Swift other = swift(temp())) {
                  other.containers().post(BOX, Headers.NONE, soon());
                }
              })
          .isInstanceOfSatisfying(
              SwiftTrouble.class, e -> assertThat(e.why()).isEqualTo(Why.REFUSED));
      assertThat(heard).hasSize(5);
    }
  }

  @Test
  @DisplayName(
      "a site that refuses one key of the realm is asked with the other, and first from then on")
  void keys() throws Exception {
    Realm realm = new Realm("lab", new Secret("one"), Optional.of(new Secret("two")));
    Signer signer = new Signer(realm, () -> "nonce");
    Secret key = new Secret("container-key");
    Timestamp written = Timestamp.parse("1716000000.12345");
    String taken =
        signer
            .other()
            .orElseThrow()
            .headers("PUT", "/v1/AUTH_test/box/o", Optional.of(written), key)
            .first("X-Container-Sync-Auth")
            .orElseThrow();
    server.createContext(
        "/v1",
        exchange -> {
          String auth = exchange.getRequestHeaders().getFirst("X-Container-Sync-Auth");
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          heard.add((auth.equals(taken) ? "two " : "one ") + body);
          answer(exchange, auth.equals(taken) ? 201 : 401, "");
        });
    Site place =
        new Site(
            new MemberId("b"), url("/v1"), "b", temp(), Role.ACTIVE, Map.of(), Optional.empty());
    try (Swift site = new Swift(place, signer, Limits.USUAL, InstantSource.system())) {
      Writing writing = Writing.of(BOX, "o", written, key);
      for (int i = 0; i < 2; i++) {
        Body body = Body.of("text".getBytes(StandardCharsets.UTF_8));
        assertThat(site.objects().put(writing, body, soon())).isEqualTo(Applied.DONE);
      }
      assertThat(heard).containsExactly("one text", "two text", "two text");
    }
  }

  @Test
  @DisplayName("asks Keystone for a token of its project")
  void keystone() throws Exception {
    server.createContext(
        "/v3/auth/tokens",
        exchange -> {
          heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.getResponseHeaders().set("X-Subject-Token", "subject");
          answer(exchange, 201, "{}");
        });
    server.createContext(
        "/v1/AUTH_test/box",
        exchange -> {
          heard.add(exchange.getRequestHeaders().getFirst("X-Auth-Token"));
          answer(exchange, 404, "");
        });
    Identity identity =
        new Identity.Keystone(
            url("/v3"), "cotidal", "Default", "service", "Dom", new Secret("p\"w"));
    try (Swift site = swift(identity)) {
      assertThat(site.containers().head(BOX, soon())).isEmpty();
    }
    assertThat(heard.get(0)).isEqualTo("POST /v3/auth/tokens?nocatalog");
    assertThat(heard.get(1))
        .contains(
            "\"password\":\"p\\\"w\"",
            "\"domain\":{\"name\":\"Default\"}",
            "\"domain\":{\"name\":\"Dom\"}",
            "\"methods\":[\"password\"]");
    assertThat(heard.get(2)).isEqualTo("subject");
  }

  @ParameterizedTest
  @CsvSource({
    "400, REJECTED",
    "403, REFUSED",
    "404, MISSING",
    "409, CONFLICT",
    "412, CONFLICT",
    "413, REJECTED",
    "422, REJECTED",
    "429, BUSY",
    "498, BUSY",
    "500, BUSY",
    "503, BUSY",
    "507, BUSY",
    "301, BROKEN"
  })
  @DisplayName("says what a status means, in one line that shows no secret")
  void statuses(int status, Why why) throws Exception {
    tokens(new AtomicInteger());
    server.createContext(
        "/v1",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "17");
          exchange.getResponseHeaders().set("X-Trans-Id", "tx123");
          answer(exchange, status, "<html><h1>Bad\n thing</h1></html>");
        });
    try (Swift site = swift(temp())) {
      assertThatThrownBy(() -> site.containers().post(BOX, Headers.NONE, soon()))
          .isInstanceOfSatisfying(
              SwiftTrouble.class,
              e -> {
                assertThat(e.why()).isEqualTo(why);
                assertThat(e.status()).hasValue(status);
                assertThat(e.after())
                    .isEqualTo(
                        why == Why.BUSY ? Optional.of(Duration.ofSeconds(17)) : Optional.empty());
              })
          .hasMessageStartingWith("site b: POST /v1/AUTH_test/box: " + status)
          .hasMessageContaining("(tx123)")
          .hasMessageNotContainingAny("\n", SECRET, "token-1");
    }
  }

  @Test
  @DisplayName("takes no answer for Swift's that lacks what Swift says")
  void lacks() {
    tokens(new AtomicInteger());
    server.createContext("/v1", exchange -> answer(exchange, 200, "[]"));
    server.createContext("/info", exchange -> answer(exchange, 200, "<html>"));
    try (Swift site = swift(temp())) {
      assertBroken(() -> site.containers().head(BOX, soon()));
      assertBroken(() -> site.objects().head(Reading.raw(BOX, "o"), soon()));
      assertBroken(() -> site.capabilities(soon()));
    }
    server.removeContext("/auth/v1.0");
    server.createContext("/auth/v1.0", exchange -> answer(exchange, 200, ""));
    try (Swift site = swift(temp())) {
      assertBroken(() -> site.containers().head(BOX, soon()));
    }
  }

  private static void assertBroken(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SwiftTrouble.class, e -> assertThat(e.why()).isEqualTo(Why.BROKEN));
  }

  @Test
  @DisplayName("signs what it writes, brings no token along, and tells older from done")
  void signed() throws Exception {
    List<Integer> statuses = List.of(201, 202);
    AtomicInteger turn = new AtomicInteger();
    server.createContext(
        "/v1",
        exchange -> {
          heard.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Timestamp")
                  + " "
                  + exchange.getRequestHeaders().containsKey("X-Auth-Token")
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Container-Sync-Auth").length());
          answer(exchange, statuses.get(turn.getAndIncrement()), "");
        });
    Writing writing =
        Writing.of(
            BOX, "../a//b?c", Timestamp.parse("1716000000.00001"), new Secret("container-key"));
    try (Swift site = swift(temp())) {
      assertThat(site.objects().put(writing, Body.of(new byte[0]), soon())).isEqualTo(Applied.DONE);
      assertThat(site.objects().put(writing, Body.of(new byte[0]), soon()))
          .isEqualTo(Applied.OLDER);
    }
    assertThat(heard)
        .containsOnly("/v1/AUTH_test/box/../a//b%3Fc 1716000000.00001 false 50")
        .hasSize(2);
  }

  @Test
  @DisplayName("reads what a site can do, and assumes the usual of one that does not say")
  void capabilities() throws Exception {
    server.createContext("/v1", exchange -> answer(exchange, 500, ""));
    try (Swift site = swift(temp())) {
      assertThat(site.capabilities(soon())).isEqualTo(Capabilities.UNTOLD);
      server.createContext(
          "/info",
          exchange ->
              answer(
                  exchange,
                  200,
                  """
                  {"swift": {"version": "2.30.1", "container_listing_limit": 500,
                    "policies": [{"name": "gold"}, {"name": "silver", "default": true}]},
                   "slo": {}, "container_sync": {"realms": {"LAB": {"clusters": {"EAST": {}}}}}}
                  """));
      Capabilities can = site.capabilities(soon());
      assertThat(can.listing()).isEqualTo(500);
      assertThat(can.policies()).containsExactly("silver", "gold");
      assertThat(can.has("slo")).isTrue();
      assertThat(can.knows("lab")).isTrue();
      assertThat(can.largest()).isEqualTo(5368709122L);
    }
  }

  @Test
  @DisplayName("reads a listing that is packed on its way")
  void packed() throws Exception {
    tokens(new AtomicInteger());
    server.createContext(
        "/v1/AUTH_test/box",
        exchange -> {
          heard.add(exchange.getRequestURI().toString());
          boolean first = !exchange.getRequestURI().toString().contains("marker");
          String page =
              first
                  ? "[{\"name\":\"a b\",\"hash\":\"h\",\"bytes\":1,"
                      + "\"last_modified\":\"2024-05-18T02:40:00.123450\"}]"
                  : "[]";
          assertThat(exchange.getRequestHeaders().getFirst("Accept-Encoding")).isEqualTo("gzip");
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, 0);
          try (exchange;
              GZIPOutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
            out.write(page.getBytes(StandardCharsets.UTF_8));
          }
        });
    try (Swift site = swift(temp());
        Rows rows = site.containers().rows(Listing.of(BOX, Capabilities.UNTOLD))) {
      assertThat(rows.next())
          .contains(ObjectRow.plain("a b", Timestamp.parse("1716000000.12345"), "h", 1));
      assertThat(rows.next()).isEmpty();
    }
    assertThat(heard)
        .containsExactly(
            "/v1/AUTH_test/box?format=json&limit=10000",
            "/v1/AUTH_test/box?format=json&limit=10000&marker=a%20b");
  }

  @Test
  @DisplayName("says that nobody answers")
  void unreachable() throws IOException {
    // Nobody else can listen on a port that is taken and not listened on.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      port = taken.getLocalPort();
      try (Swift site = swift(temp())) {
        assertThatThrownBy(() -> site.capabilities(soon()))
            .isInstanceOfSatisfying(
                SwiftTrouble.class,
                e -> {
                  assertThat(e.why()).isEqualTo(Why.UNREACHABLE);
                  assertThat(e.passing()).isTrue();
                })
            .hasMessageStartingWith("site b: GET /info: no connection");
      }
    }
  }
}
