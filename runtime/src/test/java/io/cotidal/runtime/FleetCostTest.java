package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.ResourceId;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a fleet costs while nothing happens. */
@Tag("slow")
@Timeout(120)
final class FleetCostTest {
  private static final int RESOURCES = 100;
  private static final Duration WARM = Duration.ofSeconds(10);
  private static final Duration MEASURED = Duration.ofSeconds(20);

  private static long processNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await()
        .atMost(time.plusSeconds(5))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> System.nanoTime() >= end);
  }

  @Test
  void aHundredClustersOfThreeLookedAtEachSecondCostLessThanASixthOfACore() {
    ScriptedDriver driver = new ScriptedDriver();
    List<Managed<TestKind.Shore, String>> fleet = new ArrayList<>();
    for (int i = 0; i < RESOURCES; i++) {
      fleet.add(
          new Managed<>(new TestKind(), TestKind.Shore.of("r" + i, Duration.ofSeconds(1)), driver));
    }
    try (SystemClock clock = new SystemClock();
        Daemon daemon =
            new Daemon(new Daemon.Ground(clock, new MemoryStore(), new Won()), List.of(), fleet)) {
      daemon.start();
      await().until(() -> daemon.resource(new ResourceId("test", "r99")).orElseThrow().leading());
      pass(WARM);
      int looks = driver.looksAt("a") + driver.looksAt("b") + driver.looksAt("c");
      long before = processNanos();
      pass(MEASURED);
      long used = processNanos() - before;
      looks = driver.looksAt("a") + driver.looksAt("b") + driver.looksAt("c") - looks;
      double share = (double) used / MEASURED.toNanos();
      System.out.printf(
          "%d resources, %d looks in %d s: %.1f %% of a core, %d us a look%n",
          RESOURCES,
          looks,
          MEASURED.toSeconds(),
          100 * share,
          TimeUnit.NANOSECONDS.toMicros(used / looks));
      assertThat(looks).isGreaterThan((int) (RESOURCES * 3 * MEASURED.toSeconds() * 0.9));
      assertThat(share).isLessThan(0.15);
    }
  }

  /** An election without rivals. */
  private static final class Won implements Election {
    @Override
    public void start(Candidate candidate) {
      candidate.won();
    }

    @Override
    public boolean held() {
      return true;
    }

    @Override
    public String reason() {
      return "";
    }

    @Override
    public void close() {
      // Nobody waits for it.
    }
  }
}
