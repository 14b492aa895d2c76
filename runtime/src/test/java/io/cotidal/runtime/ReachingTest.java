package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How an item is reached is asked of the driver of its resource, and of nobody for long. */
@Timeout(20)
final class ReachingTest {
  private static final Item COPY = new Item("copy", "c", "ann", "ready", Details.NONE, 1, 0);

  private final ScriptedDriver driver = new ScriptedDriver();

  private Daemon daemon() {
    return new Daemon(
        new Daemon.Ground(
            new SystemClock(),
            new MemoryStore(),
            new Election() {
              @Override
              public void start(Candidate who) {}

              @Override
              public boolean held() {
                return false;
              }

              @Override
              public String reason() {
                return "a test";
              }

              @Override
              public void close() {}
            }),
        List.of(),
        List.of(
            new Managed<>(
                new TestKind(), TestKind.Shore.of("one", Duration.ofMillis(50)), driver)));
  }

  private Reaching reaching(Duration limit) {
    return new Reaching(new SystemClock(), limit);
  }

  @Test
  @DisplayName("the driver of the resource says it; without a driver there is no way")
  void driver() {
    driver.access = item -> new TreeMap<>(Map.of("url", new Secret("db://" + item.name())));
    Daemon daemon = daemon();
    ResourceId one = new ResourceId("test", "one");
    try {
      assertThat(daemon.access(one, COPY)).containsEntry("url", new Secret("db://c"));
      assertThat(daemon.access(new ResourceId("test", "none"), COPY)).isEmpty();
    } finally {
      daemon.close();
    }
    assertThatThrownBy(() -> daemon.access(one, COPY)).hasMessage("the daemon is stopping");
  }

  @Test
  @DisplayName("the driver's own line goes further; what else it throws may quote a secret")
  void refusals() {
    ResourceId one = new ResourceId("test", "one");
    driver.access =
        item -> {
          throw new IllegalStateException("c is stopped");
        };
    assertThatThrownBy(() -> reaching(Duration.ofSeconds(9)).ask(one, COPY, driver))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("c is stopped");
    driver.access =
        item -> {
          throw new IllegalArgumentException("canary-91");
        };
    assertThatThrownBy(() -> reaching(Duration.ofSeconds(9)).ask(one, COPY, driver))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("canary-91");
  }

  @Test
  @DisplayName("nobody waits longer than the limit for a driver that does not answer")
  void late() {
    CountDownLatch end = new CountDownLatch(1);
    driver.access =
        item -> {
          driver.hang(end);
          return new TreeMap<>();
        };
    try {
      assertThatThrownBy(() ->
              reaching(Duration.ofMillis(80)).ask(new ResourceId("test", "one"), COPY, driver))
          .hasMessage("no answer within 80 ms");
    } finally {
      end.countDown();
    }
  }
}
