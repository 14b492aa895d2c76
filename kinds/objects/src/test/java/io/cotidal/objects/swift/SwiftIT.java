package io.cotidal.objects.swift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.HttpFault;
import io.cotidal.lab.swift.HttpFaults;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftRows;
import io.cotidal.lab.swift.SwiftService;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.listing.Span;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The client against a real Swift")
@Timeout(180)
class SwiftIT {
  private static final SwiftRealm REALM = SwiftRealm.of("lab", "realm-key-of-the-lab");
  private static final Secret KEY = new Secret("container-key");
  private static final Headers KEYED = Headers.of(new Header("X-Container-Sync-Key", KEY.reveal()));
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration AHEAD = Duration.ofSeconds(7);
  private static final Timestamp THEN = Timestamp.parse("1716000000.12345");

  /** Each is legal, and none is another one. */
  private static final List<String> ODD =
      List.of(
          "../dots",
          "//dbl//x",
          "/lead",
          "a b",
          "a%2Fb",
          "a+b",
          "a/./b",
          ";p=1",
          "?q=1#f",
          "~tilde",
          "%25",
          "\\back",
          "\"quoted\"",
          "ä/ö",
          "\uffee",
          "😀",
          "tail/",
          "a&b=c");

  @TempDir static Path state;
  private static ServerRegistry registry;
  private static SwiftSite east;
  private static Swift swift;

