package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class LookoutTest {
  private static final Duration PERIOD = Duration.ofMillis(200);
  private static final Duration DEADLINE = Duration.ofMillis(500);

  private final ManualClock clock = new ManualClock();
  private final ScriptedDriver driver = new ScriptedDriver();
  private final List<Observation<String>> seen = new CopyOnWriteArrayList<>();
  private final Lookout<String> lookout =
      new Lookout<>(
          "test/one",
          new MemberId("a"),
          driver,
          clock,
          (observation, begun) -> seen.add(observation));

  private void awaitSeen(int count) {
    await().until(() -> seen.size() == count && driver.looking.get() == 0);
    // The look's end has been reported; its next turn is planned under the same lock.
    synchronized (lookout) {
      assertThat(seen).hasSize(count);
    }
  }

  @Test
  void looksAtOnceAndThenEveryPeriod() {
    lookout.observe(PERIOD, DEADLINE);
    awaitSeen(1);
    clock.advance(PERIOD.minusMillis(1));
    assertThat(driver.looksAt("a")).isEqualTo(1);
    clock.advance(Duration.ofMillis(1));
    awaitSeen(2);
    clock.advance(PERIOD);
    awaitSeen(3);
  }

  @Test
  void anotherPeriodTakesEffectWithALookAtOnce() {
    lookout.observe(Duration.ofSeconds(10), DEADLINE);
    awaitSeen(1);
    clock.advance(Duration.ofSeconds(1));
    lookout.observe(PERIOD, DEADLINE);
    awaitSeen(2);
    clock.advance(PERIOD);
    awaitSeen(3);
  }

  @Test
  void aLookAskedForDuringALookFollowsItAndNeverRunsBesideIt() {
    CountDownLatch end = new CountDownLatch(1);
    driver.look =
        member -> {
          driver.hang(end);
          return ScriptedDriver.seen("up");
        };
    lookout.observe(Duration.ofSeconds(10), DEADLINE);
    await().until(() -> driver.looking.get() == 1);
    lookout.observe(PERIOD, DEADLINE);
    assertThat(driver.looksAt("a")).isEqualTo(1);
    end.countDown();
    awaitSeen(2);
    assertThat(driver.mostLooking.get()).isEqualTo(1);
  }

  @Test
  void aHangingLookIsReportedSilentAndLeavesOneThreadAtMost() {
    CountDownLatch end = new CountDownLatch(1);
    driver.look =
        member -> {
          driver.hang(end);
          return ScriptedDriver.seen("late");
        };
    lookout.observe(PERIOD, DEADLINE);
    await().until(() -> driver.looking.get() == 1);
    clock.advance(DEADLINE.plus(Lookout.GRACE));
    await().until(() -> driver.interrupts.get() == 1);
    assertThat(seen).last().isInstanceOf(Observation.Silent.class);
    int before = seen.size();
    clock.advance(Duration.ofSeconds(1));
    await().until(() -> seen.size() >= before + 4);
    assertThat(seen).allMatch(Observation.Silent.class::isInstance);
    assertThat(((Observation.Silent<String>) seen.getLast()).waitedNanos())
        .isGreaterThan(Duration.ofMillis(1500).toNanos());
    assertThat(driver.looksAt("a")).isEqualTo(1);

    driver.look = member -> ScriptedDriver.seen("back");
    end.countDown();
    await()
        .untilAsserted(() -> {
          clock.advance(PERIOD);
          assertThat(seen).last().isEqualTo(ScriptedDriver.seen("back"));
        });
    assertThat(seen).doesNotContain(ScriptedDriver.seen("late"));
    assertThat(driver.mostLooking.get()).isEqualTo(1);
  }

  @Test
  void aBrokenDriverIsNeverTakenForADeadServer() {
    driver.look =
        member -> {
          throw new IllegalStateException("no row");
        };
    lookout.observe(PERIOD, DEADLINE);
    awaitSeen(1);
    assertThat(seen.getFirst())
        .isInstanceOfSatisfying(
            Observation.CannotTell.class,
            it -> assertThat(it.reason()).isEqualTo("IllegalStateException: no row"));
  }

  @Test
  void stoppedItLooksNoMore() {
    lookout.observe(PERIOD, DEADLINE);
    awaitSeen(1);
    lookout.stop();
    clock.advance(Duration.ofSeconds(5));
    assertThat(driver.looksAt("a")).isEqualTo(1);
  }
}
