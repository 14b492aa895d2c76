package io.cotidal.objects.swift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.HttpFault;
import io.cotidal.lab.swift.HttpFaults;
import io.cotidal.lab.swift.Keystone;
import io.cotidal.lab.swift.RawHttp;
import io.cotidal.lab.swift.RawRequest;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftOptions.Setting;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
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
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Limits;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against a real Swift whose proxy asks a real Keystone. */
@Tag("slow")
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("the client of a site with Keystone")
final class KeystoneIT {
  private static final SwiftRealm REALM = SwiftRealm.of("lab", "realm-key-of-the-lab");
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration USUAL = Duration.ofHours(1);
  private static final Secret KEY = new Secret("container-key-of-the-lab");

  private static final Secret PASSWORD = new Secret("password-of-the-service");
  private static final String SERVICE = Keystone.SERVICE;

  private ServerRegistry registry;
  private Keystone keystone;
  private SwiftSite site;
  private SwiftSite strict;
  private HttpFaults way;

  /** Requests of ours that Keystone was sent; Swift asks it by another way. */
  private final AtomicInteger asked = new AtomicInteger();

  private String account;
  private SwiftUser owner;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    String missing = SwiftSite.missing().or(Keystone::missing).orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    registry = ServerRegistry.open(folder, Path.of("/tmp"));
    keystone = Keystone.start(registry, "east");
    Setting hasty = new Setting("proxy-server", "filter:authtoken", "delay_auth_decision", "false");
    List<SwiftSite> sites =
        SwiftSite.start(
            registry,
            REALM,
            keystone.guard(SwiftOptions.named("east")),
            keystone.guard(SwiftOptions.named("strict")).with(hasty));
    site = sites.getFirst();
    strict = sites.getLast();
    way = new HttpFaults(keystone.address());
    open();
    people();
  }

  /** Lets all through that is sent to Keystone by us. */
  private void open() {
    way.plan((_, _, _) -> {
      asked.incrementAndGet();
      return new HttpFault.None();
    });
  }

  private void people() throws IOException {
    keystone.user("cotidal", PASSWORD);
    keystone.grant("cotidal", SERVICE, Keystone.RESELLER);
    keystone.user("nobody", PASSWORD);
    keystone.grant("nobody", SERVICE, Keystone.OPERATOR);
    keystone.project("photos");
    keystone.user("ann", PASSWORD);
    keystone.grant("ann", "photos", Keystone.OPERATOR);
    account = keystone.account("photos");
    owner = keystone.client(site.address(), new Keystone.Login("ann", PASSWORD, "photos"));
  }

  @AfterAll
  void close() throws Exception {
    if (way != null) {
      way.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private static Deadline soon() {
    return Deadline.in(LONG);
  }

  private Identity.Keystone identity() {
    return identity("cotidal", SERVICE, PASSWORD);
  }

  private Identity.Keystone identity(String user, String project, Secret password) {
    return new Identity.Keystone(url(), user, "Default", project, "Default", password);
  }

  private String url() {
    return "http://127.0.0.1:" + way.port() + "/v3";
  }

  private static Identity.Keystone at(String auth, Identity.Keystone who) {
    return new Identity.Keystone(
        auth, who.user(), who.userDomain(), who.project(), who.projectDomain(), who.password());
  }

  private Swift swift(Identity identity) {
    return swift(site, identity);
  }

  private static Swift swift(SwiftSite at, Identity identity) {
    URI url = at.endpoint();
    return new Swift(
        new Site(
            new MemberId(at.name()),
            url + "/v1",
            at.name(),
            identity,
            Role.ACTIVE,
            Map.of(),
            Optional.empty()),
        new Signer(
            new Realm(REALM.name(), REALM.key(), Optional.empty()),
            () -> UUID.randomUUID().toString()),
        new Limits(16, Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(30)),
        InstantSource.system());
  }

  private ContainerName box(String name) {
    return new ContainerName(account, name);
  }

  private static Headers keyed() {
    return Headers.NONE.with("X-Container-Sync-Key", KEY.reveal());
  }

  /** What the client says when it cannot do what it was asked. */
  private void assertSays(Identity who, Why why, String... words) {
    try (Swift swift = swift(who)) {
      assertThatThrownBy(() -> swift.containers().head(box("any"), soon()))
          .isInstanceOfSatisfying(SwiftTrouble.class, e -> assertThat(e.why()).isEqualTo(why))
          .hasMessageStartingWith("site east: ")
          .hasMessageContainingAll(words)
          .hasMessageNotContainingAny("\n", PASSWORD.reveal(), "wrong-password");
    }
  }

  @Test
  @DisplayName("reads and makes containers with a token, and writes objects with a signature")
  void works() throws Exception {
    try (Swift swift = swift(identity())) {
      swift.containers().put(box("works"), keyed().with("X-Container-Meta-Colour", "blue"), soon());
      Writing writing = Writing.of(box("works"), "one", Timestamp.parse("1716000000.12345"), KEY);
      assertThat(
              swift.objects().put(writing, Body.of("one".getBytes(StandardCharsets.UTF_8)), soon()))
          .isEqualTo(Applied.DONE);
      assertThat(swift.accounts().containers(account, "", soon()))
          .extracting(ContainerRow::name)
          .contains("works");
      assertThat(swift.capabilities(soon()).version()).startsWith("2.");
    }
    assertThat(owner.get("/works/one").text()).isEqualTo("one");
    assertThat(owner.head("/works").header("X-Container-Meta-Colour")).contains("blue");
  }

  @Test
  @DisplayName("user and project may be of other domains than the usual one")
  void domains() throws Exception {
    keystone.user("robot", PASSWORD, keystone.domain("Robots"));
    keystone.project("machines", keystone.domain("Machines"));
    keystone.grant("robot", "machines", Keystone.RESELLER);
    Identity robot =
        new Identity.Keystone(url(), "robot", "Robots", "machines", "Machines", PASSWORD);
    try (Swift swift = swift(robot)) {
      assertThat(swift.containers().put(box("domains"), Headers.NONE, soon())).isTrue();
    }
    assertThat(owner.head("/domains").status()).isEqualTo(204);
  }

  @Test
  @DisplayName("a token that has expired is renewed once, and nobody notices")
  void expired() throws Exception {
    try (Swift swift = swift(identity())) {
      keystone.expire(Duration.ofSeconds(2));
      swift.containers().put(box("expired"), Headers.NONE, soon());
      Secret token = swift.token(Optional.empty(), soon());
      keystone.expire(USUAL);
      await().atMost(LONG).until(() -> !takes(token));
      assertRenewedOnce(swift, "expired", token);
    }
  }

  @Test
  @DisplayName("a token that was revoked is renewed once, however many use it at that moment")
  void revoked() throws Exception {
    try (Swift swift = swift(identity())) {
      swift.containers().put(box("revoked"), Headers.NONE, soon());
      Secret token = swift.token(Optional.empty(), soon());
      keystone.revoke(token.reveal());
      await().atMost(LONG).until(() -> !takes(token));
      assertRenewedOnce(swift, "revoked", token);
    }
  }

  /** Whether the site takes a token now. */
  private boolean takes(Secret token) throws IOException {
    RawRequest request =
        RawRequest.of("HEAD", "/v1/" + account).with("X-Auth-Token", token.reveal());
    return new RawHttp(site.address(), LONG).ask(request).status() / 100 == 2;
  }

  private void assertRenewedOnce(Swift swift, String container, Secret stale) throws Exception {
    asked.set(0);
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(() -> swift.containers().head(box(container), soon()).isPresent());
    }
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> each : many.invokeAll(calls)) {
        assertThat(each.get()).isTrue();
      }
    }
    Secret fresh = swift.token(Optional.empty(), soon());
    assertThat(fresh).isNotEqualTo(stale);
    for (int i = 0; i < 3; i++) {
      assertThat(swift.containers().head(box(container), soon())).isPresent();
    }
    assertThat(swift.token(Optional.empty(), soon())).isEqualTo(fresh);
    assertThat(asked).hasValue(1);
  }

  @Test
  @DisplayName("objects/S22: what is wrong with who we are is said in a line, without a secret")
  void wrong() throws Exception {
    String url = url();
    String none = "no token from " + url + ": 401 ";
    String remedy = "correct user, password, project";
    assertSays(
        identity("cotidal", SERVICE, new Secret("wrong-password")), Why.REFUSED, none, remedy);
    assertSays(identity("nobody-knows", SERVICE, PASSWORD), Why.REFUSED, none, remedy);
    assertSays(identity("cotidal", "no-project", PASSWORD), Why.REFUSED, none, remedy);
    assertSays(identity("cotidal", "photos", PASSWORD), Why.REFUSED, none, "a role in the project");
    Identity.Keystone far = identity();
    assertSays(
        new Identity.Keystone(url, far.user(), "No", far.project(), "Default", PASSWORD),
        Why.REFUSED,
        none,
        "domain");
    assertSays(
        identity("nobody", SERVICE, PASSWORD),
        Why.REFUSED,
        "HEAD /v1/" + account + "/any: 403 ",
        "give the user the role ResellerAdmin");
    String bare = url.substring(0, url.length() - 3);
    assertSays(
        at(bare, identity()),
        Why.BROKEN,
        "no token from " + bare + ": 404 ",
        "correct the address, with its version");
    String nowhere = "http://127.0.0.1:" + registry.port() + "/v3";
    assertSays(
        at(nowhere, identity()),
        Why.UNREACHABLE,
        "no token from " + nowhere + ": no connection",
        "is it running");
  }

  @Test
  @DisplayName("a proxy that lets nobody pass without a token takes no signature, and is told so")
  void hasty() throws Exception {
    try (Swift swift = swift(strict, identity())) {
      swift.containers().put(box("hasty"), keyed(), soon());
      Writing writing = Writing.of(box("hasty"), "one", Timestamp.parse("1716000000.12345"), KEY);
      assertThatThrownBy(() -> swift.objects().put(writing, Body.of(new byte[1]), soon()))
          .isInstanceOfSatisfying(
              SwiftTrouble.class, e -> assertThat(e.why()).isEqualTo(Why.REFUSED))
          .hasMessageContaining("with Keystone delay_auth_decision = true");
    }
  }

  @Test
  @DisplayName("while Keystone cannot be reached a good token goes on; a new one waits for it")
  void unreachable() throws Exception {
    try (Swift swift = swift(identity())) {
      swift.containers().put(box("away"), Headers.NONE, soon());
      way.plan((_, _, _) -> new HttpFault.Reset());
      assertThat(swift.containers().head(box("away"), soon())).isPresent();
      Secret token = swift.token(Optional.empty(), soon());
      keystone.revoke(token.reveal());
      await().atMost(LONG).until(() -> !takes(token));
      assertThatThrownBy(() -> swift.containers().head(box("away"), soon()))
          .isInstanceOfSatisfying(
              SwiftTrouble.class,
              e -> {
                assertThat(e.why()).isEqualTo(Why.UNREACHABLE);
                assertThat(e.passing()).isTrue();
              })
          .hasMessageStartingWith("site east: no token from " + url() + ": ");
      open();
      assertThat(swift.containers().head(box("away"), soon())).isPresent();
    }
  }
}
