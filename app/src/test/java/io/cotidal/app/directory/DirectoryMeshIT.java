package io.cotidal.app.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.app.config.Configuration;
import io.cotidal.cli.api.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A daemon with a list of members, and real servers. */
@Timeout(240)
@DisplayName("a directory from a list of members")
@Execution(ExecutionMode.CONCURRENT)
final class DirectoryMeshIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  private DirectoryLab lab;
  private StartedDaemon daemon;

  @BeforeEach
  void open() throws Exception {
    lab = DirectoryLab.open();
  }

  @AfterEach
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private ResourceApi serve(Configuration configuration) throws Exception {
    daemon = new StartedDaemon(configuration);
    return ResourceApi.of(lab.port, daemon.token(), "directory/people");
  }

  private static void awaitSettled(ResourceApi api) {
    await()
        .atMost(LONG)
        .conditionEvaluationListener(null)
        .failFast("", () -> false)
        .untilAsserted(() -> assertThat(api.settled()).as(api.story()).isTrue());
  }

  @Test
  @DisplayName(
      "directory/D1: one filled server and two empty ones become a mesh; nothing of the filled one is lost; it is proven")
  void mesh() throws Exception {
    lab.start("a", "b", "c");
    lab.fill("c", 200);
    int before = lab.entries("c");
    AtomicInteger least = new AtomicInteger(before);
    ResourceApi api = serve(lab.configure("fullmesh", "a", "b", "c"));
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          int now = lab.entries("c");
          least.accumulateAndGet(now, Math::min);
          assertThat(api.settled()).as(api.story()).isTrue();
        });
    assertThat(least.get()).isEqualTo(before);
    for (String name : List.of("a", "b", "c")) {
      assertThat(lab.entries(name)).as(name).isEqualTo(before);
      assertThat(lab.agreements(name)).isEqualTo(lab.others(name, "a", "b", "c"));
    }
    assertThat(lab.filled("c")).isZero();
    assertThat(lab.filled("a")).isEqualTo(1);
    Set<Integer> ids = new TreeSet<>();
    for (String name : List.of("a", "b", "c")) {
      ids.add(lab.id(name));
    }
    assertThat(ids).hasSize(3);

    Node proof = api.act("prove", Map.of("digest", true));
    assertThat(proof.text("state")).as("%s", proof.value()).isEqualTo("done");
    // What the proof wrote is gone again; that replicates as everything does.
    await().atMost(LONG).untilAsserted(() -> assertThat(lab.entries("a")).isEqualTo(before));

    for (String name : List.of("a", "b", "c")) {
      lab.write(name, "by-" + name);
    }
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          for (String name : List.of("a", "b", "c")) {
            assertThat(lab.entries(name)).isEqualTo(before + 3);
          }
        });
    assertThat(api.story()).doesNotContain(DirectoryLab.PASSWORD, DirectoryLab.REPLICATION);
  }

  @Test
  @DisplayName("directory/D2: two filled servers that have nothing in common are left as they are")
  void conflict() throws Exception {
    lab.start("a", "b");
    lab.fill("a", 20);
    lab.fill("b", 30);
    int a = lab.entries("a");
    int b = lab.entries("b");
    ResourceApi api = serve(lab.configure("fullmesh", "a", "b"));
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(api.code()).as(api.story()).isEqualTo("data-conflict"));
    Node view = api.view();
    assertThat(view.at("diagnosis").text("sentence"))
        .contains("a holds " + a + " entries", "b holds " + b + " entries");
    assertThat(view.list("operations")).isEmpty();
    assertThat(lab.entries("a")).isEqualTo(a);
    assertThat(lab.entries("b")).isEqualTo(b);
    for (String name : List.of("a", "b")) {
      assertThat(lab.agreements(name)).isEmpty();
      assertThat(lab.id(name)).isZero();
      assertThat(lab.filled(name)).isZero();
    }
  }

  @Test
  @DisplayName(
      "directory/D5: a server that was killed catches up once it is back, and is not filled anew")
  void back() throws Exception {
    lab.start("a", "b", "c");
    lab.fill("a", 20);
    ResourceApi api = serve(lab.configure("fullmesh", "a", "b", "c"));
    awaitSettled(api);
    long filled = lab.filled("b");
    lab.server("b").kill();
    lab.write("a", "missed");
    await().atMost(LONG).until(() -> lab.shows("c", "missed"));
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(api.code()).as(api.story()).isEqualTo("degraded"));
    lab.server("b").start();
    await().atMost(LONG).until(() -> lab.shows("b", "missed"));
    awaitSettled(api);
    assertThat(lab.filled("b")).isEqualTo(filled);
    assertThat(lab.agreements("a")).isEqualTo(lab.others("a", "a", "b", "c"));
  }

  @Test
  @DisplayName(
      "directory/D22: a ring of six loses a member by configuration and stays whole at every step")
  void ring() throws Exception {
    String[] six = {"a", "b", "c", "d", "e", "f"};
    lab.start(six);
    lab.fill("a", 10);
    ResourceApi api = serve(lab.configure("ring", six));
    awaitSettled(api);
    int gone = lab.id("d");
    daemon.close();
    ResourceApi after = serve(lab.configure("ring", "a", "b", "c", "e", "f"));
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(after.settled()).as(after.story()).isTrue();
          for (String name : List.of("a", "b", "c", "e", "f")) {
            assertThat(lab.agreements(name))
                .as(name)
                .hasSize(2)
                .doesNotContain(lab.server("d").port());
            assertThat(lab.vector(name)).as(name).doesNotContain(gone);
          }
        });
    lab.write("c", "across");
    for (String name : List.of("a", "b", "e", "f")) {
      await().atMost(LONG).until(() -> lab.shows(name, "across"));
    }
  }
}
