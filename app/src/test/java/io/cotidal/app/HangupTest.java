package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("SIGHUP")
final class HangupTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final AtomicBoolean terminal = new AtomicBoolean();
  private final AtomicInteger ends = new AtomicInteger();
  private final AtomicInteger readings = new AtomicInteger();

  private Hangup hangup() {
    return new Hangup(terminal::get, ends::incrementAndGet);
  }

  @Test
  @DisplayName("before the daemon runs it is kept until it does, once")
  void early() {
    Hangup hangup = hangup();
    hangup.arrived();
    hangup.arrived();
    assertThat(readings).hasValue(0);
    hangup.ready(readings::incrementAndGet);
    await().atMost(SOON).untilAsserted(() -> assertThat(readings).hasValue(1));
    hangup.arrived();
    assertThat(readings).hasValue(2);
    assertThat(ends).hasValue(0);
  }

  @Test
  @DisplayName("many during a reading lead to one more")
  void many() throws InterruptedException {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Hangup hangup = hangup();
    hangup.ready(() -> {
      readings.incrementAndGet();
      first.countDown();
      awaitLatch(goOn);
    });
    Thread reading = Thread.ofVirtual().start(hangup::arrived);
    assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
    Thread waiting = Thread.ofVirtual().start(hangup::arrived);
    await().atMost(SOON).until(() -> waiting.getState() == Thread.State.WAITING);
    for (int i = 0; i < 20; i++) {
      hangup.arrived();
    }
    assertThat(readings).hasValue(1);
    goOn.countDown();
    reading.join();
    waiting.join();
    assertThat(readings).hasValue(2);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("a reading that breaks keeps none from coming after it")
  void broken() {
    Hangup hangup = hangup();
    hangup.ready(() -> {
      if (readings.incrementAndGet() == 1) {
        throw new IllegalStateException("as the test says");
      }
    });
    try {
      hangup.arrived();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("as the test says");
    }
    hangup.arrived();
    assertThat(readings).hasValue(2);
  }

  @Test
  @DisplayName("whose terminal is gone ends; who never had one, or has it still, reads")
  void terminalGone() {
    Hangup daemon = hangup();
    daemon.ready(readings::incrementAndGet);
    daemon.arrived();
    assertThat(readings).hasValue(1);

    terminal.set(true);
    Hangup person = hangup();
    person.ready(readings::incrementAndGet);
    person.arrived();
    assertThat(readings).hasValue(2);
    assertThat(ends).hasValue(0);
    terminal.set(false);
    person.arrived();
    assertThat(readings).hasValue(2);
    assertThat(ends).hasValue(1);
  }
}
