package io.cotidal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Permission;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What browsers may be made to do by other pages, and how they sign in. */
@Timeout(60)
final class BrowserTest {
  private static final String VERSION = "/api/v1/version";
  private static final String TOKENS = "/api/v1/tokens";

  private Fixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture(ServerOptions.of("x").withHosts(Set.of("cot.example")));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  @DisplayName("only the server's own names reach it: a rebound name does not")
  void hosts() throws IOException {
    Http viewer = fixture.as(Permission.VIEWER);
    for (String host :
        new String[] {"localhost", "127.0.0.1:1", "[::1]:7400", "LOCALHOST:80", "cot.example"}) {
      assertThat(viewer.with("Host", host).get(VERSION).status()).as(host).isEqualTo(200);
    }
    for (String host :
        new String[] {
          "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.2",
          "localhost.", "[::2]", "0.0.0.0", "127.0.0.1:x"
        }) {
      assertThat(viewer.with("Host", host).get(VERSION).status()).as(host).isIn(400, 403);
      assertThat(viewer.with("Host", host).get("/").status()).as(host).isIn(400, 403);
      assertThat(viewer.with("Host", host).get("/livez").status()).as(host).isIn(400, 403);
    }
    assertThat(viewer.get("http://evil.example" + VERSION).status()).isIn(400, 403);
  }

  @Test
  @DisplayName(
      "a request that a browser marks as another page's is refused, with a token or without")
  void origins() throws IOException {
    Http viewer = fixture.as(Permission.VIEWER);
    String own = "http://127.0.0.1:" + fixture.server.port();
    assertThat(viewer.with("Origin", own).get(VERSION).status()).isEqualTo(200);
    for (String origin :
        new String[] {"null", "http://evil.example", "http://127.0.0.1:1", "file://", own + "/x"}) {
      assertThat(viewer.with("Origin", origin).get(VERSION).status()).as(origin).isEqualTo(403);
    }
    for (String site : new String[] {"cross-site", "same-site"}) {
      assertThat(viewer.with("Sec-Fetch-Site", site).get(VERSION).status()).isEqualTo(403);
      assertThat(viewer.with("Sec-Fetch-Site", site).get("/").status()).isEqualTo(403);
    }
    Http link =
        fixture
            .nobody()
            .with("Sec-Fetch-Site", "cross-site")
            .with("Sec-Fetch-Mode", "navigate")
            .with("Sec-Fetch-Dest", "document");
    assertThat(link.get("/").status()).isEqualTo(200);
    assertThat(link.get(VERSION).status()).isEqualTo(403);
    assertThat(link.with("Sec-Fetch-Dest", "iframe").get("/").status()).isEqualTo(403);
  }

  @Test
  @DisplayName(
      "a browser signs in with a token for a cookie that scripts and other sites cannot use")
  void signIn() throws IOException {
    String secret = fixture.token(Permission.ADMIN, "*");
    Http.Response answer = fixture.nobody().post("/session", "{\"token\":\"" + secret + "\"}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("permission").stringValue()).isEqualTo("admin");
    assertThat(answer.header("set-cookie"))
        .contains("HttpOnly")
        .contains("SameSite=Strict")
        .contains("Path=/")
        .doesNotContain(secret);
    Http browser = fixture.nobody().with("Cookie", cookie(answer));
    assertThat(browser.get("/api/v1/me").json().get("name").stringValue()).isEqualTo("t1");
    fixture.tokens.remove("t1");
    assertThat(browser.get("/api/v1/me").status()).as("its token is gone").isEqualTo(401);
  }

  @Test
  @DisplayName("a wrong token signs nobody in; form posts and text posts are not even looked at")
  void noSignIn() throws IOException {
    String secret = fixture.token(Permission.ADMIN, "*");
    Http.Response wrong = fixture.nobody().post("/session", "{\"token\":\"cot_x\"}");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.header("set-cookie")).isNull();
    String body = "{\"token\":\"" + secret + "\"}";
    Http form = fixture.nobody().with("Content-Type", "text/plain");
    assertThat(form.send("POST", "/session", body).status()).isEqualTo(415);
    Http foreign = fixture.nobody().with("Origin", "http://evil.example");
    assertThat(foreign.post("/session", body).status()).isEqualTo(403);
  }

