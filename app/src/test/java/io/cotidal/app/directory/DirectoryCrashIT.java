package io.cotidal.app.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.DaemonProcess;
import io.cotidal.app.HaltingMain;
import io.cotidal.app.HaltingStore.Order;
import io.cotidal.app.HaltingStore.Side;
import io.cotidal.app.ResourceApi;
import io.cotidal.cli.api.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One join of real servers by a daemon that is killed at one of the first commits of its life, and
 * started again, until the join is done.
 */
@Timeout(900)
@DisplayName("a daemon that is killed during a join")
final class DirectoryCrashIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int KILLED = 137;

  /** A life that ended sooner would do nothing but take over from the one before. */
  private static final int FIRST = 2;

  private static final int LAST = 8;

  private DirectoryLab lab;
  private Path order;
  private List<String> command;
  private Process process;

  @BeforeEach
  void open() throws Exception {
    lab = DirectoryLab.open();
    order = lab.folder.resolve("halt");
    command = DaemonProcess.java(List.of());
  }

  @AfterEach
  void close() throws Exception {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private void launch() throws IOException {
    process =
        lab.registry.start(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                    ProcessBuilder.Redirect.appendTo(lab.folder.resolve("daemon.log").toFile())));
  }

  private ResourceApi api() throws IOException {
    Path token = lab.folder.resolve("admin.token");
    String secret = Files.exists(token) ? Files.readString(token).strip() : "none";
    return ResourceApi.of(lab.port, secret, "directory/people");
  }

  /** Lives of the daemon, each shorter than the join, until it is done. */
  private int join(Side side, long seed, int entries) throws Exception {
    Random random = new Random(seed);
    int lives = 0;
    while (true) {
      lives++;
      new Order(side, random.nextInt(FIRST, LAST), lives).write(order);
      launch();
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(50))
          .untilAsserted(
              () -> assertThat(!process.isAlive() || api().settled()).as(api().story()).isTrue());
      if (process.isAlive()) {
        Files.delete(order);
        return lives;
      }
      assertThat(process.exitValue()).isEqualTo(KILLED);
      assertThat(lab.entries("b")).as("life %d, seed %d", lives, seed).isEqualTo(entries);
      Files.delete(order);
    }
  }

  private void run(Side side, String... names) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed: " + seed);
    lab.start(names);
    lab.fill("b", 50);
    int entries = lab.entries("b");
    lab.configure("fullmesh", names);
    command.addAll(List.of(HaltingMain.class.getName(), lab.file().toString(), order.toString()));
    int lives = join(side, seed, entries);
    assertThat(lives).as("with hardly any commit nothing would be shown").isGreaterThan(3);

    Set<Integer> ids = new TreeSet<>();
    for (String name : names) {
      assertThat(lab.entries(name)).as(name).isEqualTo(entries);
      assertThat(lab.agreements(name)).as(name).isEqualTo(lab.others(name, names));
      ids.add(lab.id(name));
    }
    assertThat(ids).as("seed %d", seed).hasSize(names.length);
    for (String name : names) {
      assertThat(lab.vector(name)).as("ids that nobody has, in %s", name).isEqualTo(ids);
    }
    assertThat(lab.filled("b")).as("the full one was filled").isZero();
    Node proof = api().act("prove", Map.of("digest", true));
    assertThat(proof.text("state")).as("%s", proof.value()).isEqualTo("done");
    System.out.printf(
        "measured: daemon killed %s commits of a join of %d, %d lives%n",
        side, names.length, lives);
  }

  @Tag("slow")
  @Test
  @DisplayName("directory/D23: kill -9 of the daemon after commits of a join of three")
  void three() throws Exception {
    run(Side.AFTER, "a", "b", "c");
  }

  @Tag("slow")
  @ParameterizedTest(name = "directory/D23: kill -9 of the daemon {0} commits of a join of five")
  @EnumSource(names = {"BEFORE", "AFTER"})
  void five(Side side) throws Exception {
    run(side, "a", "b", "c", "d", "e");
  }
}
