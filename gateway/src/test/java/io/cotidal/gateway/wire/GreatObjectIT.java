package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftService;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.remote.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.junit.jupiter.api.io.TempDir;

/** The greatest object that Swift takes, through a gateway that is a process of its own. */
@Tag("slow")
@Timeout(1_800)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisplayName("an object of 5 GiB through the gateway")
final class GreatObjectIT {
  private static final int BLOCK = 262_144;
  private static final long GREAT = 5L << 30;
  private static final long HALF = 512L << 20;
  private static final long GROWTH_KIB = 64 << 10;
  private static final int READERS = 50;

  private ServerRegistry registry;
  private SwiftSite site;
  private Process gateway;
  private Target target;
  private final List<RawSocket> sockets = new ArrayList<>();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    long room = Files.getFileStore(Path.of("/tmp")).getUsableSpace();
    assumeTrue(room > 3 * GREAT, "SKIPPED: /tmp has no room for 15 GiB");
    registry = ServerRegistry.open(folder, Path.of("/tmp"));
    site =
        SwiftSite.start(
                registry, SwiftRealm.of("lab", "realm-key"), SwiftOptions.named("east").onDisk())
            .getFirst();
    gateway =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                GatewayChild.class.getName(),
                Integer.toString(site.port()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int port = Integer.parseInt(gateway.inputReader().readLine());
    target = new Target(port, "great", site.user(SwiftLogin.TESTER).token());
    assertThat(target.ask("PUT", target.at("")).status()).isEqualTo(201);
    // What a process needs once is not what an object costs.
    for (int i = 0; i < 3; i++) {
      put("/warm", 64L << 20);
      get("/warm");
    }
  }

  @AfterAll
  void close() throws Exception {
    for (RawSocket socket : sockets) {
      socket.close();
    }
    if (gateway != null) {
      gateway.destroyForcibly();
      assertThat(gateway.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    if (registry != null) {
      registry.close();
    }
  }

  /** Each block says where it is, so that none can be lost or come twice. */
  private static byte[] block(byte[] block, long at) {
    for (int i = 0; i < Long.BYTES; i++) {
      block[i] = (byte) (at >> (8 * i));
    }
    return block;
  }

  private String put(String path, long length) throws Exception {
    MessageDigest sum = MessageDigest.getInstance("MD5");
    byte[] block = new byte[BLOCK];
    try (RawSocket socket = target.open()) {
      socket.send(target.head("PUT", target.at(path), "Content-Length: " + length));
      for (long at = 0; at < length; at += BLOCK) {
        sum.update(block(block, at));
        socket.send(block);
      }
      assertThat(socket.answer("PUT").status()).isEqualTo(201);
    }
    return HexFormat.of().formatHex(sum.digest());
  }

  private String get(String path) throws Exception {
    MessageDigest sum = MessageDigest.getInstance("MD5");
    byte[] block = new byte[BLOCK];
    try (RawSocket socket = target.open()) {
      String head = socket.send(target.head("GET", target.at(path))).head();
      long left = Long.parseLong(new RawSocket.Got(head, "").field("Content-Length"));
      while (left > 0) {
        int read = socket.in().read(block, 0, (int) Math.min(left, BLOCK));
        if (read < 0) {
          throw new EOFException(left + " bytes are missing");
        }
        sum.update(block, 0, read);
        left -= read;
      }
    }
    return HexFormat.of().formatHex(sum.digest());
  }

  /** The most memory that the gateway's process ever had, in KiB. */
  private long peak() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + gateway.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Order(1)
  @DisplayName("objects/S12: goes up and comes down as it is, and the process hardly grows")
  void whole() throws Exception {
    long before = peak();
    long begin = System.nanoTime();
    String sum = put("/o", GREAT);
    long up = System.nanoTime();
    assertThat(get("/o")).isEqualTo(sum);
    long down = System.nanoTime();
    long growth = peak() - before;
    System.out.printf(
        "measured: 5 GiB through the gateway: up %d s, down %d s, %d KiB more memory than before%n",
        Duration.ofNanos(up - begin).toSeconds(), Duration.ofNanos(down - up).toSeconds(), growth);
    assertThat(growth).isLessThan(GROWTH_KIB);
  }

  @Test
  @Order(2)
  @DisplayName("objects/S12: 50 who read it at 10 KB/s do not hold up the others")
  void slowReaders() throws Exception {
    long before = peak();
    assertThat(target.send("PUT", target.at("/small"), "small").status()).isEqualTo(201);
    latency();
    long alone = latency();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      RawSocket slow = RawSocket.narrow(target.port(), 65_536);
      sockets.add(slow);
      assertThat(slow.send(target.head("GET", target.at("/o"))).head()).startsWith("HTTP/1.1 200");
      readers.add(Thread.ofVirtual().start(() -> sip(slow)));
    }
    latency();
    long beside = latency();
    readers.forEach(Thread::interrupt);
    for (Thread reader : readers) {
      reader.join();
    }
    System.out.printf(
        "measured: a small object: %d us, beside %d slow readers %d us (medians), %d KiB more memory%n",
        alone / 1_000, READERS, beside / 1_000, peak() - before);
    // Of medians: a machine that does something else for a moment is not the gateway's fault.
    assertThat(Duration.ofNanos(beside))
        .isLessThan(Duration.ofNanos(alone).multipliedBy(5).plus(Duration.ofMillis(50)));
    assertThat(peak() - before).isLessThan(GROWTH_KIB);
  }

  private static void sip(RawSocket slow) {
    Deadline deadline = Deadline.in(Duration.ofMinutes(5));
    try {
      while (!deadline.over()) {
        slow.read(1_000);
        deadline.pause(Duration.ofMillis(100));
      }
    } catch (IOException | InterruptedException e) {
      // It has been slow for long enough.
    }
  }

  /** The median of many requests, in nanoseconds. */
  private long latency() throws IOException {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      long begin = System.nanoTime();
      assertThat(target.ask("GET", target.at("/small")).body()).isEqualTo("small");
      all.add(System.nanoTime() - begin);
    }
    return all.stream().sorted().toList().get(all.size() / 2);
  }

  @Test
  @Order(3)
  @DisplayName("objects/S12: what is broken off at half leaves nothing")
  void half() throws Exception {
    byte[] block = new byte[BLOCK];
    for (String framing : List.of("Content-Length: " + 2 * HALF, "Transfer-Encoding: chunked")) {
      boolean chunked = framing.startsWith("T");
      try (RawSocket socket = target.open()) {
        socket.send(target.head("PUT", target.at("/half"), framing));
        for (long at = 0; at < HALF; at += BLOCK) {
          if (chunked) {
            socket.send(Integer.toHexString(BLOCK) + "\r\n").send(block(block, at)).send("\r\n");
          } else {
            socket.send(block(block, at));
          }
        }
        socket.reset();
      }
      long ended = framing.startsWith("T") ? 2 : 1;
      await().atMost(Duration.ofMinutes(2)).until(() -> brokenOff() == ended);
      assertThat(target.ask("GET", target.at("/half")).status()).isEqualTo(404);
    }
    assertThat(target.ask("GET", target.at("")).body()).doesNotContain("half");
  }

  /** How many such uploads the site itself says were broken off. */
  private long brokenOff() throws IOException {
    return site.said(SwiftService.PROXY)
        .lines()
        .filter(line -> line.contains("PUT /v1/AUTH_test/great/half") && line.contains(" 499 "))
        .count();
  }
}
