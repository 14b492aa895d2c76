package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.gateway.desk.Lodge;
import io.cotidal.gateway.wire.Gateway;
import io.cotidal.gateway.wire.Settings;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.RawRequest;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.lab.swift.Tar;
import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** One namespace over three real sites under a whole daemon, and a gateway before one of them. */
@Tag("slow")
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisplayName("a namespace over three sites")
final class ThreeSitesIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final List<String> SITES = List.of("east", "north", "west");
  private static final String SYNC = "X-Cotidal-Sync";

  private SitesLab lab;
  private StartedDaemon daemon;
  private ResourceApi api;
  private Lodge lodge;
  private Gateway gateway;
  private SwiftUser east;
  private SwiftUser north;
  private SwiftUser west;

  /** As east, through the gateway. */
  private SwiftUser client;

  @BeforeAll
  void open() throws Exception {
    lab = SitesLab.open(SITES.stream().map(SwiftOptions::named).toArray(SwiftOptions[]::new));
    east = lab.site("east").user(SwiftLogin.TESTER);
    north = lab.site("north").user(SwiftLogin.TESTER);
    west = lab.site("west").user(SwiftLogin.TESTER);
    List<String> all = lab.at(SITES.toArray(String[]::new));
    daemon =
        new StartedDaemon(
            lab.configure(new SitesLab.Space("media", "manage", SwiftLogin.TESTER, "", all)));
    api = ResourceApi.of(lab.port, daemon.token(), "objects/media");
    lodge = lodge();
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    gateway = Gateway.start(Settings.of(any, lab.site("east").address()), lodge.door());
    client =
        new SwiftUser(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()),
            SwiftLogin.TESTER);
  }

  /** What a gateway before east needs, which promises its clients most of the sites. */
  private Lodge lodge() throws Exception {
    Lodge.Settings settings =
        new Lodge.Settings(
            new MemberId("east"),
            SITES.stream().map(name -> place(lab.site(name))).toList(),
            new Realm(SitesLab.REALM, lab.site("east").realm().key(), Optional.empty()),
            "AUTH_cotidal",
            Files.createDirectories(lab.folder.resolve("gateway")),
            lab.folder.resolve("placing.json"));
    return Lodge.open(
        settings,
        new Lodge.Manners(Promise.QUORUM, Duration.ofSeconds(8), Duration.ofDays(14), 8),
        InstantSource.system());
  }

  private static Site place(SwiftSite site) {
    SwiftLogin login = SwiftLogin.RESELLER;
    return new Site(
        new MemberId(site.name()),
        site.endpoint() + "/v1",
        site.name(),
        new Identity.TempAuth(site.endpoint() + "/auth/v1.0", login.name(), login.key()),
        Role.ACTIVE,
        Map.of(),
        Optional.empty());
  }

  @AfterAll
  void close() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
    if (lodge != null) {
      lodge.close();
    }
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private List<SwiftUser> users() {
    return List.of(east, north, west);
  }

  private static void soon(ThrowingRunnable holds) {
    // The list of a container that is not there yet is refused, and so is a site that is starting.
    await().atMost(LONG).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(holds);
  }

  private void equal() {
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("equal"));
  }

  private void start(String... names) throws IOException {
    for (String name : names) {
      lab.site(name).start();
    }
    // Tokens died with their site.
    users().forEach(SwiftUser::forget);
  }

  @Test
  @Order(1)
  @DisplayName("objects/S1, objects/S5: what is written at each of them is at the two others")
  void mirrored() throws Exception {
    for (SwiftUser each : users()) {
      String mine = SITES.get(users().indexOf(each));
      each.put("/of-" + mine, RawHeader.of("X-Container-Meta-From", mine));
      for (int i = 0; i < 4; i++) {
        each.put("/of-" + mine + "/o" + i, RawBody.of(mine + " " + i));
      }
    }
    soon(() -> {
      for (SwiftUser each : users()) {
        for (String mine : SITES) {
          assertThat(each.head("/of-" + mine).header("X-Container-Meta-From")).contains(mine);
          assertThat(each.names("/of-" + mine)).containsExactly("o0", "o1", "o2", "o3");
          assertThat(each.get("/of-" + mine + "/o3").text()).isEqualTo(mine + " 3");
        }
      }
    });
    equal();
    assertThat(api.act("prove", Map.of()).text("state")).isEqualTo("done");
  }

  @Test
  @Order(2)
  @DisplayName(
      "objects/S2, objects/S10: while one is dead the others go on; back again it gets what it missed, and gives nothing back")
  void oneDead() throws Exception {
    north.put("/away");
    soon(() -> assertThat(west.head("/away").status()).isEqualTo(204));
    equal();
    lab.site("north").kill();
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("site-silent"));
    east.put("/of-north/new", RawBody.of("of east"));
    west.put("/of-east/o0", RawBody.of("of west, later"));
    west.post("/of-west", RawHeader.of("X-Container-Meta-From", "changed"));
    east.delete("/of-north/o1");
    assertThat(west.delete("/away").status()).isEqualTo(204);
    // The two that live are the same before the third one hears of anything.
    soon(() -> {
      assertThat(west.get("/of-north/new").text()).isEqualTo("of east");
      assertThat(east.get("/of-east/o0").text()).isEqualTo("of west, later");
      assertThat(east.head("/of-west").header("X-Container-Meta-From")).contains("changed");
      assertThat(west.names("/of-north")).doesNotContain("o1");
    });
    start("north");
    soon(() -> {
      assertThat(north.get("/of-north/new").text()).isEqualTo("of east");
      assertThat(north.get("/of-east/o0").text()).isEqualTo("of west, later");
      assertThat(north.head("/of-west").header("X-Container-Meta-From")).contains("changed");
      assertThat(north.names("/of-north")).containsExactly("new", "o0", "o2", "o3");
      assertThat(north.head("/away").status()).isEqualTo(404);
    });
    equal();
    for (SwiftUser each : users()) {
      assertThat(each.names("/of-north")).containsExactly("new", "o0", "o2", "o3");
      assertThat(each.head("/away").status()).isEqualTo(404);
    }
  }

  @Test
  @Order(3)
  @DisplayName(
      "objects/S9: three write the same object and none hears of the others: the last one stays everywhere, the others are told")
  void threeWriters() throws Exception {
    assertThat(api.say("pause")).isEqualTo(200);
    for (SwiftUser each : List.of(west, east, north)) {
      String mine = SITES.get(users().indexOf(each));
      each.put("/nine", RawHeader.of("X-Container-Meta-From", mine));
      each.put("/nine/o", RawBody.of("of " + mine));
    }
    assertThat(api.say("resume")).isEqualTo(200);
    soon(() -> {
      for (SwiftUser each : users()) {
        assertThat(each.get("/nine/o").text()).isEqualTo("of north");
        assertThat(each.head("/nine").header("X-Container-Meta-From"))
            .isEqualTo(north.head("/nine").header("X-Container-Meta-From"));
      }
    });
    equal();
    String told = String.valueOf(api.ask("conflicts", Map.of()).value());
    assertThat(told).contains("/nine/o", "east", "west");
  }

  @Test
  @Order(4)
  @DisplayName(
      "objects/S2: who is promised most of three sites is served while one is dead, and is told so while two are")
  void quorum() throws Exception {
    lab.site("north").kill();
    RawAnswer one = client.put("/quorum", RawHeader.of("X-Container-Meta-Colour", "blue"));
    assertThat(one.status()).isIn(201, 202);
    assertThat(one.header(SYNC)).contains("pending");
    assertThat(west.head("/quorum").header("X-Container-Meta-Colour")).contains("blue");
    lab.site("west").kill();
    RawAnswer two = client.put("/no-quorum", RawHeader.of("X-Container-Meta-Colour", "red"));
    assertThat(two.status()).isEqualTo(503);
    assertThat(two.header(SYNC)).contains("pending");
    assertThat(east.head("/no-quorum").status()).as("it is made here, and kept").isEqualTo(204);
    start("north", "west");
    soon(() -> {
      assertThat(lodge.waiting()).isEmpty();
      for (SwiftUser each : users()) {
        assertThat(each.head("/quorum").header("X-Container-Meta-Colour")).contains("blue");
        assertThat(each.head("/no-quorum").header("X-Container-Meta-Colour")).contains("red");
      }
    });
    RawAnswer all = client.delete("/quorum");
    assertThat(all.status()).isEqualTo(204);
    soon(() -> {
      for (SwiftUser each : users()) {
        assertThat(each.head("/quorum").status()).isEqualTo(404);
      }
    });
    equal();
  }

  @Test
  @Order(5)
  @DisplayName(
      "objects/S5: containers that Swift makes itself, of archives and for S3, pass the gateway unseen and come with the comparison")
  void unseen() throws Exception {
    RawRequest archive =
        client
            .request("PUT", "?extract-archive=tar")
            .with(RawBody.of(Tar.of("archived/one.txt", "hello")));
    assertThat(client.ask(archive).status()).isEqualTo(200);
    assertThat(client.ask(s3("PUT", "/bucket")).status()).isEqualTo(200);
    assertThat(client.ask(s3("PUT", "/bucket/o").with(RawBody.of("by S3"))).status())
        .isEqualTo(200);
    // An upload in parts has a container of its own for them.
    assertThat(client.ask(s3("POST", "/bucket/parts?uploads")).status()).isEqualTo(200);
    assertThat(lodge.waiting()).as("what the gateway knows of").isEmpty();
    soon(() -> {
      for (SwiftUser each : List.of(north, west)) {
        assertThat(each.get("/archived/one.txt").text()).isEqualTo("hello");
        assertThat(each.get("/bucket/o").text()).isEqualTo("by S3");
        assertThat(each.names("")).contains("bucket+segments");
      }
    });
    equal();
    assertThat(client.ask(s3("DELETE", "/bucket/o")).status()).isEqualTo(204);
    soon(() -> assertThat(client.ask(s3("DELETE", "/bucket")).status()).isEqualTo(204));
    soon(() -> {
      for (SwiftUser each : users()) {
        assertThat(each.head("/bucket").status()).isEqualTo(404);
      }
    });
    equal();
  }

  /** A request of the S3 interface, signed as its second version wants it. */
  private static RawRequest s3(String method, String target) throws Exception {
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    String type = target.endsWith("uploads") ? "text/plain" : "";
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(
        new SecretKeySpec(
            SwiftLogin.TESTER.key().reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    String text = method + "\n\n" + type + "\n" + date + "\n" + target;
    String signature =
        Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    RawRequest request =
        RawRequest.of(method, target)
            .with("Date", date)
            .with("Authorization", "AWS " + SwiftLogin.TESTER.name() + ":" + signature)
            .with(RawBody.of(""));
    return type.isEmpty() ? request : request.with("Content-Type", type);
  }
}
