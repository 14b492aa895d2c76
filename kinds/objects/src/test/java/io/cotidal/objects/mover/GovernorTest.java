package io.cotidal.objects.mover;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("How much a site is asked at the same time")
@Timeout(60)
class GovernorTest {
  private static final Deadline NOW = Deadline.in(Duration.ZERO);

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30));
  }

  private static void well(Governor governor, int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      try (Governor.Permit permit = governor.enter(soon()).orElseThrow()) {
        permit.well();
      }
    }
  }

  private static void badly(Governor governor) throws InterruptedException {
    try (Governor.Permit permit = governor.enter(soon()).orElseThrow()) {
      permit.badly();
    }
  }

  @Test
  @DisplayName("grows to its limit while the site answers")
  void grows() throws Exception {
    Governor governor = new Governor(10);
    assertThat(governor.limit()).isEqualTo(4);
    well(governor, 3);
    assertThat(governor.limit()).isEqualTo(7);
    well(governor, 20);
    assertThat(governor.limit()).isEqualTo(10);
  }

  @Test
  @DisplayName("halves at trouble, never to nothing, and grows slowly from then on")
  void halves() throws Exception {
    Governor governor = new Governor(8);
    well(governor, 8);
    badly(governor);
    assertThat(governor.limit()).isEqualTo(4);
    well(governor, 4);
    assertThat(governor.limit()).isLessThanOrEqualTo(5);
    for (int i = 0; i < 20; i++) {
      badly(governor);
    }
    assertThat(governor.limit()).isEqualTo(1);
    assertThat(governor.troubles()).isEqualTo(21);
    well(governor, 100);
    assertThat(governor.limit()).isEqualTo(8);
  }

  @Test
  @DisplayName("halves once for calls that went on together")
  void together() throws Exception {
    Governor governor = new Governor(8);
    well(governor, 8);
    List<Governor.Permit> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(governor.enter(soon()).orElseThrow());
    }
    assertThat(governor.enter(NOW)).isEmpty();
    for (Governor.Permit permit : all) {
      permit.badly();
      permit.close();
    }
    assertThat(governor.limit()).isEqualTo(4);
    assertThat(governor.busy()).isZero();
  }

  @Test
  @DisplayName("lets those wait that are too many")
  void waits() throws Exception {
    Governor governor = new Governor(1);
    Governor.Permit first = governor.enter(soon()).orElseThrow();
    CountDownLatch entered = new CountDownLatch(1);
    Thread second =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Optional<Governor.Permit> permit = governor.enter(soon());
                permit.ifPresent(one -> {
                  entered.countDown();
                  one.close();
                });
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertThat(entered.getCount()).isEqualTo(1);
    first.close();
    assertThat(second.join(Duration.ofSeconds(30))).isTrue();
    assertThat(entered.getCount()).isZero();
  }

  @Test
  @DisplayName("lets bytes pass no faster than allowed")
  void throttle() throws Exception {
    Throttle throttle = new Throttle(1_000_000);
    long begin = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      throttle.moved(100_000, soon());
    }
    // A million bytes, of which a quarter of a second's was saved up.
    assertThat(System.nanoTime() - begin).isGreaterThan(Duration.ofMillis(600).toNanos());
    new Throttle(0).moved(Long.MAX_VALUE, soon());
    new Throttle(1).moved(1_000_000, NOW);
  }
}
