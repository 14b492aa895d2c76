package io.cotidal.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.ContainerName;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("clients and the relay at one container")
final class TurnstileTest {
  private static final Subject BOX = Subject.of(new ContainerName("AUTH_a", "box"));
  private static final Subject OTHER = Subject.of(new ContainerName("AUTH_a", "other"));

  private final Turnstile turnstile = new Turnstile();

  private CompletableFuture<Passage> enter(Subject subject) {
    return turnstile.enter(subject).toCompletableFuture();
  }

  @Test
  @DisplayName("clients go in beside each other, and the relay not before all are out")
  void clients() {
    Passage first = enter(BOX).join();
    Passage second = enter(BOX).join();
    assertThat(turnstile.hold(BOX)).isEmpty();
    first.close();
    first.close();
    assertThat(turnstile.hold(BOX)).isEmpty();
    second.close();
    assertThat(turnstile.hold(BOX)).isPresent();
  }

  @Test
  @DisplayName("while the relay is in, clients of that container wait, and others do not")
  void relay() {
    Passage relay = turnstile.hold(BOX).orElseThrow();
    assertThat(turnstile.hold(BOX)).isEmpty();
    CompletableFuture<Passage> first = enter(BOX);
    CompletableFuture<Passage> second = enter(BOX);
    assertThat(enter(OTHER)).isCompleted();
    assertThat(first).isNotDone();
    relay.close();
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    relay.close();
    assertThat(turnstile.hold(BOX)).isEmpty();
    first.join().close();
    second.join().close();
    assertThat(turnstile.hold(BOX)).isPresent();
  }

  @Test
  @DisplayName("many at once: never the relay beside anybody, and nobody waits for ever")
  void many() throws Exception {
    AtomicInteger in = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var work =
          IntStream.range(0, 8).<Callable<Boolean>>mapToObj(i -> () -> busy(i, in, wrong)).toList();
      for (Future<Boolean> each : threads.invokeAll(work)) {
        assertThat(each.get()).isTrue();
      }
    }
    assertThat(wrong).hasValue(0);
    assertThat(turnstile.hold(BOX)).isPresent();
  }

  /** Half of them are clients. */
  private boolean busy(int who, AtomicInteger in, AtomicInteger wrong) {
    Random chance = new Random(who);
    for (int i = 0; i < 3_000; i++) {
      if (who % 2 == 0) {
        try (Passage _ = enter(BOX).join()) {
          if (in.getAndIncrement() < 0) {
            wrong.incrementAndGet();
          }
          if (chance.nextInt(4) == 0) {
            LockSupport.parkNanos(1_000);
          }
          in.decrementAndGet();
        }
      } else {
        turnstile
            .hold(BOX)
            .ifPresent(passage -> {
              try (passage) {
                if (in.getAndAdd(-1_000) != 0) {
                  wrong.incrementAndGet();
                }
                LockSupport.parkNanos(1_000);
                in.addAndGet(1_000);
              }
            });
      }
    }
    return true;
  }
}
