package io.cotidal.gateway.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.objects.names.Timestamp;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayName("the hybrid clock")
final class HybridClockTest {
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final Timestamp NOON = new Timestamp(170_000_000_000_000L);

  private static Timestamp later(Timestamp from, Duration by) {
    return Timestamp.of(from.instant().plus(by));
  }

  @Test
  @DisplayName("is the time, where that goes forward")
  void follows() {
    HybridClock clock = new HybridClock(Timestamp.NEVER, BOUND).next(NOON);
    assertThat(clock.last()).isEqualTo(NOON);
    Timestamp then = later(NOON, Duration.ofSeconds(1));
    assertThat(clock.next(then).last()).isEqualTo(then);
    assertThat(clock.ahead(then)).isZero();
  }

  @Test
  @DisplayName("counts on where time stands or goes back, and says how far it is ahead")
  void counts() {
    HybridClock clock = new HybridClock(NOON, BOUND);
    assertThat(clock.next(NOON).last()).isEqualTo(NOON.next());
    Timestamp before = new Timestamp(NOON.steps() - 3_600L * 100_000);
    assertThat(clock.next(before).last()).isEqualTo(NOON.next());
    assertThat(clock.ahead(before)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  @DisplayName("is later than what it hears, and believes nothing too far ahead")
  void hears() {
    HybridClock clock = new HybridClock(NOON, BOUND);
    Timestamp near = later(NOON, BOUND);
    HybridClock.Heard heard = clock.heard(near, NOON);
    assertThat(heard).isEqualTo(new HybridClock.Heard.Taken(new HybridClock(near, BOUND)));
    assertThat(((HybridClock.Heard.Taken) heard).clock().next(NOON).last().after(near)).isTrue();
    assertThat(clock.heard(near.next(), NOON))
        .isEqualTo(new HybridClock.Heard.TooFarAhead(BOUND.plusNanos(10_000)));
    assertThat(clock.heard(Timestamp.NEVER, NOON)).isEqualTo(new HybridClock.Heard.Taken(clock));
  }

  @Test
  @DisplayName("two of them, with clocks that jump: each never goes back, and causes come first")
  void histories() {
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    HybridClock[] clocks = {
      new HybridClock(Timestamp.NEVER, BOUND), new HybridClock(Timestamp.NEVER, BOUND)
    };
    for (int i = 0; i < 20_000; i++) {
      int who = chance.nextInt(2);
      Timestamp now = later(NOON, Duration.ofMillis(chance.nextInt(10_000)));
      HybridClock before = clocks[who];
      Timestamp other = clocks[1 - who].last();
      if (before.heard(other, now) instanceof HybridClock.Heard.Taken taken) {
        clocks[who] = taken.clock().next(now);
        assertThat(clocks[who].last().after(other)).as("seed %d", seed).isTrue();
      } else {
        clocks[who] = before.next(now);
      }
      assertThat(clocks[who].last().after(before.last())).as("seed %d", seed).isTrue();
    }
  }
}
