package io.cotidal.gateway.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.gateway.desk.Client.Boundary;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
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
  private static final String NONE = "-";

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

  private Process child(String boundary) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            LodgeChild.class.getName(),
            folder.toString(),
            Integer.toString(pair.east.port()),
            Integer.toString(pair.toWest.port()),
            boundary);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static void kill(Process child) throws InterruptedException {
    child.toHandle().destroyForcibly();
    assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  private static void until(BufferedReader out, String word) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(word)) {
        return;
      }
    }
    throw new IOException("the gateway ended before it said " + word);
  }

  /** What the client was told; what the gateway logs is passed over. */
  private static String told(BufferedReader out) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("told ")) {
        return line;
      }
    }
    throw new IOException("the gateway ended before it told anything");
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
    Process child = child(boundary.name());
    try (BufferedReader out = child.inputReader();
        Writer in = child.outputWriter()) {
      until(out, "ready");
      in.write(request + "\n");
      in.flush();
      until(out, "at " + boundary);
      kill(child);
    } finally {
      child.destroyForcibly();
      pair.heal();
    }
  }

  @Test
  @DisplayName("objects/S3: killed again and again while it carries: nothing that was told is lost")
  void anywhere() throws Exception {
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    Set<String> made = new HashSet<>();
    Map<String, String> values = new HashMap<>();
    pair.heal();
    for (int kill = 0; kill < 4; kill++) {
      Process child = child(NONE);
      try (BufferedReader out = child.inputReader();
          Writer in = child.outputWriter()) {
        until(out, "ready");
        int many = 6 + chance.nextInt(10);
        for (int i = 0; i < many; i++) {
          String path = "/any" + chance.nextInt(8);
          String value = kill + "-" + i;
          boolean delete = made.contains(path) && chance.nextInt(4) == 0;
          in.write(
              delete
                  ? "DELETE " + path + "\n"
                  : "PUT " + path + " X-Container-Meta-V=" + value + "\n");
          in.flush();
          String line = told(out);
          assertThat(line).as("seed %d", seed).startsWith("told " + path + " 20");
          if (delete) {
            made.remove(path);
            values.remove(path);
          } else {
            made.add(path);
            values.put(path, value);
          }
        }
        child.waitFor(chance.nextInt(300), TimeUnit.MILLISECONDS);
        kill(child);
      } finally {
        child.destroyForcibly();
      }
    }
    recovered();
    for (SwiftUser site : List.of(east, west)) {
      assertThat(site.names("").stream().filter(name -> name.startsWith("any")).map(n -> "/" + n))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(made);
      for (Map.Entry<String, String> each : values.entrySet()) {
        assertThat(site.head(each.getKey()).header("X-Container-Meta-V"))
            .as("seed %d, %s", seed, each.getKey())
            .contains(each.getValue());
      }
    }
  }
}
