package io.cotidal.store;

import static io.cotidal.store.Samples.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.OperationId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
  private static final int KILLS = 12;
  @TempDir Path folder;

  @Test
  @Timeout(180)
  @DisplayName(
      "killed with SIGKILL at random points: acknowledged batches are there, and no half ones")
  void kills() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path file = folder.resolve("cotidal.db");
    long acknowledged = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      long last = runAndKill(file, 1 + random.nextInt(200), random.nextInt(3_000));
      acknowledged = Math.max(acknowledged, last);
      verify(file, acknowledged, "seed " + seed + ", kill " + kill);
    }
  }

  /**
   * The last number that the child printed; it is killed some microseconds after it has printed
   * {@code lines}.
   */
  private long runAndKill(Path file, int lines, int micros) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.sqlite.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = child.inputReader()) {
      long last = read(out, lines);
      long until = System.nanoTime() + Duration.ofNanos(micros * 1_000L).toNanos();
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      // Not the process's own destroyForcibly: that would close the stream with the last lines in
      // it.
      child.toHandle().destroyForcibly();
      assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
      return Math.max(last, read(out, Integer.MAX_VALUE));
    } finally {
      child.destroyForcibly();
    }
  }

  private static long read(BufferedReader out, int lines) throws IOException {
    long last = 0;
    for (int i = 0; i < lines; i++) {
      String line = out.readLine();
      if (line == null) {
        break;
      }
      last = Long.parseLong(line);
    }
    return last;
  }

  private static void verify(Path file, long acknowledged, String when) {
    try (SqlStore store = SqlStore.open(file)) {
      Snapshot snapshot = store.load(ORDERS);
      long last = snapshot.lastNumber();
      assertThat(last).as(when).isGreaterThanOrEqualTo(acknowledged).isPositive();
      assertThat(snapshot.ledger().need("number")).as(when).isEqualTo(String.valueOf(last));
      List<String> events =
          store.events(ORDERS, 0, 10_000).stream().map(each -> each.event().text()).toList();
      assertThat(events)
          .as(when)
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, last).mapToObj(String::valueOf).toList());
      assertThat(store.events(ORDERS, 0, 10_000)).extracting(LoggedEvent::sequence).isSorted();
      for (long number = 1; number <= last; number++) {
        assertThat(store.operation(new OperationId(ORDERS, number)).orElseThrow().steps())
            .as(when)
            .hasSize(2);
      }
      assertThat(store.committed(ORDERS, "batch-" + last)).as(when).isTrue();
      assertThat(store.committed(ORDERS, "batch-" + (last + 1))).as(when).isFalse();
    }
  }
}
