package io.cotidal.postgres.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.spec.Failover;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class StallWatchTest {
  private static final MemberId A = new MemberId("a");
  private final StallWatch watch = new StallWatch(Failover.DEFAULT);
  private long millis = 5_000_000;

  private static PgFacts standby(PgFacts.@Nullable Receiver receiver) {
    return new PgFacts(170000, 7, true, 3, 10, 10, A, receiver, List.of(), "", List.of(), false);
  }

  private static PgFacts primary(@Nullable Long oldest) {
    return new PgFacts(170000, 7, false, 3, 10, 10, null, null, List.of(), "", List.of(), true)
        .stalled(Stall.told(oldest));
  }

  /** The last of looks that are 200 ms apart, the first of them 200 ms from now. */
  private Stall looks(int times, PgFacts facts) {
    Stall last = Stall.NONE;
    for (int i = 0; i < times; i++) {
      millis += 200;
      last = watch.seen(facts, millis * 1_000_000).stall();
    }
    return last;
  }

  @Test
  @DisplayName("A commit waits for as long as looks in a row have found one, whosever it is")
  void waiting() {
    assertThat(looks(1, primary(3_600_000L)))
        .as("a statement that ran for an hour has only just come to wait")
        .isEqualTo(new Stall(3_600_000L, 0, 0));
    assertThat(looks(20, primary(500L))).isEqualTo(new Stall(500L, 4_000, 0));
    assertThat(looks(1, primary(null))).isEqualTo(Stall.NONE);
    assertThat(looks(1, primary(0L)).waitingMillis()).isZero();
  }

  @Test
  @DisplayName("Without a receiver: since it was there last, or since looks find none")
  void unheard() {
    assertThat(looks(1, standby(null)).unheardMillis()).isZero();
    assertThat(looks(5, standby(null)).unheardMillis()).isEqualTo(1_000);
    assertThat(looks(1, standby(new PgFacts.Receiver("streaming", A, 30))).unheardMillis())
        .isEqualTo(30);
    assertThat(looks(1, standby(new PgFacts.Receiver("streaming", A, 1_900))).unheardMillis())
        .isEqualTo(1_900);
    assertThat(looks(1, standby(null)).unheardMillis())
        .as("its silence before it ended counts on")
        .isEqualTo(2_100);
    assertThat(looks(1, standby(new PgFacts.Receiver("starting", A, 0))).unheardMillis())
        .isEqualTo(2_300);
    assertThat(looks(1, standby(new PgFacts.Receiver("streaming", null, 0))).unheardMillis())
        .as("a stranger's messages are not the primary's")
        .isEqualTo(2_500);
  }

  @Test
  @DisplayName("After one slow look it counts on; after a refusal, and after a pause, all anew")
  void anew() {
    looks(20, standby(null));
    watch.missed();
    assertThat(looks(1, standby(null)).unheardMillis()).isZero();
    assertThat(looks(21, primary(9L)).waitingMillis()).isEqualTo(4_000);
    millis += 600;
    assertThat(looks(1, primary(9L)).waitingMillis()).isEqualTo(4_800);
    millis += 3_000;
    assertThat(looks(1, primary(9L)).waitingMillis()).isZero();
  }

  @Test
  @DisplayName("A receiver that does not tell of any message has heard nothing since looks find it")
  void mute() {
    PgFacts mute = standby(new PgFacts.Receiver("streaming", A, Look.NEVER_HEARD_MILLIS));
    assertThat(looks(1, mute).unheardMillis()).isZero();
    assertThat(looks(3, mute).unheardMillis()).isEqualTo(600);
  }
}
