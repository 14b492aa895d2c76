package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.MemberId;
import io.cotidal.model.ResourceId;
import io.cotidal.model.SourceAnswer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class SourceWatchTest {
  private static final Duration PERIOD = Duration.ofSeconds(4);
  private static final Duration LIMIT = SourceWatch.PATIENCE.plus(SourceWatch.GRACE);
  private static final SourceAnswer.Unavailable DOWN = new SourceAnswer.Unavailable("no route");

  private final ManualClock clock = new ManualClock();
  private final ScriptedSource source = new ScriptedSource();
  private final List<SourceAnswer> heard = new CopyOnWriteArrayList<>();
  private final SourceWatch watch =
      new SourceWatch(
          new ResourceId("test", "one"), new Discovery(source, PERIOD), clock, heard::add);

  private static SourceAnswer of(String... names) {
    return SourceAnswer.Members.named(List.of(names).stream().map(MemberId::new).toList());
  }

  /** So many answers have been reported, and the next ask is planned. */
  private void awaitHeard(int count) {
    await().until(() -> heard.size() == count);
    // It is reported and the next one planned under one lock.
    synchronized (watch) {
      assertThat(heard).hasSize(count);
    }
  }

  /** The first two asks: what the first one says is news. */
  private void begin() {
    watch.start();
    awaitHeard(1);
    clock.advance(SourceWatch.SOON);
    awaitHeard(2);
  }

  @Test
  @DisplayName("It asks at once, soon after news, and then every period")
  void period() {
    source.script = () -> of("a", "b");
    begin();
    clock.advance(PERIOD.minusMillis(1));
    assertThat(source.asks.get()).isEqualTo(2);
    clock.advance(Duration.ofMillis(1));
    awaitHeard(3);
    source.script = () -> of("b", "a");
    clock.advance(PERIOD);
    awaitHeard(4);
    clock.advance(SourceWatch.SOON);
    assertThat(source.asks.get()).as("another order is no news").isEqualTo(4);
    source.script = () -> of("a");
    // No further than to the ask: after news the next one is soon.
    clock.advance(PERIOD.minus(SourceWatch.SOON));
    awaitHeard(5);
    clock.advance(SourceWatch.SOON);
    awaitHeard(6);
    assertThat(heard.getLast()).isEqualTo(of("a"));
    assertThat(source.patience).isEqualTo(SourceWatch.PATIENCE);
  }

  @Test
  @DisplayName("directory/D3: failures are told, one by one, and pauses double up to a limit")
  void backsOff() {
    source.script = () -> DOWN;
    watch.start();
    awaitHeard(1);
    int asks = 1;
    for (int seconds : List.of(4, 8, 16, 30, 30)) {
      clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
      assertThat(source.asks.get()).isEqualTo(asks);
      clock.advance(Duration.ofMillis(1));
      awaitHeard(++asks);
    }
    assertThat(heard).containsOnly(DOWN);
    source.script = () -> of("a");
    clock.advance(Duration.ofSeconds(30));
    awaitHeard(++asks);
    source.script = () -> DOWN;
    clock.advance(SourceWatch.SOON);
    awaitHeard(++asks);
    clock.advance(PERIOD);
    awaitHeard(++asks);
  }

  @Test
  @DisplayName("directory/D3: a source that throws is unavailable, and is asked again")
  void broken() {
    source.script =
        () -> {
          throw new IllegalStateException("two members are named a");
        };
    watch.start();
    awaitHeard(1);
    assertThat(heard.getFirst())
        .isEqualTo(
            new SourceAnswer.Unavailable(
                "a script: IllegalStateException: two members are named a; a bug, see the log"));
    source.script = () -> of("a");
    clock.advance(PERIOD);
    awaitHeard(2);
  }

  @Test
  @DisplayName("directory/D3: a source that hangs is unavailable meanwhile, and holds one thread")
  void hangs() {
    CountDownLatch end = new CountDownLatch(1);
    source.script =
        () -> {
          source.hang(end);
          return of("stale");
        };
    watch.start();
    clock.advance(LIMIT.minusMillis(1));
    assertThat(heard).isEmpty();
    clock.advance(Duration.ofMillis(1));
    awaitHeard(1);
    clock.advance(PERIOD);
    awaitHeard(2);
    clock.advance(Duration.ofSeconds(8));
    awaitHeard(3);
    assertThat(source.asks.get()).isEqualTo(1);
    assertThat(source.interrupts.get()).isEqualTo(1);
    assertThat(heard).allMatch(SourceAnswer.Unavailable.class::isInstance);
    assertThat(heard.getLast())
        .isEqualTo(
            new SourceAnswer.Unavailable(
                "a script: no answer for 47 s; see whether it can be reached"));
    source.script = () -> of("a");
    end.countDown();
    awaitHeard(4);
    assertThat(heard.getLast()).as("what it was asked long ago is dropped").isEqualTo(of("a"));
  }

  @Test
  @DisplayName("Once stopped it asks no more and tells nothing, and the source may be closed")
  void stops() {
    CountDownLatch end = new CountDownLatch(1);
    source.script =
        () -> {
          source.hang(end);
          return of("late");
        };
    watch.start();
    await().until(() -> source.asks.get() == 1);
    watch.stop();
    await().until(() -> source.interrupts.get() == 1);
    end.countDown();
    await().until(() -> source.asking.get() == 0);
    clock.advance(Duration.ofHours(1));
    watch.close();
    assertThat(source.closed).isTrue();
    assertThat(heard).isEmpty();
    assertThat(source.asks.get()).isEqualTo(1);
  }

  @Test
  @DisplayName("A period of no time is refused")
  void noPeriod() {
    assertThatThrownBy(() -> new Discovery(source, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }
}
