package io.cotidal.gateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.Timestamp;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die while they write. */
@Timeout(180)
@DisplayName("the outbox of a process that dies")
final class OutboxCrashIT {
  private static final int KILLS = 6;

  @TempDir Path folder;

  private Process child(String what, String... before) throws IOException {
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            OutboxChild.class.getName(),
            folder.toString(),
            what));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** What its processes have said. */
  private static final class Said {
    private final Set<String> open = new HashSet<>();
    private final Map<String, Integer> kept = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private long latest;

    void line(String line) {
      String[] words = line.split(" ", 3);
      switch (words[0]) {
        case "+" -> {
          open.add(words[1]);
          latest = Math.max(latest, Long.parseLong(words[2]));
        }
        case "-" -> open.remove(words[1]);
        case "k" -> kept.put(words[1], Integer.parseInt(words[2]));
        case "failed" -> failures.add(line);
        default -> {}
      }
    }
  }

  private static void read(BufferedReader out, int lines, Said said) throws IOException {
    for (int i = 0; i < lines; i++) {
      String line = out.readLine();
      if (line == null) {
        return;
      }
      said.line(line);
    }
  }

  private Map<String, Open> opened(Said said, String when) throws OutboxFailed {
    Map<String, Open> all = new HashMap<>();
    try (Outbox outbox = Outbox.open(folder, OutboxLimits.USUAL, InstantSource.system())) {
      outbox.open().forEach(open -> all.put(open.subject().box(), open));
      Ticket next =
          outbox
              .intend(new Subject("AUTH_a", "probe"), "PUT", new Footing.Nothing())
              .toCompletableFuture()
              .join();
      outbox.ended(next, false).toCompletableFuture().join();
      assertThat(next.stamp().after(new Timestamp(said.latest))).as(when).isTrue();
    }
    return all;
  }

  @Test
  @DisplayName("objects/S3: killed with SIGKILL at any point: what was acknowledged is open")
  void kills() throws Exception {
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    Said said = new Said();
    for (int kill = 1; kill <= KILLS; kill++) {
      String when = "seed " + seed + ", kill " + kill;
      Process child = child("load");
      try (BufferedReader out = child.inputReader()) {
        read(out, 1 + chance.nextInt(400), said);
        long until = System.nanoTime() + chance.nextInt(3_000) * 1_000L;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        child.toHandle().destroyForcibly();
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        read(out, Integer.MAX_VALUE, said);
      } finally {
        child.destroyForcibly();
      }
      Map<String, Open> open = opened(said, when);
      assertThat(open.keySet()).as(when).containsAll(said.open);
      assertThat(open.values()).as(when).allMatch(Open::ready);
      said.kept.forEach((box, number) -> {
        if (open.containsKey(box)) {
          assertThat(open.get(box).footing())
              .as(when)
              .isEqualTo(new Footing.Known("agreed " + number));
        }
      });
    }
  }

  @Test
  @DisplayName("a disk that is full refuses the intention, and takes it when there is room")
  void full() throws Exception {
    Said said = new Said();
    Process child = child("full", "prlimit", "--fsize=60000");
    try (BufferedReader out = child.inputReader()) {
      read(out, Integer.MAX_VALUE, said);
      assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isZero();
    } finally {
      child.destroyForcibly();
    }
    assertThat(said.failures).singleElement().asString().contains("make room on its disk");
    assertThat(said.open).contains("late");
    assertThat(opened(said, "full").keySet()).containsAll(said.open);
  }
}
