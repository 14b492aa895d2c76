package io.cotidal.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many histories of the real engine. A seed that fails is printed; {@code -Dsim.seed=N} runs it
 * alone, and {@code -Dsim.histories=N} sets their number.
 */
class HistorySim {
  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  @DisplayName("10,000 histories keep every invariant and end in peace")
  void manyHistories() throws Exception {
    Long one = Long.getLong("sim.seed");
    run(
        one == null ? Long.getLong("sim.first", 1) : one,
        one == null ? Long.getLong("sim.histories", 10_000) : 1);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  @DisplayName("100,000 histories keep every invariant and end in peace")
  void manyMoreHistories() throws Exception {
    run(1, 100_000);
  }

  private static void run(long first, long count) throws Exception {
    long began = System.nanoTime();
    AtomicLong next = new AtomicLong(first);
    List<History.Verdict> bad = Collections.synchronizedList(new ArrayList<>());
    AtomicLong acknowledged = new AtomicLong();
    AtomicLong operations = new AtomicLong();
    AtomicLong attention = new AtomicLong();
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(() -> {
              for (long seed = next.getAndIncrement();
                  seed < first + count && bad.size() < 20;
                  seed = next.getAndIncrement()) {
                History.Verdict verdict = History.run(seed);
                acknowledged.addAndGet(verdict.acknowledged());
                operations.addAndGet(verdict.operations());
                attention.addAndGet(verdict.attention());
                if (!verdict.violations().isEmpty()) {
                  bad.add(verdict);
                }
              }
            }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "measured: %,d histories from seed %d in %.0f s; %,d acknowledged writes, %,d operations,"
            + " %,d of them left to a person%n",
        count, first, seconds, acknowledged.get(), operations.get(), attention.get());
    bad.forEach(verdict ->
        System.out.println(
            "failing seed "
                + verdict.seed()
                + " (replay: ./mvnw -q -pl simulator -am test -Dtest=HistorySim"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed="
                + verdict.seed()
                + "): "
                + verdict.violations()));
    assertThat(bad).isEmpty();
  }
}