  @BeforeAll
  static void begin() throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    registry = ServerRegistry.open(state);
    SwiftOptions options = SwiftOptions.named("east");
    east =
        SwiftSite.start(
                registry, REALM, SwiftSite.otherClock().isEmpty() ? options.ahead(AHEAD) : options)
            .getFirst();
    swift = at(east.port());
  }

  @AfterAll
  static void end() throws Exception {
    if (swift != null) {
      swift.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private static Swift at(int port) {
    String url = "http://127.0.0.1:" + port;
    SwiftLogin login = SwiftLogin.RESELLER;
    Site site =
        new Site(
            new MemberId("east"),
            url + "/v1",
            "east",
            new Identity.TempAuth(url + "/auth/v1.0", login.name(), login.key()),
            Role.ACTIVE,
            Map.of(),
            Optional.empty());
    Realm realm = new Realm(REALM.name(), REALM.key(), Optional.empty());
    return new Swift(
        site,
        new Signer(realm, () -> UUID.randomUUID().toString()),
        Limits.USUAL,
        InstantSource.system());
  }

  private static Deadline soon() {
    return Deadline.in(PATIENCE);
  }

  private static ContainerName made(String name, Headers headers) throws SwiftTrouble {
    ContainerName container = new ContainerName("AUTH_test", name);
    swift.containers().put(container, headers, soon());
    return container;
  }

  private static Body text(String text) {
    return Body.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Reading reading) throws Exception {
    try (Download download = swift.objects().get(reading, soon())) {
      return new String(download.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<ObjectRow> rows(Listing listing) throws ListingTrouble {
    List<ObjectRow> all = new ArrayList<>();
    try (Rows rows = swift.containers().rows(listing)) {
      for (Optional<ObjectRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        all.add(row.get());
      }
    }
    return all;
  }

  private static void assertFails(
      Why why, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SwiftTrouble.class, e -> assertThat(e.why()).as(e.getMessage()).isEqualTo(why));
  }

  @Test
  @DisplayName("says what it can do")
  void capabilities() throws Exception {
    Capabilities can = swift.capabilities(soon());
    assertThat(can.listing()).isEqualTo(10_000);
    assertThat(can.features()).contains("slo", "symlink", "container_sync", "object_versioning");
    assertThat(can.knows("lab")).isTrue();
    assertThat(can.knows("other")).isFalse();
    assertThat(can.policies()).isNotEmpty();
    assertThat(can.version()).startsWith("2.");
  }

  @Test
  @DisplayName("makes, changes, shows and deletes containers, and lists an account")
  void containers() throws Exception {
    ContainerName name = new ContainerName("AUTH_test", "ö d/d".replace("/", "%2F"));
    assertThat(swift.containers().head(name, soon())).isEmpty();
    assertThat(swift.containers().delete(name, soon())).isFalse();
    Headers headers = KEYED.with(Header.text("X-Container-Meta-Farbe", "grün"));
    assertThat(swift.containers().put(name, headers, soon())).isTrue();
    assertThat(swift.containers().put(name, Headers.NONE, soon())).isFalse();
    ContainerHead head = swift.containers().head(name, soon()).orElseThrow();
    assertThat(head.objects()).isZero();
    assertThat(head.key()).contains(KEY);
    assertThat(head.versioned()).isFalse();
    assertThat(head.policy()).isPresent();
    assertThat(head.toString()).doesNotContain(KEY.reveal());
    assertThat(
            head.headers().list().stream()
                .filter(line -> line.name().equalsIgnoreCase("X-Container-Meta-Farbe"))
                .map(Header::text))
        .containsExactly("grün");
    swift.containers().post(name, Headers.of(new Header("X-Container-Meta-Farbe", "")), soon());
    assertThat(swift.containers().head(name, soon()).orElseThrow().headers())
        .satisfies(after -> assertThat(after.has("X-Container-Meta-Farbe")).isFalse());
    swift.objects().put(Writing.of(name, "o", THEN, KEY), text("x"), soon());
    assertFails(Why.CONFLICT, () -> swift.containers().delete(name, soon()));
    List<ContainerRow> listed = swift.accounts().containers("AUTH_test", "", soon());
    assertThat(listed).extracting(ContainerRow::name).contains(name.container());
    assertThat(swift.accounts().containers("AUTH_test", listed.getLast().name(), soon())).isEmpty();
    assertThat(swift.accounts().head("AUTH_test", soon()).orElseThrow().containers()).isPositive();
    swift.objects().delete(Writing.of(name, "o", THEN.next(), KEY), soon());
    assertThat(swift.containers().delete(name, soon())).isTrue();
  }

  @Test
  @DisplayName("writes with the time that it is told, and the later write wins in any order")
  void laterWins() throws Exception {
    ContainerName box = made("later", KEYED);
    SwiftObjects objects = swift.objects();
    // Not long ago: a deletion of long ago is forgotten at once.
    Timestamp first = Timestamp.of(Instant.now());
    Timestamp second = first.next();
    Writing writing = Writing.of(box, "o", first, KEY);
    Writing next = Writing.of(box, "o", second, KEY);
    Headers meta =
        Headers.of(
            new Header("Content-Type", "text/x-test"), Header.text("X-Object-Meta-Farbe", "grün"));
    assertThat(objects.put(next.with(meta), text("second"), soon())).isEqualTo(Applied.DONE);
    assertThat(objects.put(writing, text("first"), soon())).isEqualTo(Applied.OLDER);
    assertThat(objects.put(next, text("second"), soon())).isEqualTo(Applied.OLDER);
    assertThat(objects.delete(writing, soon())).isEqualTo(Applied.OLDER);
    ObjectHead head = objects.head(Reading.raw(box, "o"), soon()).orElseThrow();
    assertThat(head.written()).isEqualTo(second);
    assertThat(head.type()).isEqualTo("text/x-test");
    assertThat(head.bytes()).isEqualTo(6);
    assertThat(head.etag()).isEqualTo(md5("second".getBytes(StandardCharsets.UTF_8)));
    assertThat(objects.post(writing, soon())).isEqualTo(Applied.OLDER);
    Timestamp third = second.next();
    Headers other = Headers.of(new Header("X-Object-Meta-Form", "rund"));
    assertThat(objects.post(Writing.of(box, "o", third, KEY).with(other), soon()))
        .isEqualTo(Applied.DONE);
    assertThat(rows(Listing.of(box, Capabilities.UNTOLD)))
        .containsExactly(ObjectRow.plain("o", third, head.etag(), 6));
    assertThat(objects.delete(Writing.of(box, "o", third.next(), KEY), soon()))
        .isEqualTo(Applied.DONE);
    assertThat(objects.head(Reading.raw(box, "o"), soon())).isEmpty();
    assertThat(objects.put(next, text("second"), soon())).isEqualTo(Applied.OLDER);
    assertThat(objects.delete(Writing.of(box, "never", THEN, KEY), soon()))
        .isEqualTo(Applied.NOTHING_THERE);
    assertFails(Why.MISSING, () -> objects.get(Reading.raw(box, "o"), soon()));
    assertFails(Why.MISSING, () -> objects.post(Writing.of(box, "never", THEN, KEY), soon()));
  }

  @Test
  @DisplayName("forgets at once a deletion that is older than it keeps deletions")
  void oldDeletion() throws Exception {
    ContainerName box = made("forgets", KEYED);
    Writing old = Writing.of(box, "o", THEN, KEY);
    assertThat(swift.objects().put(old, text("x"), soon())).isEqualTo(Applied.DONE);
    assertThat(swift.objects().delete(Writing.of(box, "o", THEN.next(), KEY), soon()))
        .isEqualTo(Applied.DONE);
    // What a mover must know: here the later one did not win.
    assertThat(swift.objects().put(old, text("x"), soon())).isEqualTo(Applied.DONE);
  }

  private static String md5(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  @Test
  @DisplayName("keeps odd names apart, signed and listed")
  void oddNames() throws Exception {
    ContainerName box = made("odd %2F;ö", KEYED);
    for (String name : ODD) {
      assertThat(swift.objects().put(Writing.of(box, name, THEN, KEY), text(name), soon()))
          .as(name)
          .isEqualTo(Applied.DONE);
    }
    for (String name : ODD) {
      assertThat(text(Reading.raw(box, name))).isEqualTo(name);
    }
    List<String> sorted = ODD.stream().sorted(Encoded::compare).toList();
    Listing twoEach = new Listing(box, Span.ALL, false, 2, PATIENCE);
    assertThat(rows(twoEach)).extracting(ObjectRow::name).isEqualTo(sorted);
    assertThat(rows(twoEach.within(new Span("a", "a b", "a/"))))
        .extracting(ObjectRow::name)
        .containsExactly("a%2Fb", "a&b=c", "a+b");
  }

  @Test
  @DisplayName("streams large bodies both ways, and sends nothing of one that is refused")
  void streams() throws Exception {
    ContainerName box = made("large", KEYED);
    byte[] bytes = new byte[9_000_001];
    new java.util.Random(1).nextBytes(bytes);
    Writing counted = Writing.of(box, "counted", THEN, KEY);
    assertThat(
            swift
                .objects()
                .put(counted, Body.of(bytes.length, new ByteArrayInputStream(bytes)), soon()))
        .isEqualTo(Applied.DONE);
    // From one connection into another one, as objects are moved.
    try (Download download = swift.objects().get(Reading.raw(box, "counted"), soon())) {
      assertThat(download.head().bytes()).isEqualTo(bytes.length);
      Writing copy = Writing.of(box, "chunked", THEN, KEY);
      assertThat(swift.objects().put(copy, Body.chunked(download.body()), soon()))
          .isEqualTo(Applied.DONE);
    }
    ObjectHead head = swift.objects().head(Reading.raw(box, "chunked"), soon()).orElseThrow();
    assertThat(head.etag()).isEqualTo(md5(bytes));
    AtomicBoolean opened = new AtomicBoolean();
    Body watched =
        new Body() {
          @Override
          public java.util.OptionalLong length() {
            return java.util.OptionalLong.of(bytes.length);
          }

          @Override
          public InputStream open() {
            opened.set(true);
            return new ByteArrayInputStream(bytes);
          }
        };
    Writing wrong = Writing.of(box, "o", THEN, new Secret("another-key"));
    assertFails(Why.REFUSED, () -> swift.objects().put(wrong, watched, soon()));
    assertThat(opened).isFalse();
    ContainerName nowhere = new ContainerName("AUTH_test", "nowhere");
    assertFails(
        Why.REFUSED,
        () -> swift.objects().put(Writing.of(nowhere, "o", THEN, KEY), text("x"), soon()));
    // What the site finds out only when it has all.
    Writing sum = counted.with(Headers.of(new Header("ETag", md5(new byte[0]))));
    Writing later = new Writing(box, "sum", Optional.empty(), THEN, KEY, sum.headers());
    assertFails(
        Why.REJECTED,
        () ->
            swift
                .objects()
                .put(later, Body.of(bytes.length, new ByteArrayInputStream(bytes)), soon()));
    assertThat(swift.objects().head(Reading.raw(box, "sum"), soon())).isEmpty();
  }

  @Test
  @DisplayName("leaves nothing of a body that breaks off")
  void abort() throws Exception {
    ContainerName box = made("abort", KEYED);
    InputStream breaks =
        new java.io.SequenceInputStream(
            new ByteArrayInputStream(new byte[3_000_000]),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("the other site is gone");
              }

              @Override
              public int read(byte[] into, int at, int most) throws IOException {
                return read();
              }
            });
    Writing writing = Writing.of(box, "o", THEN, KEY);
    assertFails(Why.SOURCE, () -> swift.objects().put(writing, Body.chunked(breaks), soon()));
    assertThat(swift.objects().head(Reading.raw(box, "o"), soon())).isEmpty();
    assertThat(swift.objects().put(writing, text("whole"), soon())).isEqualTo(Applied.DONE);
  }

  @Test
  @DisplayName("reads manifests and links as they are kept, and as they are shown")
  void raw() throws Exception {
    ContainerName box = made("raw", KEYED);
    SwiftObjects objects = swift.objects();
    assertThat(objects.put(Writing.of(box, "seg", THEN, KEY), text("segment"), soon()))
        .isEqualTo(Applied.DONE);
    Headers link = Headers.of(new Header("X-Symlink-Target", "raw/seg"));
    assertThat(objects.put(Writing.of(box, "link", THEN, KEY).with(link), text(""), soon()))
        .isEqualTo(Applied.DONE);
    ObjectHead kept = objects.head(Reading.raw(box, "link"), soon()).orElseThrow();
    assertThat(kept.link()).contains("raw/seg");
    assertThat(kept.bytes()).isZero();
    assertThat(text(Reading.shown(box, "link"))).isEqualTo("segment");
    Headers dynamic = Headers.of(new Header("X-Object-Manifest", "raw/seg"));
    assertThat(objects.put(Writing.of(box, "dlo", THEN, KEY).with(dynamic), text("m"), soon()))
        .isEqualTo(Applied.DONE);
    assertThat(text(Reading.raw(box, "dlo"))).isEqualTo("m");
    assertThat(text(Reading.shown(box, "dlo"))).isEqualTo("segment");
    assertThat(objects.head(Reading.raw(box, "dlo"), soon()).orElseThrow().segments())
        .contains("raw/seg");
    String manifest =
        "[{\"name\": \"/raw/seg\", \"hash\": \"%s\", \"bytes\": 7, \"content_type\": \"a/b\","
                .formatted(md5("segment".getBytes(StandardCharsets.UTF_8)))
            + " \"last_modified\": \"2024-05-18T02:40:00.123450\"}]";
    Headers large = Headers.of(new Header("X-Static-Large-Object", "True"));
    assertThat(objects.put(Writing.of(box, "slo", THEN, KEY).with(large), text(manifest), soon()))
        .isEqualTo(Applied.DONE);
    ObjectHead slo = objects.head(Reading.raw(box, "slo"), soon()).orElseThrow();
    assertThat(slo.manifest()).isTrue();
    assertThat(text(Reading.raw(box, "slo"))).isEqualTo(manifest);
    assertThat(text(Reading.shown(box, "slo"))).isEqualTo("segment");
  }

  @Test
  @DisplayName("writes and reads versions, of which each has the time of its write as its id")
  void versions() throws Exception {
    ContainerName box = made("versions", KEYED.with("X-Versions-Enabled", "true"));
    assertThat(swift.containers().head(box, soon()).orElseThrow().versioned()).isTrue();
    List<Timestamp> times = List.of(THEN, THEN.next(), THEN.next().next());
    for (Timestamp time : times.subList(0, 2)) {
      swift.objects().put(Writing.of(box, "o", time, KEY), text("at " + time), soon());
    }
    swift.objects().delete(Writing.of(box, "o", times.getLast(), KEY), soon());
    swift.objects().put(Writing.of(box, "p", THEN, KEY), text("p"), soon());
    Listing each = new Listing(box, Span.ALL, true, 1, PATIENCE);
    List<ObjectRow> rows = rows(each);
    assertThat(rows).extracting(ObjectRow::name).containsExactly("o", "o", "o", "p");
    assertThat(rows)
        .extracting(ObjectRow::version)
        .containsExactly(
            times.get(2).toString(), times.get(1).toString(), THEN.toString(), THEN.toString());
    assertThat(rows).extracting(ObjectRow::latest).containsExactly(true, false, false, true);
    assertThat(rows).extracting(ObjectRow::marker).containsExactly(true, false, false, false);
    assertThat(text(Reading.raw(box, "o").version(THEN.toString()))).isEqualTo("at " + THEN);
    assertThat(
            swift
                .objects()
                .delete(
                    Writing.of(box, "o", times.getLast().next(), KEY).version(THEN.toString()),
                    soon()))
        .isEqualTo(Applied.DONE);
    assertThat(rows(each)).hasSize(3);
  }

  @Test
  @DisplayName("streams a long listing in pages, and goes on where a page broke")
  void longListing() throws Exception {
    ContainerName box = made("long", KEYED);
    SwiftRows rows =
        SwiftRows.of("AUTH_test", "long", 12_000, Instant.parse("2024-05-18T00:00:00Z"));
    east.fill(rows);
    try (HttpFaults faults = new HttpFaults(east.address());
        Swift shaken = at(faults.port())) {
      faults.plan((number, method, target) ->
          target.contains("format=json") && number % 2 == 0
              ? new HttpFault.AnswerCut(100_000)
              : new HttpFault.None());
      Listing listing = new Listing(box, Span.ALL, false, 5_000, PATIENCE);
      long count = 0;
      String last = "";
      try (Rows read = shaken.containers().rows(listing)) {
        for (Optional<ObjectRow> row = read.next(); row.isPresent(); row = read.next()) {
          count++;
          last = row.get().name();
          assertThat(row.get().bytes()).isEqualTo((count - 1) % 4096);
        }
      }
      assertThat(count).isEqualTo(12_000);
      assertThat(last).isEqualTo("row-000011999");
      assertThat(faults.faults()).isPositive();
      faults.plan((number, method, target) -> new HttpFault.AnswerCut(1));
      try (Rows read = shaken.containers().rows(listing)) {
        assertThatThrownBy(read::next).isInstanceOf(ListingTrouble.class);
      }
    }
    ContainerName nowhere = new ContainerName("AUTH_test", "nowhere");
    assertThatThrownBy(() -> rows(Listing.of(nowhere, Capabilities.UNTOLD)))
        .hasCauseInstanceOf(SwiftTrouble.class)
        .hasMessageContaining("404");
  }

  @Test
  @DisplayName("says what it is when answers are lost, cut or put off")
  void faults() throws Exception {
    ContainerName box = made("faults", KEYED);
    swift.objects().put(Writing.of(box, "o", THEN, KEY), Body.of(new byte[500_000]), soon());
    try (HttpFaults faults = new HttpFaults(east.address());
        Swift shaken = at(faults.port())) {
      assertThat(shaken.containers().head(box, soon())).isPresent();
      faults.plan((number, method, target) -> new HttpFault.Answered(503));
      assertFails(Why.BUSY, () -> shaken.containers().head(box, soon()));
      faults.plan((number, method, target) -> new HttpFault.Reset());
      assertFails(Why.UNREACHABLE, () -> shaken.containers().head(box, soon()));
      faults.plan((number, method, target) -> new HttpFault.Lost());
      assertFails(
          Why.UNREACHABLE,
          () -> shaken.objects().put(Writing.of(box, "lost", THEN, KEY), text("x"), soon()));
      faults.plan((number, method, target) -> new HttpFault.AnswerCut(200_000));
      try (Download download = shaken.objects().get(Reading.raw(box, "o"), soon())) {
        assertThatThrownBy(() -> download.body().readAllBytes())
            .isInstanceOf(io.cotidal.remote.http.kept.BodyBroken.class);
      }
      faults.plan((number, method, target) -> new HttpFault.Late(Duration.ofSeconds(20)));
      assertFails(
          Why.UNREACHABLE,
          () -> shaken.containers().head(box, Deadline.in(Duration.ofMillis(500))));
      faults.plan(HttpFault.Plan.NONE);
      assertThat(shaken.objects().put(Writing.of(box, "lost", THEN, KEY), text("x"), soon()))
          .isEqualTo(Applied.OLDER);
    }
  }

  @Test
  @DisplayName("reads the clock of the site to a small part of a second, writing nothing")
  void clock() throws Exception {
    assumeTrue(SwiftSite.otherClock().isEmpty(), "SKIPPED: no other clock");
    SkewBounds bounds = swift.clock().read(Duration.ofMillis(100), soon());
    System.out.println("measured: the clock of a site " + bounds);
    assertThat(bounds.steady()).isTrue();
    assertThat(bounds.least()).isLessThanOrEqualTo(AHEAD);
    assertThat(bounds.most()).isGreaterThanOrEqualTo(AHEAD);
    assertThat(bounds.beyond(Duration.ofSeconds(2))).isTrue();
    SkewBounds quick = swift.clock().read(Duration.ofSeconds(30), soon());
    assertThat(quick.readings()).isEqualTo(1);
  }

  @Test
  @DisplayName("gets another token when the site has forgotten its own")
  void forgotten() throws Exception {
    ContainerName box = made("forgotten", KEYED);
    try (Swift other = at(east.port())) {
      assertThat(other.containers().head(box, soon())).isPresent();
      east.kill(SwiftService.MEMCACHED);
      east.start(SwiftService.MEMCACHED);
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsMatching(
              e -> e instanceof SwiftTrouble trouble && trouble.why() == Why.BUSY)
          .until(() -> other.containers().head(box, soon()).isPresent());
    }
  }

  @Test
  @DisplayName("orders names as the site does")
  void order() {
    List<String> sorted = new ArrayList<>(ODD);
    sorted.sort(
        Comparator.comparing(
            name -> name.getBytes(StandardCharsets.UTF_8), java.util.Arrays::compareUnsigned));
    assertThat(sorted).isEqualTo(ODD.stream().sorted(Encoded::compare).toList());
  }
}
