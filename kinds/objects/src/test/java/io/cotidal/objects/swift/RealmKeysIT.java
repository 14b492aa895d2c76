package io.cotidal.objects.swift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Limits;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The realm's keys at a real site. */
@Timeout(120)
@DisplayName("keys of a realm")
final class RealmKeysIT {
  private static final String OLD = "old-key-of-the-realm";
  private static final String NEW = "new-key-of-the-realm";
  private static final Secret KEY = new Secret("container-key");
  private static final ContainerName BOX = new ContainerName("AUTH_test", "keys");
  private static final int LARGE = 3 << 20;

  @TempDir static Path state;
  private static ServerRegistry registry;
  private static SwiftSite site;
  private static long time = 1_716_000_000;

  @BeforeAll
  static void begin() throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    registry = ServerRegistry.open(state);
    site =
        SwiftSite.start(registry, SwiftRealm.of("lab", OLD), SwiftOptions.named("east")).getFirst();
    try (Swift swift = swift(OLD, Optional.empty())) {
      Headers keyed = Headers.of(new Header("X-Container-Sync-Key", KEY.reveal()));
      swift.containers().put(BOX, keyed, soon());
    }
  }

  @AfterAll
  static void end() throws Exception {
    if (registry != null) {
      registry.close();
    }
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60));
  }

  private static Swift swift(String key, Optional<String> second) {
    SwiftLogin login = SwiftLogin.RESELLER;
    Site at =
        new Site(
            new MemberId("east"),
            site.endpoint() + "/v1",
            "east",
            new Identity.TempAuth(site.endpoint() + "/auth/v1.0", login.name(), login.key()),
            Role.ACTIVE,
            Map.of(),
            Optional.empty());
    Realm realm = new Realm("lab", new Secret(key), second.map(Secret::new));
    Signer signer = new Signer(realm, () -> UUID.randomUUID().toString());
    return new Swift(at, signer, Limits.USUAL, InstantSource.system());
  }

  private static Writing writing(String name) {
    return Writing.of(BOX, name, Timestamp.parse(time++ + ".00000"), KEY);
  }

  private static void put(Swift swift, String name) throws SwiftTrouble {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    assertThat(swift.objects().put(writing(name), Body.of(bytes), soon())).isEqualTo(Applied.DONE);
  }

  /** Goes on writing until the site has read its file again; nothing of it may fail. */
  private static void change(SwiftRealm realm, String taken, Swift writer) throws Exception {
    site.change(realm);
    try (Swift alone = swift(taken, Optional.empty())) {
      Deadline deadline = soon();
      boolean changed = false;
      while (!changed && !deadline.over()) {
        put(writer, "meanwhile");
        changed = takes(alone);
        deadline.pause(Duration.ofMillis(50));
      }
      assertThat(changed).as("the site takes " + taken).isTrue();
    }
    put(writer, "after");
  }

  private static boolean takes(Swift alone) {
    try {
      alone.objects().put(writing("probe"), Body.of(new byte[1]), soon());
      return true;
    } catch (SwiftTrouble e) {
      assertThat(e.why()).isEqualTo(SwiftTrouble.Why.REFUSED);
      return false;
    }
  }

  @Test
  @DisplayName("one is changed for another while objects are written, and no write is refused")
  void changed() throws Exception {
    try (Swift swift = swift(OLD, Optional.of(NEW))) {
      put(swift, "before");
      change(SwiftRealm.of("lab", NEW), NEW, swift);
      change(SwiftRealm.of("lab", OLD), OLD, swift);
      // Only what the site calls its second key is one of ours.
      change(SwiftRealm.of("lab", "nobody's").alsoTaking(NEW), NEW, swift);
      change(SwiftRealm.of("lab", OLD), OLD, swift);
    }
  }

  @Test
  @DisplayName("what can be read once only is sent whole, under the key that the site takes")
  void streamed() throws Exception {
    try (Swift swift = swift(NEW, Optional.of(OLD))) {
      change(SwiftRealm.of("lab", OLD), OLD, swift);
    }
    for (int length : new int[] {70_000, LARGE}) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) 'x');
      try (Swift swift = swift(NEW, Optional.of(OLD))) {
        Body once = Body.of(length, new ByteArrayInputStream(bytes));
        assertThat(swift.objects().put(writing("large"), once, soon())).isEqualTo(Applied.DONE);
        try (Download read = swift.objects().get(Reading.raw(BOX, "large"), soon())) {
          assertThat(read.body().readAllBytes()).isEqualTo(bytes);
        }
        assertThat(swift.objects().post(writing("large"), soon())).isEqualTo(Applied.DONE);
        assertThat(swift.objects().delete(writing("large"), soon())).isEqualTo(Applied.DONE);
      }
    }
  }

  @Test
  @DisplayName("with neither key, and where there is no container, it is refused")
  void refused() {
    try (Swift wrong = swift("one", Optional.of("two"));
        Swift right = swift(NEW, Optional.of(OLD))) {
      ContainerName nowhere = new ContainerName("AUTH_test", "nowhere");
      for (Swift swift : new Swift[] {wrong, right}) {
        assertThatThrownBy(() ->
                swift
                    .objects()
                    .put(
                        Writing.of(nowhere, "o", Timestamp.parse("1"), KEY),
                        Body.of(new byte[1]),
                        soon()))
            .isInstanceOfSatisfying(
                SwiftTrouble.class, e -> assertThat(e.why()).isEqualTo(SwiftTrouble.Why.REFUSED))
            .hasMessageNotContaining(OLD)
            .hasMessageNotContaining("two");
      }
    }
  }
}
