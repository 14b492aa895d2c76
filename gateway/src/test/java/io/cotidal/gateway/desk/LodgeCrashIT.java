package io.cotidal.gateway.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.gateway.desk.Client.Boundary;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gateways that are killed, before two real sites. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("a gateway that is killed")
final class LodgeCrashIT {
  private static final Duration SOON = Duration.ofSeconds(40);

  private Path folder;
  private Pair pair;
  private SwiftUser east;
  private SwiftUser west;

  @BeforeAll
  void open(@TempDir Path temporary) throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    folder = temporary;
    pair = new Pair(temporary);
    east = pair.eastUser();
    west = pair.westUser();
  }

  @AfterAll
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  private void recovered() throws Exception {
    try (Lodge lodge = pair.lodge("east")) {
      await().atMost(SOON).untilAsserted(() -> assertThat(lodge.waiting()).isEmpty());
    }
  }

  @ParameterizedTest(
      name = "objects/S3: killed when the request is {0}: as its site says, everywhere")
  @EnumSource(Boundary.class)
  void boundary(Boundary boundary) throws Exception {
    String name = boundary.name().toLowerCase(Locale.ROOT);
    pair.heal();
    try (Lodge lodge = pair.lodge("east")) {
      Client client = new Client(lodge.door(), east);
      client.put("/changed-" + name, RawHeader.of("X-Container-Meta-A", "1"));
      client.put("/gone-" + name);
      await().atMost(SOON).untilAsserted(() -> assertThat(lodge.waiting()).isEmpty());
    }
    boolean sent = boundary.compareTo(Boundary.SENT) >= 0;
    dies(boundary, "PUT /made-" + name + " X-Container-Meta-A=1");
    dies(boundary, "POST /changed-" + name + " X-Container-Meta-A=2");
    dies(boundary, "DELETE /gone-" + name);
    recovered();
    for (SwiftUser site : List.of(east, west)) {
      assertThat(site.head("/made-" + name).status()).isEqualTo(sent ? 204 : 404);
      assertThat(site.head("/changed-" + name).header("X-Container-Meta-A"))
          .contains(sent ? "2" : "1");
      assertThat(site.head("/gone-" + name).status()).isEqualTo(sent ? 404 : 204);
    }
  }

  /** Nothing comes to the other site before it dies. */
  private void dies(Boundary boundary, String request) throws Exception {
    pair.cut();
    try (KilledGateway gateway = KilledGateway.start(pair, folder, boundary.name())) {
      gateway.send(request);
      gateway.until("at " + boundary);
      gateway.kill(Duration.ZERO);
    } finally {
      pair.heal();
    }
  }

  @Test
  @DisplayName("objects/S3: killed again and again while it carries: nothing that was told is lost")
  void anywhere() throws Exception {
    kills(4);
  }

  @Test
  @Tag("slow")
  @Timeout(1_200)
  @DisplayName("objects/S3: killed 50 times at any moment: nothing that was told is lost")
  void fifty() throws Exception {
    kills(50);
  }

  private void kills(int many) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("LodgeCrashIT: " + many + " kills, seed " + seed + " (-Dseed= repeats it)");
    pair.heal();
    RandomKills kills = new RandomKills(pair, folder, seed);
    for (int kill = 1; kill <= many; kill++) {
      kills.kill(kill);
      // Now and then somebody looks at what stands; else the next one goes on with what is left.
      if (kill % 10 == 0) {
        recovered();
        kills.check();
      }
    }
    recovered();
    kills.check();
    assertThat(kills.told()).isGreaterThanOrEqualTo(3 * many);
  }
}
