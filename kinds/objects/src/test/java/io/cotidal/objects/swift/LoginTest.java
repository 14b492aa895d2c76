package io.cotidal.objects.swift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("what gives tokens to the client of a site")
@Timeout(30)
class LoginTest {
  private static final String SECRET = "do-not-show";
  private static final ContainerName BOX = new ContainerName("AUTH_test", "box");

  private HttpServer server;
  private int gives = 201;
  private int takes = 204;

  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    server.createContext(
        "/v3/auth/tokens",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Retry-After", "17");
            if (gives == 201) {
              exchange.getResponseHeaders().set("X-Subject-Token", "subject");
            }
            exchange.sendResponseHeaders(gives, -1);
          }
        });
    server.createContext(
        "/v1",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(takes, -1);
          }
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Swift swift(String keystone) {
    Identity identity =
        new Identity.Keystone(
            keystone, "cotidal", "Default", "service", "Default", new Secret(SECRET));
    Site site =
        new Site(
            new MemberId("b"), url("/v1"), "b", identity, Role.ACTIVE, Map.of(), Optional.empty());
    Realm realm = new Realm("lab", new Secret(SECRET), Optional.empty());
    return new Swift(site, new Signer(realm, () -> "nonce"), Limits.USUAL, InstantSource.system());
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @CsvSource({
    "200, BROKEN, the answer has none: correct the address",
    "300, BROKEN, nobody gives tokens there; correct the address",
    "400, BROKEN, nobody gives tokens there; correct the address",
    "401, REFUSED, correct user",
    "403, REFUSED, correct user",
    "404, BROKEN, nobody gives tokens there; correct the address",
    "409, BROKEN, nobody gives tokens there; correct the address",
    "410, BROKEN, nobody gives tokens there; correct the address",
    "429, BUSY, it may go well later",
    "503, BUSY, it may go well later"
  })
  @DisplayName("whatever it answers, nothing is taken for missing at the site")
  void statuses(int status, Why why, String remedy) {
    gives = status;
    try (Swift site = swift(url("/v3"))) {
      List<ThrowingCallable> calls =
          List.of(
              () -> site.containers().head(BOX, soon()),
              () -> site.accounts().head("AUTH_test", soon()),
              () -> site.accounts().containers("AUTH_test", "", soon()),
              () -> site.containers().delete(BOX, soon()));
      for (ThrowingCallable call : calls) {
        assertThatThrownBy(call)
            .isInstanceOfSatisfying(
                SwiftTrouble.class,
                e -> {
                  assertThat(e.why()).isEqualTo(why);
                  assertThat(e.siteWide()).isTrue();
                  assertThat(e.after().isPresent()).isEqualTo(why == Why.BUSY);
                })
            .hasMessageStartingWith("site b: no token from " + url("/v3") + ": ")
            .hasMessageContaining(remedy)
            .hasMessageNotContainingAny("\n", SECRET);
      }
    }
  }

  @Test
  @DisplayName("if nobody answers there, that is told of it and not of the site")
  void unreachable() throws Exception {
    String keystone;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      keystone = "http://127.0.0.1:" + gone.getLocalPort() + "/v3";
    }
    try (Swift site = swift(keystone)) {
      assertThatThrownBy(() -> site.containers().head(BOX, soon()))
          .isInstanceOfSatisfying(
              SwiftTrouble.class, e -> assertThat(e.why()).isEqualTo(Why.UNREACHABLE))
          .hasMessageStartingWith("site b: no token from " + keystone + ": no connection")
          .hasMessageContaining("is it running")
          .hasMessageNotContaining(SECRET);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, its authtoken must ask the same Keystone",
    "403, give the user the role ResellerAdmin"
  })
  @DisplayName(
      "a token that a site does not take, and one that does not suffice, have other remedies")
  void refused(int status, String remedy) {
    takes = status;
    try (Swift site = swift(url("/v3"))) {
      assertThatThrownBy(() -> site.containers().head(BOX, soon()))
          .isInstanceOfSatisfying(
              SwiftTrouble.class, e -> assertThat(e.why()).isEqualTo(Why.REFUSED))
          .hasMessageStartingWith("site b: HEAD /v1/AUTH_test/box: " + status)
          .hasMessageContaining(remedy)
          .hasMessageNotContainingAny("\n", SECRET, "subject");
    }
  }

  @Test
  @DisplayName("a signature that is not believed is told apart from a token")
  void unsigned() {
    takes = 401;
    try (Swift site = swift(url("/v3"))) {
      Writing writing = Writing.of(BOX, "o", Timestamp.parse("1"), new Secret(SECRET));
      assertThatThrownBy(() -> site.objects().put(writing, Body.of(new byte[1]), soon()))
          .isInstanceOfSatisfying(
              SwiftTrouble.class, e -> assertThat(e.why()).isEqualTo(Why.REFUSED))
          .hasMessageContaining("container-sync-realms.conf")
          .hasMessageContaining("delay_auth_decision = true")
          .hasMessageNotContaining(SECRET);
    }
  }
}
