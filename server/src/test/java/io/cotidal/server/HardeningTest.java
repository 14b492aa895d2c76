package io.cotidal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Permission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that nobody honest sends. */
@Timeout(60)
final class HardeningTest {
  private static final String HOST = "Host: 127.0.0.1\r\n";

  private Fixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /\u0001 HTTP/1.1\r\n" + HOST + "\r\n",
        "GET /%00 HTTP/1.1\r\n" + HOST + "\r\n",
        "GET /%2e%2e/etc HTTP/1.1\r\n" + HOST + "\r\n",
        "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\n" + HOST + "X : a\r\n\r\n",
        "GET / HTTP/1.1\r\n" + HOST + "X: a\u0000b\r\n\r\n",
        "POST /session HTTP/1.1\r\n"
            + HOST
            + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /session HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "POST /session HTTP/1.1\r\n" + HOST + "Content-Length: -2\r\n\r\n{}",
        "POST /session HTTP/1.1\r\n" + HOST + "Content-Length: 2, 2\r\n\r\n{}",
        "POST /session HTTP/1.1\r\n" + HOST + "Content-Length: +2\r\n\r\n{}",
        "POST /session HTTP/1.1\r\n"
            + HOST
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "POST /session HTTP/1.1\r\n"
            + HOST
            + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"
      })
  @DisplayName("what is not well-formed HTTP is answered 400 as a problem, and the connection ends")
  void malformed(String request) throws IOException {
    try (Socket socket = fixture.nobody().open()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      Http.Response answer = Http.read(socket.getInputStream(), true);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      assertThat(answer.code()).isEqualTo("bad-request");
      assertThat(socket.getInputStream().read()).as("nothing follows").isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/web/index.html",
        "/../app.js",
        "/..%2f..%2fetc",
        "/vendor/../files.txt",
        "/files.txt",
        "/index.html/",
        "//index.html",
        "/vendor",
        "/vendor/",
        "/META-INF/MANIFEST.MF",
        "/io/cotidal/server/ApiServer.class",
        "/%66iles.txt",
        "/app.js;x=1",
        "/api/v1/resources/postgres/ORDERS%20",
        "/api/v1/nothing"
      })
  @DisplayName("only the page's own files are there, under their own names")
  void noTraversal(String path) throws IOException {
    assertThat(fixture.nobody().get(path).status()).isIn(400, 404);
  }

  @Test
  @DisplayName("who asks on an open connection while the daemon stops is told so, and to leave")
  void stopping() throws IOException {
    byte[] request =
        ("GET /livez HTTP/1.1\r\n" + HOST + "\r\n").getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = fixture.nobody().open()) {
      socket.getOutputStream().write(request);
      assertThat(Http.read(socket.getInputStream(), true).status()).isEqualTo(200);
      fixture.server.shut();
      socket.getOutputStream().write(request);
      Http.Response answer = Http.read(socket.getInputStream(), true);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("stopping");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(socket.getInputStream().read()).as("nothing follows").isEqualTo(-1);
    }
  }

  @Test
  @DisplayName("who is refused before the whole body came is told that the connection ends")
  void refusedEarly() throws IOException {
    String head =
        "POST /api/v1/resources/postgres/orders/switchover HTTP/1.1\r\n"
            + HOST
            + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n";
    try (Socket socket = fixture.nobody().open()) {
      socket.getOutputStream().write((head + "{}").getBytes(StandardCharsets.US_ASCII));
      assertThat(Http.read(socket.getInputStream(), true).status()).isEqualTo(401);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      Http.Response answer = Http.read(socket.getInputStream(), true);
      assertThat(answer.status()).as("on the same connection").isEqualTo(401);
      assertThat(answer.header("connection")).isEqualTo("close");
    }
  }

  @Test
  @DisplayName("a header above 8 KiB is 431, a body above 1 MiB is 413, however it is sent")
  void sizes() throws IOException {
    Http admin = fixture.as(Permission.ADMIN).with("Content-Type", "application/json");
    assertThat(admin.with("X", "x".repeat(9000)).get("/livez").status()).isEqualTo(431);
    assertThat(admin.with("X", "x".repeat(9000)).get("/livez").code())
        .isEqualTo("header-too-large");
    assertThat(admin.get("/" + "x".repeat(9000)).status()).isIn(414, 431);
    String declared = admin.with("Content-Length", "1048577").head("POST", "/api/v1/tokens", null);
    Http.Response refused = admin.raw(declared);
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.code()).isEqualTo("too-large");
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    String chunked =
        admin.with("Transfer-Encoding", "chunked").head("POST", "/api/v1/tokens", null)
            + chunk.repeat(17);
    assertThat(admin.raw(chunked).status()).isEqualTo(413);
  }

  @Test
  @DisplayName("a body that is not plain JSON is 415; one that is odd JSON is 400")
  void bodies() throws IOException {
    Http admin = fixture.as(Permission.ADMIN);
    String tokens = "/api/v1/tokens";
    assertThat(admin.with("Content-Type", "text/plain").send("POST", tokens, "{}").status())
        .isEqualTo(415);
    assertThat(admin.send("POST", tokens, "{}").status()).isEqualTo(415);
    assertThat(admin.with("Content-Encoding", "gzip").post(tokens, "{}").status()).isEqualTo(415);
    for (String odd :
        new String[] {
          "[]",
          "1",
          "null",
          "{",
          "{} {}",
          "{\"id\":\"a\",\"id\":\"b\"}",
          "{\"idd\":\"a\"}",
          "{\"id\":" + "[".repeat(100) + "]".repeat(100) + "}",
          "{'id':'a'}",
          "{\"id\":1}",
          "{\"id\":\"a\",\"permission\":\"root\"}",
          "{\"id\":\"../a\",\"permission\":\"admin\"}",
          "{\"id\":\"a\",\"permission\":\"admin\",\"scope\":\"postgres\"}",
          "{\"id\":\"a\",\"permission\":\"admin\",\"days\":0}",
          "{\"id\":\"a\",\"permission\":\"admin\",\"days\":\"1\"}",
          "{\"id\":\"a\",\"permission\":\"admin\",\"days\":1e9}"
        }) {
      Http.Response answer = admin.post(tokens, odd);
      assertThat(answer.status()).as(odd).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("bad-request");
    }
    assertThat(fixture.tokens.list()).hasSize(1);
  }

  @Test
  @DisplayName("a part of the query that is not understood is refused: dryrun is not dryRun")
  void queries() throws IOException {
    Http operator = fixture.as(Permission.OPERATOR);
    String path = "/api/v1/resources/postgres/orders/switchover";
    assertThat(operator.post(path + "?dryrun=true", "{}").status()).isEqualTo(400);
    assertThat(operator.post(path + "?dryRun=yes", "{}").status()).isEqualTo(400);
    assertThat(operator.post(path + "?dryRun=true&dryRun=false", "{}").status()).isEqualTo(400);
    assertThat(operator.get("/api/v1/events?after=-1").status()).isEqualTo(400);
    assertThat(operator.get("/api/v1/events?after=99999999999999999999").status()).isEqualTo(400);
  }

  @Test
  @DisplayName("another method is 405 with Allow; TRACE and CONNECT are no way in")
  void methods() throws IOException {
    Http.Response answer = fixture.nobody().send("PUT", "/api/v1/tokens", null);
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).isEqualTo("GET, HEAD, POST");
    assertThat(answer.code()).isEqualTo("method-not-allowed");
    assertThat(fixture.nobody().send("TRACE", "/", null).status()).isEqualTo(405);
    assertThat(fixture.nobody().send("OPTIONS", "/api/v1/tokens", null).status()).isEqualTo(405);
    assertThat(fixture.nobody().send("CONNECT", "127.0.0.1:80", null).status()).isIn(400, 403, 404);
  }

  @Test
  @DisplayName("HEAD answers as GET does, without the body")
  void head() throws IOException {
    Http viewer = fixture.as(Permission.VIEWER);
    Http.Response head = viewer.send("HEAD", "/api/v1/version", null);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.bytes()).isEmpty();
    assertThat(head.header("content-length"))
        .isEqualTo(String.valueOf(viewer.get("/api/v1/version").bytes().length));
    assertThat(viewer.send("HEAD", "/api/v1/stream", null).status()).isEqualTo(200);
    assertThat(viewer.send("HEAD", "/session?once=x", null).status()).isEqualTo(405);
  }

  @Test
  @DisplayName("every answer, errors of the engine included, carries the security headers")
  void headers() throws IOException {
    for (Http.Response answer :
        new Http.Response[] {
          fixture.nobody().get("/"),
          fixture.nobody().get("/nothing"),
          fixture.nobody().get("/api/v1/version"),
          fixture.nobody().raw("GET / HTTP/1.1\r\n\r\n")
        }) {
      assertThat(answer.header("content-security-policy"))
          .contains("default-src 'self'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe-inline");
      assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
      assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
      assertThat(answer.header("server")).isNull();
    }
    assertThat(fixture.nobody().get("/api/v1/version").header("cache-control"))
        .isEqualTo("no-store");
  }

  @Test
  @DisplayName("beyond loopback it listens only behind TLS")
  void bind() {
    InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
    assertThatThrownBy(() ->
            new ApiServer(
                everywhere,
                fixture.plane,
                fixture.tokens,
                InstantSource.system(),
                ServerOptions.of("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a loopback address");
  }

  @Test
  @DisplayName("a port that is taken is one sentence with the address and the remedy")
  void portTaken() {
    InetSocketAddress taken =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.server.port());
    ApiServer second =
        new ApiServer(
            taken, fixture.plane, fixture.tokens, InstantSource.system(), ServerOptions.of("x"));
    assertThatThrownBy(second::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(":" + fixture.server.port())
        .hasMessageContaining("choose another");
  }
}
