package io.cotidal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the measurement of object containers offers, and how it reads what others say. */
@Timeout(10)
final class ObjectsBenchTest {
  @Test
  @DisplayName("each cell can be measured alone, by its name")
  void cells() {
    assertThat(ObjectsBench.cells())
        .containsExactlyInAnyOrder("small", "large", "mover", "scan", "proof", "outage", "promise");
  }

  @Test
  @DisplayName("what wrk has printed is read between its other lines")
  void wrk() throws BenchProblem {
    ObjectsWrk.Told told =
        ObjectsWrk.read("Running 2s test\n  1 threads\nmeasured: 5000 2000000 0 310 940\n");
    assertThat(told).isEqualTo(new ObjectsWrk.Told(5_000, 2_000_000, 0, 310, 940));
    assertThat(told.rate()).isEqualTo(2_500_000);
    assertThatThrownBy(() -> ObjectsWrk.read("unable to connect"))
        .isInstanceOf(BenchProblem.class)
        .hasMessageContaining("unable to connect");
  }

  @Test
  @DisplayName("a process's time is that of user and system, whatever its program is called")
  void ticks() {
    assertThat(
            ObjectsProcess.ticks(
                "17 (a) b) R 1 17 17 0 -1 4194304 100 0 0 0 250 75 9 9 20 0 1 0 100 0 0"))
        .isEqualTo(325);
  }

  @Test
  @DisplayName("a crew does everything once, and no more at a time than it may")
  void crew() throws BenchProblem {
    ConcurrentSkipListSet<Integer> done = new ConcurrentSkipListSet<>();
    AtomicInteger busy = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ObjectsCrew.each(
        50,
        4,
        number -> {
          most.accumulateAndGet(busy.incrementAndGet(), Math::max);
          done.add(number);
          busy.decrementAndGet();
        });
    List<Integer> all = new ArrayList<>(IntStream.range(0, 50).boxed().toList());
    assertThat(done).containsExactlyElementsOf(all);
    assertThat(most.get()).isBetween(1, 4);
  }

  @Test
  @DisplayName("who fails in a crew fails for all")
  void failing() {
    assertThatThrownBy(() ->
            ObjectsCrew.each(
                3,
                1,
                number -> {
                  throw new BenchProblem("number " + number);
                }))
        .isInstanceOf(BenchProblem.class)
        .hasMessageContaining("number");
  }
}
