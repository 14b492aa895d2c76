package io.cotidal.gateway.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.gateway.reading.Reader;
import io.cotidal.gateway.wire.Gateway;
import io.cotidal.gateway.wire.Settings;
import io.cotidal.gateway.wire.Settings.Patience;
import io.cotidal.lab.swift.HttpFault;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.RawHttp;
import io.cotidal.lab.swift.RawRequest;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.objects.spec.Fallback;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Reads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway before the one of two real sites, east; its way to either can be cut. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("what a gateway gives its clients of another site")
final class ReadIT {
  private static final String TEXT = "only in the west";

  private Pair pair;
  private Lodge lodge;
  private Gateway gateway;
  private SwiftUser east;
  private SwiftUser west;
  private SwiftUser friend;
  private SwiftUser stranger;

  @BeforeAll
  void open(@TempDir Path temporary) throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    pair = new Pair(temporary);
    Reader.Rights rights =
        new Reader.Rights(
            Set.of("AUTH_test", "AUTH_test2"),
            Placement.EVERYWHERE,
            new Reads(Fallback.BOTH, true, List.of()));
    lodge =
        Lodge.open(
            pair.settings("east").with(rights),
            Pair.manners(Promise.LOCAL),
            InstantSource.system());
    gateway =
        Gateway.start(
            Settings.of(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    pair.toEast.address())
                .with(lodge.peers()),
            lodge.door());
    east = new SwiftUser(gateway.address(), SwiftLogin.TESTER);
    friend = new SwiftUser(gateway.address(), SwiftLogin.TESTER3);
    stranger = new SwiftUser(gateway.address(), SwiftLogin.OTHER);
    west = pair.westUser();
    for (SwiftUser each : List.of(east, friend, stranger)) {
      each.token();
    }
  }

  @AfterAll
  void close() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
    if (lodge != null) {
      lodge.close();
    }
    if (pair != null) {
      pair.close();
    }
  }

  @AfterEach
  void heal() {
    pair.heal();
  }

  private static void made(RawAnswer answer) {
    assertThat(answer.status()).isBetween(200, 204);
  }

  private RawAnswer anonymous(String path) throws IOException {
    return east.http().ask(RawRequest.of("GET", east.target(path)));
  }

  /** As test3 sees it, as whom the path below AUTH_test is not its own. */
  private RawAnswer as(SwiftUser user, String path) throws IOException {
    return user.ask(
        RawRequest.of("GET", "/v1/AUTH_test" + path).with("X-Auth-Token", user.token()));
  }

  private static String site(RawAnswer answer) {
    return answer.header("X-Cotidal-Site").orElse("");
  }

  @Test
  @DisplayName("a private object that lies there only, to its owner and to nobody else")
  void owner() throws Exception {
    made(west.put("/only"));
    made(west.put("/only/o", RawBody.of(TEXT), RawHeader.of("X-Object-Meta-A", "1")));
    for (boolean container : new boolean[] {false, true}) {
      if (container) {
        made(pair.eastUser().put("/only"));
      }
      RawAnswer got = east.get("/only/o");
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.text()).isEqualTo(TEXT);
      assertThat(site(got)).isEqualTo("west");
      assertThat(got.header("X-Object-Meta-A")).hasValue("1");
      assertThat(as(friend, "/only/o").status()).isEqualTo(403);
      assertThat(as(stranger, "/only/o").status()).isEqualTo(403);
      assertThat(anonymous("/only/o").status()).isEqualTo(401);
      RawRequest bad = RawRequest.of("GET", east.target("/only/o")).with("X-Auth-Token", "x");
      assertThat(east.ask(bad).status()).isEqualTo(401);
    }
    RawAnswer nowhere = east.get("/only/p");
    assertThat(nowhere.status()).isEqualTo(404);
    assertThat(site(nowhere)).isEmpty();
    assertThat(nowhere.text()).isEqualTo(pair.eastUser().get("/only/p").text());
    made(pair.eastUser().put("/only/o", RawBody.of("here")));
    assertThat(east.get("/only/o").text()).isEqualTo("here");
  }

  @Test
  @DisplayName("with ranges and conditions, and its head alone")
  void conditions() throws Exception {
    made(west.put("/parts"));
    made(west.put("/parts/o", RawBody.of(TEXT)));
    RawAnswer part = east.get("/parts/o", RawHeader.of("Range", "bytes=0-3"));
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("only");
    String etag = east.head("/parts/o").header("Etag").orElseThrow();
    RawAnswer same = east.get("/parts/o", RawHeader.of("If-None-Match", etag));
    assertThat(same.status()).isEqualTo(304);
    assertThat(site(same)).isEqualTo("west");
    RawAnswer beyond = east.get("/parts/o", RawHeader.of("Range", "bytes=100-"));
    assertThat(beyond.status()).isEqualTo(416);
    RawAnswer head = east.head("/parts/o");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).hasValue(Integer.toString(TEXT.length()));
    assertThat(site(head)).isEqualTo("west");
  }

  @Test
  @DisplayName("as long as its own site lets a client in, whatever the other one still allows")
  void revoked() throws Exception {
    RawHeader let = RawHeader.of("X-Container-Read", "test:tester3");
    made(west.put("/shared", let));
    made(west.put("/shared/o", RawBody.of(TEXT)));
    made(pair.eastUser().put("/shared", let));
    assertThat(as(friend, "/shared/o").text()).isEqualTo(TEXT);
    made(pair.eastUser().post("/shared", RawHeader.of("X-Container-Read", "")));
    assertThat(as(friend, "/shared/o").status()).isEqualTo(403);
    assertThat(west.head("/shared").header("X-Container-Read")).hasValue("test:tester3");
  }

  /** A manifest of these objects, each with more of what a manifest may say. */
  private static RawBody manifest(String... parts) {
    return RawBody.of("[" + String.join(", ", parts) + "]");
  }

  private static String part(String path, String more) {
    return "{\"path\": \"" + path + "\"" + more + "}";
  }

  private void large(String path, RawBody manifest) throws IOException {
    made(west.ask(west.request("PUT", path + "?multipart-manifest=put").with(manifest)));
  }

  /** Segments in a container of their own, and a link and manifests beside it that lead there. */
  private void lead(String to, String from, RawHeader... headers) throws IOException {
    made(west.put(from, headers));
    made(west.put(to));
    made(west.put(to + "/p/1", RawBody.of("secret one ")));
    made(west.put(to + "/p/2", RawBody.of("secret two")));
    String container = to.substring(1);
    made(west.put(from + "/link", RawHeader.of("X-Symlink-Target", container + "/p/1")));
    made(west.put(from + "/dynamic", RawHeader.of("X-Object-Manifest", container + "/p/")));
    large(
        from + "/static",
        manifest(part(to + "/p/1", ""), part(to + "/p/2", ", \"range\": \"1-5\"")));
    large(from + "/nested", manifest(part(from + "/static", ""), part(to + "/p/2", "")));
    made(west.put(from + "/large-link", RawHeader.of("X-Symlink-Target", container + "/nested")));
    large(to + "/nested", manifest(part(from + "/static", ""), part(to + "/p/1", "")));
  }

  private static final List<String> LEADING =
      List.of("/link", "/dynamic", "/static", "/nested", "/large-link");

  @Test
  @DisplayName("objects/S18: what links and manifests lead to, as the other site gives it itself")
  void large() throws Exception {
    lead("/parts-of", "/wholes");
    for (String name : LEADING) {
      String path = "/wholes" + name;
      RawAnswer there = west.get(path);
      RawAnswer got = east.get(path);
      assertThat(got.status()).as(name).isEqualTo(200);
      assertThat(got.text()).as(name).isEqualTo(there.text()).contains("secret");
      assertThat(site(got)).isEqualTo("west");
      RawAnswer head = east.head(path);
      assertThat(head.status()).as(name).isEqualTo(200);
      for (String field : List.of("Etag", "Content-Type", "Content-Length", "Last-Modified")) {
        assertThat(got.header(field)).as(name + field).isEqualTo(there.header(field)).isPresent();
        assertThat(head.header(field)).as(name + field).isEqualTo(there.header(field));
      }
      String etag = there.header("Etag").orElseThrow();
      for (RawHeader header :
          List.of(
              RawHeader.of("Range", "bytes=5-13"),
              RawHeader.of("Range", "bytes=-4"),
              RawHeader.of("Range", "bytes=1000-"),
              RawHeader.of("If-None-Match", etag),
              RawHeader.of("If-Match", etag))) {
        there = west.get(path, header);
        got = east.get(path, header);
        assertThat(got.status()).as(name + header).isEqualTo(there.status());
        if (got.status() != 416) {
          assertThat(got.text()).as(name + header).isEqualTo(there.text());
        }
      }
      assertThat(east.get(path, RawHeader.of("If-Match", "x")).status()).isEqualTo(404);
      assertThat(east.get(path + "?multipart-manifest=get").status()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName(
      "objects/S18: nothing that a link or a manifest leads to, but to who may see that here")
  void links() throws Exception {
    RawHeader let = RawHeader.of("X-Container-Read", "test:tester3");
    lead("/secret", "/trap", let);
    made(pair.eastUser().put("/trap", let));
    made(west.put("/trap/plain", RawBody.of("plain")));
    assertThat(as(friend, "/trap/plain").text()).isEqualTo("plain");
    trapped("its container is the owner's alone");
    made(pair.eastUser().put("/secret"));
    trapped("its container is here, and is the owner's alone");
    made(pair.eastUser().post("/secret", let));
    for (String name : LEADING) {
      assertThat(as(friend, "/trap" + name).text()).as(name).contains("secret");
    }
    made(pair.eastUser().post("/secret", RawHeader.of("X-Container-Read", "")));
    made(west.post("/secret", let));
    trapped("the right was taken away here, and is left there");
  }

  private void trapped(String why) throws IOException {
    for (String name : LEADING) {
      for (RawHeader header :
          List.of(
              RawHeader.of("X-Plain", "1"),
              RawHeader.of("Range", "bytes=1000-"),
              RawHeader.of("Range", "bytes=0-3"),
              RawHeader.of("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"))) {
        RawRequest request =
            RawRequest.of("GET", "/v1/AUTH_test/trap" + name)
                .with("X-Auth-Token", friend.token())
                .with(List.of(header));
        RawAnswer got = friend.ask(request);
        assertThat(got.status()).as(why + " " + name + " " + header).isEqualTo(404);
        assertThat(got.text()).doesNotContain("secret");
      }
    }
  }

  @Test
  @DisplayName("no segment that has become a link, and nothing of an account that is another's")
  void replaced() throws Exception {
    RawHeader let = RawHeader.of("X-Container-Read", "test:tester3");
    made(west.put("/hidden"));
    made(west.put("/hidden/a", RawBody.of("hidden")));
    made(west.put("/bait", let));
    made(pair.eastUser().put("/bait", let));
    made(west.put("/bait/p/1", RawBody.of("shown1")));
    made(west.put("/bait/p/2", RawBody.of("shown2")));
    large("/bait/static", manifest(part("/bait/p/1", ""), part("/bait/p/2", "")));
    made(west.put("/bait/dynamic", RawHeader.of("X-Object-Manifest", "bait/p/")));
    assertThat(as(friend, "/bait/static").text()).isEqualTo("shown1shown2");
    assertThat(as(friend, "/bait/dynamic").text()).isEqualTo("shown1shown2");
    made(west.put("/bait/p/1", RawHeader.of("X-Symlink-Target", "hidden/a")));
    assertThat(as(friend, "/bait/static").text()).doesNotContain("hidden");
    assertThat(as(friend, "/bait/dynamic").text()).doesNotContain("hidden");
    SwiftUser other = pair.west.user(SwiftLogin.OTHER);
    made(other.put("/theirs"));
    made(other.put("/theirs/o", RawBody.of("hidden")));
    made(
        west.put(
            "/bait/across",
            RawHeader.of("X-Symlink-Target", "theirs/o"),
            RawHeader.of("X-Symlink-Target-Account", "AUTH_test2")));
    for (SwiftUser user : List.of(friend, east)) {
      assertThat(as(user, "/bait/across").status()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName("an object of a container that keeps versions")
  void versions() throws Exception {
    made(west.put("/kept", RawHeader.of("X-Versions-Enabled", "true")));
    made(west.put("/kept/o", RawBody.of("first")));
    made(west.put("/kept/o", RawBody.of(TEXT), RawHeader.of("X-Object-Meta-A", "2")));
    RawAnswer got = east.get("/kept/o");
    assertThat(got.text()).isEqualTo(TEXT);
    assertThat(got.header("X-Object-Meta-A")).hasValue("2");
    assertThat(east.get("/kept/o", RawHeader.of("Range", "bytes=0-3")).text()).isEqualTo("only");
    assertThat(east.head("/kept/o").header("Content-Length"))
        .hasValue(Integer.toString(TEXT.length()));
    assertThat(as(friend, "/kept/o").status()).isEqualTo(403);
  }

  @Test
  @DisplayName("no large object as a whole if the other site breaks off in one of its segments")
  void brokenSegment() throws Exception {
    made(west.put("/long"));
    String text = "x".repeat(700_000);
    made(west.put("/long/p/1", RawBody.of(text)));
    made(west.put("/long/p/2", RawBody.of(text)));
    large("/long/o", manifest(part("/long/p/1", ""), part("/long/p/2", "")));
    assertThat(east.get("/long/o").body()).hasSize(1_400_000);
    pair.toWest.plan((_, method, target) ->
        method.equals("GET") && target.contains("/long/p/2")
            ? new HttpFault.AnswerCut(5_000)
            : new HttpFault.None());
    assertThatThrownBy(() -> east.get("/long/o")).isInstanceOf(IOException.class);
    pair.heal();
    assertThat(east.get("/long/o").body()).hasSize(1_400_000);
  }

  @Test
  @DisplayName("what is public there, and what a temporary URL is for, without our rights")
  void nobody() throws Exception {
    publish("/public");
    assertThat(anonymous("/public/whole").text()).isEqualTo("one two");
    RawAnswer signed = anonymous(temporary("/public/o"));
    assertThat(signed.text()).isEqualTo(TEXT);
    assertThat(site(signed)).isEqualTo("west");
    assertThat(signed.header("Content-Disposition").orElse("")).startsWith("attachment");
    made(west.post("/public", RawHeader.of("X-Container-Read", "")));
    assertThat(anonymous("/public/o").status()).isEqualTo(404);
  }

  /** A container at both sites, with a plain object and a large one in the west. */
  private void publish(String name) throws IOException {
    for (SwiftUser each : List.of(pair.eastUser(), west)) {
      made(
          each.put(
              name,
              RawHeader.of("X-Container-Read", ".r:*,.rlistings"),
              RawHeader.of("X-Container-Meta-Temp-URL-Key", "key")));
    }
    made(west.put(name + "/o", RawBody.of(TEXT)));
    made(west.put(name + "/part/1", RawBody.of("one ")));
    made(west.put(name + "/part/2", RawBody.of("two")));
    made(
        west.put(name + "/whole", RawHeader.of("X-Object-Manifest", name.substring(1) + "/part/")));
  }

  private String temporary(String path) throws Exception {
    long expires = Instant.now().getEpochSecond() + 600;
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String text = "GET\n" + expires + "\n" + east.target(path);
    String sig = HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    return path + "?temp_url_sig=" + sig + "&temp_url_expires=" + expires;
  }

  @Test
  @DisplayName("while its own site is out of order, what needs no token, and nothing that does")
  void outage() throws Exception {
    publish("/open");
    String private_ = "/private";
    for (SwiftUser each : List.of(pair.eastUser(), west)) {
      made(each.put(private_));
      made(each.put(private_ + "/o", RawBody.of("private")));
    }
    for (HttpFault fault : List.of(new HttpFault.Reset(), new HttpFault.Answered(503))) {
      pair.toEast.plan((_, _, _) -> fault);
      assertThat(anonymous("/open/o").text()).isEqualTo(TEXT);
      assertThat(anonymous("/open/whole").text()).isEqualTo("one two");
      assertThat(anonymous(temporary("/open/o")).text()).isEqualTo(TEXT);
      String wrong = temporary("/open/o").replace("temp_url_sig=", "temp_url_sig=0");
      int told = fault instanceof HttpFault.Reset ? 502 : 503;
      assertThat(anonymous(wrong).status()).isEqualTo(told);
      assertThat(anonymous(private_ + "/o").status()).isEqualTo(told);
      assertThat(east.get(private_ + "/o").status()).isEqualTo(told);
      pair.cut();
      pair.toEast.plan((_, _, _) -> fault);
      assertThat(anonymous("/open/o").status()).isEqualTo(told);
      pair.heal();
    }
  }

  @Test
  @DisplayName("while its own site takes requests and answers none, within the time that is said")
  void hangs() throws Exception {
    publish("/hung");
    pair.toEast.plan((_, _, _) -> new HttpFault.Late(Duration.ofMinutes(1)));
    Patience impatient = Patience.USUAL.reading(Duration.ofSeconds(1));
    try (Gateway other =
        Gateway.start(
            Settings.of(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    pair.toEast.address())
                .with(lodge.peers())
                .with(impatient),
            lodge.door())) {
      RawHttp http = new RawHttp(other.address(), Duration.ofSeconds(60));
      RawAnswer got = http.ask(RawRequest.of("GET", east.target("/hung/o")));
      assertThat(got.text()).isEqualTo(TEXT);
      assertThat(site(got)).isEqualTo("west");
      RawRequest owner =
          RawRequest.of("GET", east.target("/hung/o")).with("X-Auth-Token", east.token());
      assertThat(http.ask(owner).status()).isEqualTo(504);
      assertThat(other.counters().siteFailures()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("no half of an object if the other site breaks off, and its own word if it is down")
  void broken() throws Exception {
    made(west.put("/cut"));
    made(west.put("/cut/o", RawBody.of("x".repeat(1_000_000))));
    pair.toWest.plan((_, _, target) ->
        target.contains("/cut/o") ? new HttpFault.AnswerCut(5_000) : new HttpFault.None());
    assertThatThrownBy(() -> east.get("/cut/o")).isInstanceOf(IOException.class);
    pair.toWest.plan((_, _, _) -> new HttpFault.Reset());
    assertThat(east.get("/cut/o").status()).isEqualTo(404);
    pair.heal();
    assertThat(east.get("/cut/o").body()).hasSize(1_000_000);
  }

  @Test
  @DisplayName("the containers of both sites in one list, page by page, in either direction")
  void list() throws Exception {
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < 25; i++) {
      String name = "/list%02d".formatted(i);
      if (i % 2 == 0) {
        made(pair.eastUser().put(name));
      }
      if (i % 2 == 1 || i % 5 == 0) {
        made(west.put(name));
      }
      all.add(name.substring(1));
    }
    List<String> paged = pages("?prefix=list&limit=4", false);
    assertThat(paged).containsExactlyElementsOf(all);
    List<String> back = pages("?prefix=list&limit=4&reverse=true", true);
    assertThat(back.reversed()).containsExactlyElementsOf(all);
    RawAnswer whole = east.get("?prefix=list");
    assertThat(whole.text().split("\n")).containsExactlyElementsOf(all);
    assertThat(whole.header("X-Cotidal-Missing")).isEmpty();
    assertThat(Integer.parseInt(whole.header("X-Account-Container-Count").orElseThrow()))
        .isGreaterThanOrEqualTo(25);
    RawAnswer some = east.get("?marker=list07&end_marker=list11");
    assertThat(some.text()).isEqualTo("list08\nlist09\nlist10\n");
    assertThat(east.get("?prefix=list1&delimiter=9").text())
        .isEqualTo(
            "list10\nlist11\nlist12\nlist13\nlist14\nlist15\nlist16\nlist17\nlist18\nlist19\n");
    pair.cut();
    pair.toEast.plan(HttpFault.Plan.NONE);
    RawAnswer half = east.get("?prefix=list");
    assertThat(half.status()).isEqualTo(200);
    assertThat(half.header("X-Cotidal-Missing")).hasValue("west");
    assertThat(half.text()).contains("list00\n", "list02\n").doesNotContain("list01\n");
  }

  private List<String> pages(String query, boolean reverse) throws IOException {
    List<String> names = new ArrayList<>();
    for (String text = east.get(query).text();
        !text.isEmpty();
        text = east.get(query + "&marker=" + SwiftUser.escaped(names.getLast())).text()) {
      String[] page = text.split("\n");
      assertThat(page.length).isLessThanOrEqualTo(4);
      names.addAll(Arrays.asList(page));
      assertThat(names).hasSizeLessThan(40);
    }
    assertThat(names).isSortedAccordingTo(reverse ? (a, b) -> b.compareTo(a) : String::compareTo);
    return names;
  }

  @Test
  @DisplayName("the list of an account that lies at one site as that site writes it, to the byte")
  void formats() throws Exception {
    SwiftUser there = pair.west.user(SwiftLogin.OTHER);
    for (String name :
        List.of("plain", "a b", "q\"uote", "b\\s", "<&>", "ü", "~", "\ud83d\ude00", "x-1", "x-2")) {
      made(there.put("/" + SwiftUser.escaped(name)));
    }
    for (String query :
        List.of(
            "",
            "?format=json",
            "?format=xml",
            "?format=plain",
            "?format=odd",
            "?format=json&delimiter=-",
            "?format=xml&delimiter=-&limit=5",
            "?delimiter=-&reverse=1",
            "?format=json&prefix=%C3",
            "?format=json&prefix=none",
            "?format=xml&prefix=none",
            "?prefix=none",
            "?limit=0",
            "?format=json&limit=2&marker=a%20b")) {
      same(there, query, RawHeader.of("Accept", "*/*"));
    }
    for (String accept :
        List.of("application/json", "application/xml", "text/xml", "text/plain", "image/png")) {
      same(there, "", RawHeader.of("Accept", accept));
    }
    same(there, "?limit=10001", RawHeader.of("Accept", "*/*"));
    assertThat(as(stranger, "").status()).isEqualTo(403);
    assertThat(anonymous("").status()).isEqualTo(401);
  }

  private void same(SwiftUser there, String query, RawHeader header) throws IOException {
    RawAnswer direct = there.get(query, header);
    RawAnswer merged = stranger.get(query, header);
    assertThat(merged.status()).as(query + header).isEqualTo(direct.status());
    assertThat(merged.text()).as(query + header).isEqualTo(direct.text());
    for (String name : List.of("Content-Type", "Content-Length", "Vary")) {
      assertThat(merged.header(name)).as(query + header).isEqualTo(direct.header(name));
    }
  }
}
