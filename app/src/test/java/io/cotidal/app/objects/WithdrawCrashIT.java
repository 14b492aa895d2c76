package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.DaemonProcess;
import io.cotidal.app.Main;
import io.cotidal.app.ResourceApi;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftUser;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** {@code kill -9} of {@code cot serve} while a real site gives its copy up. */
@Tag("slow")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("a daemon that is killed again and again while a site gives its copy up")
final class WithdrawCrashIT {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int OBJECTS = 300;
  private static final int KILLS = 6;

  private final TreeMap<String, String> expected = new TreeMap<>();

  /** Deleted at the site that is left, where a deletion may give way to the write. */
  private final Set<String> either = new TreeSet<>();

  private SitesLab lab;
  private SwiftUser east;
  private SwiftUser west;
  private Process daemon;

  @BeforeAll
  void open() throws Exception {
    lab = SitesLab.open(SwiftOptions.named("east"), SwiftOptions.named("west"));
    east = lab.site("east").user(SwiftLogin.TESTER);
    west = lab.site("west").user(SwiftLogin.TESTER);
  }

  @AfterAll
  void close() throws Exception {
    if (daemon != null) {
      daemon.destroyForcibly();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private void configure(String rules) throws IOException {
    List<String> both = lab.at("east", "west");
    lab.configure(new SitesLab.Space("media", "manage", SwiftLogin.TESTER, rules, both));
  }

  private void start() throws IOException {
    List<String> command = DaemonProcess.java(List.of());
    String file = lab.folder.resolve("cotidal.yaml").toString();
    command.addAll(List.of(Main.class.getName(), "serve", "--config", file));
    daemon =
        lab.registry.start(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                    ProcessBuilder.Redirect.appendTo(lab.folder.resolve("log").toFile())));
  }

  private void kill() throws InterruptedException {
    daemon.destroyForcibly();
    assertThat(daemon.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  /** The token is there once the daemon is. */
  private ResourceApi api() throws IOException {
    String token = Files.readString(lab.folder.resolve("admin.token")).strip();
    return ResourceApi.of(lab.port, token, "objects/media");
  }

  private static void soon(ThrowingRunnable holds) {
    await().atMost(LONG).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(holds);
  }

  private void code(String code) {
    soon(() -> assertThat(api().code()).as(api().story()).isEqualTo(code));
  }

  /** Says yes to whatever is proposed. */
  private void approve() throws IOException, InterruptedException {
    for (Node each : ResourceApi.operations(api().view())) {
      if (each.text("type").equals("withdraw") && each.text("state").equals("proposed")) {
        api().operate(Long.parseLong(each.text("id").split("#", -1)[1]), "approve");
      }
    }
  }

  /** How many objects the site shows that is left. */
  private int left() throws IOException {
    return east.head("/photos").status() == 404 ? 0 : east.names("/photos").size();
  }

  private void put(String name, String text) throws IOException {
    assertThat(east.put("/photos/" + name, RawBody.of(text)).status()).isEqualTo(201);
    expected.put(name, text);
  }

  /** What a client does at the site that is left while nobody looks after it. */
  private void change(int turn) throws IOException {
    if (left() == 0) {
      return;
    }
    String some = east.names("/photos").getFirst();
    switch (turn) {
      case 1 -> put("late", "written while it was left");
      case 2 -> {
        assertThat(east.delete("/photos/" + some).status()).isEqualTo(204);
        either.add(some);
      }
      case 3 -> {
        put(some, "written over");
        either.remove(some);
      }
      default -> {}
    }
  }

  @Test
  @DisplayName(
      "objects/S18: nothing is lost, what clients do meanwhile counts, and the copy is gone in the"
          + " end")
  void killed() throws Exception {
    long seed = System.nanoTime();
    System.out.println("measured: withdrawal killed: seed " + seed);
    Random random = new Random(seed);
    configure("");
    start();
    east.put("/photos");
    for (int i = 0; i < OBJECTS; i++) {
      put("p" + i, "picture " + i);
    }
    soon(() -> assertThat(west.names("/photos")).hasSize(OBJECTS));
    code("equal");
    configure("placement: [{sites: [west]}]\n");
    assertThat(api().apply()).isNotEmpty();
    code("leaving");
    int middle = 0;
    for (int i = 1; i <= KILLS && left() > 0; i++) {
      int until = Math.max(0, left() - 1 - random.nextInt(10));
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> {
            approve();
            return left() <= until;
          });
      kill();
      int rest = left();
      middle += rest > 0 && rest < OBJECTS ? 1 : 0;
      System.out.println("measured: withdrawal killed with " + rest + " objects left");
      change(i);
      start();
    }
    assertThat(middle).as("kills in the middle").isGreaterThanOrEqualTo(2);
    soon(() -> {
      approve();
      assertThat(east.head("/photos").status()).isEqualTo(404);
    });
    code("equal");
    List<String> names = new ArrayList<>(west.names("/photos"));
    names.removeAll(either);
    expected.keySet().removeAll(either);
    assertThat(names).containsExactlyElementsOf(expected.keySet());
    for (Map.Entry<String, String> each : expected.entrySet()) {
      assertThat(west.get("/photos/" + each.getKey()).text()).isEqualTo(each.getValue());
    }
  }
}