  @Test
  @DisplayName(
      "with a cookie alone nothing is changed: it takes Origin, and JSON or our own header")
  void forgery() throws IOException {
    Http browser = signedIn();
    String own = "http://127.0.0.1:" + fixture.server.port();
    String body = "{\"id\":\"x\",\"permission\":\"viewer\"}";
    assertThat(browser.post(TOKENS, body).status()).as("no origin").isEqualTo(403);
    assertThat(browser.with("Origin", own).send("DELETE", TOKENS + "/t1", null).status())
        .as("neither JSON nor header")
        .isEqualTo(403);
    assertThat(browser.with("Origin", own).post(TOKENS, body).status()).isEqualTo(201);
    assertThat(browser.with("Sec-Fetch-Site", "same-origin").post(TOKENS, body).status())
        .as("exists")
        .isEqualTo(409);
    Http page = browser.with("Origin", own).with("Cotidal-Request", "1");
    assertThat(page.delete(TOKENS + "/x").status()).isEqualTo(204);
    assertThat(page.delete(TOKENS + "/x").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("signing out ends the session, and time does")
  void end() throws IOException {
    Http browser = signedIn();
    Http page =
        browser
            .with("Origin", "http://127.0.0.1:" + fixture.server.port())
            .with("Cotidal-Request", "1");
    assertThat(browser.get(VERSION).status()).isEqualTo(200);
    assertThat(page.delete("/session").status()).isEqualTo(204);
    assertThat(browser.get(VERSION).status()).isEqualTo(401);
    Http second = signedIn();
    fixture.pass(Duration.ofHours(13));
    assertThat(second.get(VERSION).status()).isEqualTo(401);
  }

  @Test
  @DisplayName("a one-time link works once, for a short time, and not for a prefetch")
  void link() throws IOException {
    URI link = fixture.server.oneTimeLink(Permission.OPERATOR, Duration.ofMinutes(10));
    String target = link.getPath() + "?" + link.getQuery();
    Http.Response ahead = fixture.nobody().with("Sec-Purpose", "prefetch").get(target);
    assertThat(ahead.status()).isEqualTo(403);
    Http.Response first = fixture.nobody().get(target);
    assertThat(first.status()).isEqualTo(303);
    assertThat(first.header("location")).isEqualTo("/");
    Http browser = fixture.nobody().with("Cookie", cookie(first));
    assertThat(browser.get("/api/v1/me").json().get("permission").stringValue())
        .isEqualTo("operator");
    Http.Response second = fixture.nobody().get(target);
    assertThat(second.header("set-cookie")).isNull();
    assertThat(second.header("location")).isEqualTo("/?link=spent");
    assertThat(fixture.nobody().get("/?link=spent").status()).isEqualTo(200);
    URI late = fixture.server.oneTimeLink(Permission.ADMIN, Duration.ofMinutes(10));
    fixture.pass(Duration.ofMinutes(11));
    assertThat(fixture.nobody().get(late.getPath() + "?" + late.getQuery()).header("set-cookie"))
        .isNull();
  }

  @Test
  @DisplayName("who fails too often is told to wait; a proven caller is not locked out by it")
  void rate() throws IOException {
    String secret = fixture.token(Permission.VIEWER, "*");
    for (int i = 0; i < 60; i++) {
      assertThat(fixture.nobody().get(VERSION).status()).isEqualTo(401);
    }
    Http.Response answer = fixture.nobody().get(VERSION);
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("retry-after")).isEqualTo("60");
    assertThat(fixture.nobody().bearer(secret).get(VERSION).status()).isEqualTo(200);
    fixture.pass(Duration.ofMinutes(1));
    assertThat(fixture.nobody().get(VERSION).status()).isEqualTo(401);
  }

  private Http signedIn() throws IOException {
    String secret = fixture.token(Permission.ADMIN, "*");
    Http.Response answer = fixture.nobody().post("/session", "{\"token\":\"" + secret + "\"}");
    return fixture.nobody().with("Cookie", cookie(answer));
  }

  private static String cookie(Http.Response answer) {
    String header = answer.header("set-cookie");
    assertThat(header).isNotNull();
    return header.substring(0, header.indexOf(';'));
  }
}
