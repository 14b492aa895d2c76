package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.gateway.wire.RawSocket.Got;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftService;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.lab.swift.Tar;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each case is done twice, straight at a real Swift and through the gateway, on raw sockets; what
 * is heard must be the same to the letter, but for what differs between any two answers.
 */
@DisplayName("The gateway before a real Swift")
@Timeout(240)
class ConformanceIT {
  /** Each is legal, and none is another one. */
  private static final List<String> ODD =
      List.of(
          "/../dots",
          "//dbl//x",
          "/a%20b",
          "/a%2Fb",
          "/a+b",
          "/a/./b",
          "/;p=1",
          "/%3Fq=1%23f",
          "/~tilde",
          "/%25",
          "/%5Cback",
          "/%22quoted%22",
          "/%C3%A4/%C3%B6",
          "/%F0%9F%98%80",
          "/tail/",
          "/a&b=c",
          "/%7Euser",
          "/%41%61");

  @TempDir static Path state;
  private static ServerRegistry registry;
  private static SwiftSite site;
  private static Gateway gateway;
  private static String token = "";

  /** Something done at one way to Swift. */
  @FunctionalInterface
  private interface Act {
    void on(Target target) throws Exception;
  }

  @BeforeAll
  static void begin() throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    registry = ServerRegistry.open(state);
    site =
        SwiftSite.start(registry, SwiftRealm.of("lab", "realm-key"), SwiftOptions.named("east"))
            .getFirst();
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    gateway = Gateway.start(Settings.of(any, site.address()), Stage.OPEN);
    SwiftUser user = site.user(SwiftLogin.TESTER);
    token = user.token();
    user.post("", RawHeader.of("X-Account-Meta-Temp-URL-Key", "temp-key"));
  }

  @AfterAll
  static void end() throws Exception {
    if (gateway != null) {
      gateway.close();
      await("every buffer is given back")
          .atMost(Duration.ofSeconds(20))
          .until(() -> Stage.held() == 0);
    }
    if (registry != null) {
      registry.close();
    }
  }

  private static DynamicTest same(String name, Act act) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          String box = "box" + Integer.toHexString(name.hashCode());
          Target direct = new Target(site.port(), box + "d", token);
          Target through = new Target(gateway.port(), box + "g", token);
          for (Target target : List.of(direct, through)) {
            target.ask("PUT", target.at(""));
            act.on(target);
          }
          assertThat(through.heard()).isEqualTo(direct.heard());
        });
  }

  @TestFactory
  @DisplayName("the same as straight: requests and answers")
  Stream<DynamicTest> messages() {
    return Stream.of(
        same("the account's life", ConformanceIT::account),
        same("a container's life", ConformanceIT::container),
        same("an object's life", ConformanceIT::object),
        same("objects/S14: odd names keep their bytes", ConformanceIT::oddNames),
        same("ranges, one and several", ConformanceIT::ranges),
        same("conditions", ConformanceIT::conditions),
        same("90 headers of metadata", ConformanceIT::metadata),
        same("HTTP/1.0", ConformanceIT::oldClient),
        same("requests one after another, and all at once", ConformanceIT::kept),
        same("chunks, their extensions and trailers", ConformanceIT::chunks),
        same("unknown methods and bad paths", ConformanceIT::unknown),
        same("listings in every format", ConformanceIT::listings));
  }

  @TestFactory
  @DisplayName("objects/S15: the same as straight: what Swift does beside objects")
  Stream<DynamicTest> features() {
    return Stream.of(
        same("SLO", ConformanceIT::slo),
        same("DLO", ConformanceIT::dlo),
        same("symlinks", ConformanceIT::symlink),
        same("versions", ConformanceIT::versions),
        same("COPY", ConformanceIT::copy),
        same("bulk delete", ConformanceIT::bulkDelete),
        same("bulk upload", ConformanceIT::bulkUpload),
        same("temporary URLs", ConformanceIT::tempUrl),
        same("S3, version 2 of its signatures", ConformanceIT::s3),
        same("CORS", ConformanceIT::cors),
        same("static pages", ConformanceIT::staticWeb),
        same("a quota refuses a large body early", ConformanceIT::quota));
  }

  @TestFactory
  @DisplayName("objects/S13: the same as straight: Expect: 100-continue, and what is broken off")
  Stream<DynamicTest> courses() {
    return Stream.of(
        same("100 before the body, then 201", ConformanceIT::proceeds),
        same("a bad token: 401 without any 100", ConformanceIT::badToken),
        same("no such container: 404 without any 100", ConformanceIT::noContainer),
        same("an upload broken off leaves nothing", ConformanceIT::aborted));
  }

  private static void account(Target t) throws IOException {
    t.ask("GET", "/healthcheck");
    t.ask("HEAD", "/healthcheck");
    t.ask("GET", "/info");
    Got got =
        t.raw(
            "GET",
            String.join(
                "\r\n",
                "GET /auth/v1.0 HTTP/1.1",
                "Host: gw.example:9999",
                "X-Auth-User: test:tester",
                "X-Auth-Key: testing",
                "",
                ""));
    assertThat(got.field("X-Storage-Url")).startsWith("http://gw.example:9999/v1/");
    t.raw("GET", "GET /v1/AUTH_test HTTP/1.1\r\nHost: a\r\nX-Auth-Token: bad\r\n\r\n");
    t.raw("HEAD", "HEAD /v1/AUTH_test HTTP/1.1\r\nHost: a\r\n\r\n");
    t.ask("GET", "/v1/AUTH_test2");
  }

  private static void container(Target t) throws IOException {
    t.ask("PUT", t.at(""), "X-Container-Meta-Colour: r\u00c3\u00b6t", "X-Container-Read: .r:*");
    t.ask("HEAD", t.at(""));
    t.ask("GET", t.at(""));
    t.ask("POST", t.at(""), "X-Remove-Container-Meta-Colour: x", "x-container-meta-Two: 2");
    t.ask("HEAD", t.at(""));
    t.ask("POST", t.at(""), "X-Container-Read: " + "a:b,".repeat(2_000) + "a:b");
    t.ask("HEAD", t.at(""));
    t.send("PUT", t.at("/o"), "x");
    t.ask("DELETE", t.at(""));
    t.ask("DELETE", t.at("/o"));
    t.ask("DELETE", t.at(""));
    t.ask("DELETE", t.at(""));
    t.ask("HEAD", t.at(""));
    t.ask("GET", t.at(""));
  }

  private static void object(Target t) throws IOException {
    t.send(
        "PUT",
        t.at("/o"),
        "hello",
        "Content-Type: text/x-odd; a=b",
        "Content-Encoding: gzip",
        "Content-Disposition: attachment; filename=\"x\"",
        "X-Object-Meta-One: 1",
        "X-Object-Meta-one-two:   2  ");
    t.ask("GET", t.at("/o"));
    t.ask("HEAD", t.at("/o"));
    t.ask("GET", t.at("/o"), "Accept-Encoding: gzip, deflate");
    t.send("PUT", t.at("/o"), "hello", "ETag: 00000000000000000000000000000000");
    t.send("PUT", t.at("/empty"), "");
    t.ask("GET", t.at("/empty"));
    t.ask("POST", t.at("/o"), "X-Object-Meta-New: n", "Content-Type: a/b");
    t.ask("HEAD", t.at("/o"));
    t.ask("PUT", t.at("/nolength"));
    t.ask("GET", t.at("/none"));
    t.ask("HEAD", t.at("/none"));
    t.ask("DELETE", t.at("/o"));
    t.ask("DELETE", t.at("/o"));
  }

  private static void oddNames(Target t) throws IOException {
    for (String name : ODD) {
      t.send("PUT", t.at(name), name);
    }
    for (String name : ODD) {
      assertThat(t.ask("GET", t.at(name)).body()).isEqualTo(name);
    }
    t.ask("GET", t.at(""));
    t.ask("GET", t.at("?prefix=a%2f&delimiter=/&marker=&limit=3"));
    for (String name : ODD) {
      assertThat(t.ask("DELETE", t.at(name)).status()).isEqualTo(204);
    }
  }

  private static void ranges(Target t) throws IOException {
    t.send("PUT", t.at("/o"), "0123456789".repeat(1_000));
    for (String range : List.of("0-4", "9990-", "-5", "5-3", "0-1,5-6,9998-", "20000-", "x")) {
      t.ask("GET", t.at("/o"), "Range: bytes=" + range);
      t.ask("HEAD", t.at("/o"), "Range: bytes=" + range);
    }
  }

  private static void conditions(Target t) throws IOException {
    t.send("PUT", t.at("/o"), "hello", "If-None-Match: *");
    t.send("PUT", t.at("/o"), "hello", "If-None-Match: *");
    String etag = t.ask("GET", t.at("/o")).field("Etag");
    t.ask("GET", t.at("/o"), "If-None-Match: " + etag);
    t.ask("HEAD", t.at("/o"), "If-None-Match: " + etag);
    t.ask("GET", t.at("/o"), "If-Match: \"x\"");
    t.ask("GET", t.at("/o"), "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT");
    t.ask("GET", t.at("/o"), "If-Unmodified-Since: Fri, 01 Jan 1999 00:00:00 GMT");
  }

  private static void metadata(Target t) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      lines.add("X-Object-Meta-N" + i + ": " + "v".repeat(30));
    }
    t.send("PUT", t.at("/o"), "x", lines.toArray(String[]::new));
    t.ask("HEAD", t.at("/o"));
    t.send("PUT", t.at("/p"), "x", "X-Object-Meta-A: " + "v".repeat(300));
    t.raw(
        "GET",
        "GET /v1/AUTH_test HTTP/1.1\r\nHost: a\r\nX-Auth-Token: " + "t".repeat(7_000) + "\r\n\r\n");
  }

  private static void oldClient(Target t) throws IOException {
    t.send("PUT", t.at("/o"), "hello");
    String auth = "X-Auth-Token: " + token + "\r\n";
    for (String request :
        List.of(
            "GET " + t.at("/o") + " HTTP/1.0\r\n" + auth + "\r\n",
            "HEAD " + t.at("/o") + " HTTP/1.0\r\n" + auth + "\r\n",
            "GET " + t.at("") + " HTTP/1.0\r\n" + auth + "\r\n")) {
      try (RawSocket socket = t.open()) {
        socket.send(request);
        Got got = new Got(socket.head(), socket.rest());
        t.note(request.split(" ", 2)[0] + " in HTTP/1.0", got);
      }
    }
    Got got =
        t.raw("PUT", "PUT " + t.at("/p") + " HTTP/1.0\r\n" + auth + "Content-Length: 3\r\n\r\nold");
    assertThat(got.status()).isEqualTo(201);
    t.ask("GET", t.at("/p"));
  }

  private static void kept(Target t) throws IOException {
    try (RawSocket socket = t.open()) {
      for (int i = 0; i < 5; i++) {
        socket.send(t.head("PUT", t.at("/" + i), "Content-Length: 3") + "abc");
        t.note("kept " + i, socket.answer("PUT"));
        socket.send(t.head("HEAD", t.at("/" + i)));
        t.note("kept " + i, socket.answer("HEAD"));
      }
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        all.append(t.head("GET", t.at("/" + i)));
      }
      socket.send(all.toString());
      for (int i = 0; i < 5; i++) {
        t.note("at once " + i, socket.answer("GET"));
      }
      socket.send(t.head("GET", t.at("/1"), "Connection: close"));
      t.note("last", socket.answer("GET"));
      t.note("then \"" + socket.rest() + "\"");
    }
  }

  private static void chunks(Target t) throws IOException {
    String head = t.head("PUT", t.at("/o"), "Transfer-Encoding: chunked");
    t.raw("PUT", head + "5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n");
    t.ask("GET", t.at("/o"));
    t.raw("PUT", head + "A;name=value\r\n0123456789\r\n0\r\n\r\n");
    t.ask("GET", t.at("/o"));
    t.raw("PUT", head + "0\r\n\r\n");
    t.ask("GET", t.at("/o"));
  }

  private static void unknown(Target t) throws IOException {
    t.ask("BREW", t.at("/o"));
    t.ask("OPTIONS", "/v1/AUTH_test");
    t.ask("GET", "/");
    t.ask("GET", "/v2/nothing");
    t.ask("GET", "/v1//x");
    t.ask("PUT", t.at("/" + "n".repeat(1_100)), "Content-Length: 0");
    t.ask("PUT", "/v1/AUTH_test/" + "c".repeat(300));
    t.ask("GET", t.at("/%FF"));
    t.ask("GET", t.at("/%zz"));
    t.ask("GET", t.at("/\u00c3\u00a4"));
  }

  private static void listings(Target t) throws IOException {
    for (String name : List.of("a", "b/1", "b/2", "\u00c3\u00a4")) {
      t.send("PUT", t.at("/" + name.replace("\u00c3\u00a4", "%C3%A4")), "x");
    }
    for (String query :
        List.of(
            "?format=json", "?format=xml", "?delimiter=/", "?limit=1", "?format=json&reverse=on")) {
      t.ask("GET", t.at(query));
      t.ask("HEAD", t.at(query));
    }
    t.ask("GET", t.at(""), "Accept: application/json");
  }

  private static void slo(Target t) throws IOException {
    t.send("PUT", t.at("/s1"), "hello ");
    t.send("PUT", t.at("/s2"), "world");
    String manifest =
        "[{\"path\":\"/" + t.box() + "/s1\",\"size_bytes\":6},{\"path\":\"/" + t.box() + "/s2\"}]";
    t.send("PUT", t.at("/big?multipart-manifest=put"), manifest);
    assertThat(t.ask("GET", t.at("/big")).body()).isEqualTo("hello world");
    t.ask("GET", t.at("/big"), "Range: bytes=4-7");
    t.ask("HEAD", t.at("/big"));
    String raw = t.at("/big?multipart-manifest=get&format=raw");
    try (RawSocket socket = t.open()) {
      t.note("the manifest: " + socket.send(t.head("GET", raw)).answer("GET").body());
    }
    String bad = "[{\"path\":\"/" + t.box() + "/s3\"}]";
    t.send("PUT", t.at("/bad?multipart-manifest=put"), bad);
    t.ask("DELETE", t.at("/big?multipart-manifest=delete"));
    t.ask("GET", t.at(""));
  }

  private static void dlo(Target t) throws IOException {
    t.send("PUT", t.at("/parts/1"), "one ");
    t.send("PUT", t.at("/parts/2"), "two");
    t.send("PUT", t.at("/all"), "", "X-Object-Manifest: " + t.box() + "/parts/");
    t.ask("GET", t.at("/all"), "Range: bytes=2-5");
    t.ask("HEAD", t.at("/all"));
    t.ask("GET", t.at("/all?multipart-manifest=get"));
  }

  private static void symlink(Target t) throws IOException {
    t.send("PUT", t.at("/target"), "hello");
    t.send("PUT", t.at("/link"), "", "X-Symlink-Target: " + t.box() + "/target");
    t.ask("GET", t.at("/link"));
    t.ask("HEAD", t.at("/link?symlink=get"));
    t.ask("DELETE", t.at("/target"));
    t.ask("GET", t.at("/link"));
  }

  private static void versions(Target t) throws IOException {
    t.ask("POST", t.at(""), "X-Versions-Enabled: true");
    t.send("PUT", t.at("/o"), "one");
    t.send("PUT", t.at("/o"), "two");
    t.ask("HEAD", t.at(""));
    t.ask("DELETE", t.at("/o"));
    t.ask("GET", t.at("/o"));
    String versions = t.ask("HEAD", t.at("?versions")).head();
    assertThat(versions).startsWith("HTTP/1.1 20");
  }

  private static void copy(Target t) throws IOException {
    t.send("PUT", t.at("/a"), "hello", "X-Object-Meta-M: 1");
    t.ask("COPY", t.at("/a"), "Destination: " + t.box() + "/b");
    t.ask("GET", t.at("/b"));
    t.ask("PUT", t.at("/c"), "X-Copy-From: " + t.box() + "/b", "Content-Length: 0");
    t.ask("GET", t.at("/c"));
  }

  private static void bulkDelete(Target t) throws IOException {
    t.send("PUT", t.at("/a"), "1");
    t.send("PUT", t.at("/b%20c"), "2");
    String names = t.box() + "/a\n" + t.box() + "/b%20c\n" + t.box() + "/none\n";
    String json = "Accept: application/json";
    t.send("POST", "/v1/AUTH_test?bulk-delete", names, "Content-Type: text/plain", json);
    t.ask("GET", t.at(""));
  }

  private static void bulkUpload(Target t) throws IOException {
    t.send("PUT", t.at("?extract-archive=tar"), Tar.of("a/b.txt", "hello"), "Accept: text/plain");
    assertThat(t.ask("GET", t.at("/a/b.txt")).body()).isEqualTo("hello");
  }

  private static String hmac(String algorithm, String key, String text, boolean hex)
      throws Exception {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
    byte[] sum = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    return hex ? HexFormat.of().formatHex(sum) : Base64.getEncoder().encodeToString(sum);
  }

  private static void tempUrl(Target t) throws Exception {
    t.send("PUT", t.at("/o"), "hello");
    String signature = hmac("HmacSHA256", "temp-key", "GET\n4102444800\n" + t.at("/o"), true);
    for (String sum : List.of(signature, signature.replace(signature.charAt(0), '_'))) {
      String query = "?temp_url_sig=" + sum + "&temp_url_expires=4102444800";
      t.raw("GET", "GET " + t.at("/o") + query + " HTTP/1.1\r\nHost: a\r\n\r\n", "temporary");
    }
  }

  private static void s3(Target t) throws Exception {
    for (String key : List.of("testing", "wrong")) {
      String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
      String signature = hmac("HmacSHA1", key, "GET\n\n\n" + date + "\n/" + t.box(), false);
      String request =
          String.join(
              "\r\n",
              "GET /" + t.box() + " HTTP/1.1",
              "Host: s3.example",
              "Date: " + date,
              "Authorization: AWS test:tester:" + signature,
              "",
              "");
      t.raw("GET", request, "S3 with the key " + key);
    }
  }

  private static void cors(Target t) throws IOException {
    t.ask(
        "POST",
        t.at(""),
        "X-Container-Meta-Access-Control-Allow-Origin: http://o.example",
        "X-Container-Meta-Access-Control-Expose-Headers: x-a");
    t.send("PUT", t.at("/o"), "x");
    for (String origin : List.of("http://o.example", "http://evil.example")) {
      String path = t.at("/o");
      t.raw(
          "OPTIONS",
          "OPTIONS "
              + path
              + " HTTP/1.1\r\nHost: a\r\nOrigin: "
              + origin
              + "\r\nAccess-Control-Request-Method: GET\r\n\r\n");
      t.ask("GET", path, "Origin: " + origin);
    }
  }

  private static void staticWeb(Target t) throws IOException {
    t.ask("POST", t.at(""), "X-Container-Meta-Web-Index: index.html", "X-Container-Read: .r:*");
    t.send("PUT", t.at("/sub/index.html"), "<p>");
    String get = " HTTP/1.1\r\nHost: web.example\r\n\r\n";
    t.raw("GET", "GET " + t.at("/sub") + get);
    t.raw("GET", "GET " + t.at("/sub/") + get);
    t.raw("GET", "GET " + t.at("") + get);
  }

  private static void quota(Target t) throws IOException {
    t.ask("POST", t.at(""), "X-Container-Meta-Quota-Bytes: 10");
    t.send("PUT", t.at("/ok"), "hello");
    try (RawSocket socket = t.open()) {
      socket.send(t.head("PUT", t.at("/big"), "Content-Length: 3000000"));
      Thread.ofVirtual()
          .start(() -> {
            try {
              socket.send(new byte[3_000_000]);
            } catch (IOException e) {
              // It is told early, and may be cut off.
            }
          });
      t.note("PUT too much", socket.answer("PUT"));
    }
  }

  private static void proceeds(Target t) throws IOException {
    try (RawSocket socket = t.open()) {
      socket.send(t.head("PUT", t.at("/o"), "Expect: 100-continue", "Content-Length: 5"));
      t.note(socket.head().lines().findFirst().orElse(""));
      t.note("PUT", socket.send("hello").answer("PUT"));
      socket.send(t.head("PUT", t.at("/p"), "Expect: 100-continue", "Transfer-Encoding: chunked"));
      t.note(socket.head().lines().findFirst().orElse(""));
      t.note("PUT", socket.send("5\r\nhello\r\n0\r\n\r\n").answer("PUT"));
    }
    t.ask("GET", t.at("/o"));
    t.ask("GET", t.at("/p"));
  }

  private static void badToken(Target t) throws IOException {
    try (RawSocket socket = t.open()) {
      socket.lines(
          "PUT " + t.at("/o") + " HTTP/1.1",
          "Host: a",
          "X-Auth-Token: bad",
          "Expect: 100-continue",
          "Content-Length: 5368709120");
      String head = socket.head();
      t.note("PUT", new Got(head, socket.body("PUT", head)));
      assertThat(head).startsWith("HTTP/1.1 401");
    }
  }

  private static void noContainer(Target t) throws IOException {
    try (RawSocket socket = t.open()) {
      socket.send(
          t.head(
              "PUT",
              "/v1/AUTH_test/none-" + t.box() + "/o",
              "Expect: 100-continue",
              "Content-Length: 5368709120"));
      String head = socket.head();
      t.note("PUT", new Got(head, socket.body("PUT", head)));
      assertThat(head).startsWith("HTTP/1.1 404");
    }
  }

  private static void aborted(Target t) throws IOException {
    List<String> framings = List.of("Content-Length: 2000000", "Transfer-Encoding: chunked");
    for (String framing : framings) {
      for (boolean reset : new boolean[] {false, true}) {
        String path = t.at("/" + framings.indexOf(framing) + reset);
        RawSocket socket = t.open().send(t.head("PUT", path, framing));
        socket.send(framing.startsWith("C") ? "x".repeat(100_000) : "5\r\nhello\r\n");
        if (reset) {
          socket.reset();
        } else {
          socket.close();
        }
      }
    }
    for (String framing : framings) {
      t.ask("GET", t.at("/" + framings.indexOf(framing) + true));
      t.ask("GET", t.at("/" + framings.indexOf(framing) + false));
    }
    t.ask("GET", t.at(""));
  }

  @Test
  @DisplayName("stricter than straight: what two readers might understand differently is 400")
  void stricter() throws Exception {
    Target t = new Target(gateway.port(), "strict", token);
    t.ask("PUT", t.at(""));
    String evil = t.head("DELETE", t.at(""));
    for (String line :
        List.of(
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
            "Content-Length: 0\r\nContent-Length: " + evil.length(),
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding : chunked",
            "X: y\r\n Content-Length: 0",
            "X: y\nContent-Length: 0",
            "X: \u0000")) {
      try (RawSocket socket = t.open()) {
        Got got = socket.send(t.head("PUT", t.at("/o"), line) + "0\r\n\r\n" + evil).answer("PUT");
        assertThat(got.status()).as(line).isEqualTo(400);
        assertThat(socket.rest()).isEmpty();
      }
    }
    assertThat(t.ask("HEAD", t.at("")).status()).isEqualTo(204);
    assertThat(t.ask("GET", t.at("/o")).status()).isEqualTo(404);
  }

  @Test
  @DisplayName(
      "a site that is killed in an answer cuts the client off; started again, it is served")
  void siteKilled() throws Exception {
    Target t = new Target(gateway.port(), "killed", token);
    t.ask("PUT", t.at(""));
    t.send("PUT", t.at("/o"), "x".repeat(30_000_000));
    try (RawSocket socket = RawSocket.narrow(gateway.port(), 65_536)) {
      socket.send(t.head("GET", t.at("/o")));
      assertThat(socket.head()).startsWith("HTTP/1.1 200");
      site.kill(SwiftService.PROXY);
      assertThatThrownBy(socket::rest).isInstanceOf(IOException.class);
    }
    assertThat(t.ask("GET", t.at("/o")).status()).isEqualTo(503);
    site.start(SwiftService.PROXY);
    assertThat(t.ask("HEAD", t.at("/o")).status()).isEqualTo(200);
  }
}
