package io.cotidal.gateway.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.gateway.wire.Gateway;
import io.cotidal.gateway.wire.Settings;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a client waits while the other site is dead, and how long that one needs afterwards. The
 * same requests go to the site itself at the same time, in another account: a machine that is slow
 * for them may be slow for us.
 */
@Tag("slow")
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("a gateway while the other site is dead")
final class DeadSiteIT {
  private static final int MADE = 100;
  private static final int CHANGED = 50;
  private static final int DELETED = 20;
  private static final Duration EXTRA = Duration.ofMillis(50);
  private static final Duration BACK = Duration.ofSeconds(10);
  private static final RawHeader NEW = RawHeader.of("X-Container-Meta-A", "new");

  private Pair pair;
  private Lodge lodge;
  private Gateway gateway;
  private SwiftUser through;
  private SwiftUser straight;
  private final List<Long> throughNanos = new ArrayList<>();
  private final List<Long> straightNanos = new ArrayList<>();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    pair = new Pair(folder);
    lodge = pair.lodge("east");
    InetAddress loopback = InetAddress.getLoopbackAddress();
    gateway =
        Gateway.start(
            Settings.of(new InetSocketAddress(loopback, 0), pair.east.address()), lodge.door());
    through = new SwiftUser(new InetSocketAddress(loopback, gateway.port()), SwiftLogin.TESTER);
    straight = pair.east.user(SwiftLogin.OTHER);
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

  /** Something that a client asks for. */
  @FunctionalInterface
  private interface Ask {
    RawAnswer of(SwiftUser user) throws IOException;
  }

  /** Asks both, in turns first. */
  private void both(int turn, Ask ask, int status) throws IOException {
    if (turn % 2 == 0) {
      timed(straight, ask, status, straightNanos);
    }
    RawAnswer answer = timed(through, ask, status, throughNanos);
    assertThat(answer.header("X-Cotidal-Sync")).contains("pending");
    if (turn % 2 == 1) {
      timed(straight, ask, status, straightNanos);
    }
  }

  private static RawAnswer timed(SwiftUser user, Ask ask, int status, List<Long> nanos)
      throws IOException {
    user.token();
    long begin = System.nanoTime();
    RawAnswer answer = ask.of(user);
    nanos.add(System.nanoTime() - begin);
    assertThat(answer.status()).isEqualTo(status);
    return answer;
  }

  private static long median(List<Long> nanos) {
    return nanos.stream().sorted().toList().get(nanos.size() / 2);
  }

  private static long millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis();
  }

  @Test
  @DisplayName(
      "objects/S2: 100 are made, 50 changed, 20 deleted hardly later than without a gateway; back again the site has all within ten seconds")
  void dead() throws Exception {
    for (int i = 0; i < CHANGED + DELETED; i++) {
      String path = "/old" + i;
      both(i, user -> user.put(path, RawHeader.of("X-Container-Meta-A", "old")), 201);
    }
    await().atMost(Duration.ofSeconds(90)).until(() -> lodge.waiting().isEmpty());
    pair.west.kill();
    throughNanos.clear();
    straightNanos.clear();
    change();
    long extra = median(throughNanos) - median(straightNanos);
    System.out.printf(
        "measured: a change of a container with the other site dead: %d ms, straight %d ms (medians of %d)%n",
        millis(median(throughNanos)), millis(median(straightNanos)), throughNanos.size());
    assertThat(extra)
        .as("nanoseconds more than straight")
        .isLessThan(Math.max(EXTRA.toNanos(), 3 * median(straightNanos)));
    assertThat(lodge.waiting()).hasSize(MADE + CHANGED + DELETED);
    pair.west.start();
    long begin = System.nanoTime();
    Duration patience =
        BACK.plus(Duration.ofNanos(4 * straightNanos.stream().mapToLong(x -> x).sum()));
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> lodge.waiting().isEmpty());
    System.out.printf(
        "measured: %d containers at a site that is back: %d ms%n",
        MADE + CHANGED + DELETED, millis(System.nanoTime() - begin));
    same();
  }

  private void change() throws IOException {
    for (int i = 0; i < MADE; i++) {
      String path = "/new" + i;
      both(i, user -> user.put(path, NEW), 201);
    }
    for (int i = 0; i < CHANGED; i++) {
      String path = "/old" + i;
      both(i, user -> user.post(path, NEW), 204);
    }
    for (int i = CHANGED; i < CHANGED + DELETED; i++) {
      String path = "/old" + i;
      both(i, user -> user.delete(path), 204);
    }
  }

  private void same() throws IOException {
    SwiftUser east = pair.eastUser();
    SwiftUser west = pair.westUser();
    List<String> names = east.names("");
    assertThat(names).hasSize(MADE + CHANGED);
    assertThat(west.names("")).isEqualTo(names);
    for (String name : names) {
      assertThat(west.head("/" + name).header("X-Container-Meta-A")).as(name).contains("new");
    }
  }
}
