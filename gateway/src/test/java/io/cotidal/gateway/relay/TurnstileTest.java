package io.cotidal.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.ContainerName;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Turnstile turnstile = new Turnstile();

  private Optional<Passage> hold() throws InterruptedException {
    return turnstile.hold(BOX, Duration.ZERO);
  }

  private CompletableFuture<Passage> enter(Subject subject) {
    return turnstile.enter(subject).toCompletableFuture();
  }

  @Test
  @DisplayName("clients go in beside each other, and the relay not before all are out")
  void clients() throws Exception {
    Passage first = enter(BOX).join();
    Passage second = enter(BOX).join();
    assertThat(hold()).isEmpty();
    first.close();
    first.close();
    assertThat(hold()).isEmpty();
    second.close();
    assertThat(hold()).isPresent();
  }

  @Test
  @DisplayName("while the relay is in, clients of that container wait, and others do not")
  void relay() throws Exception {
    Passage relay = hold().orElseThrow();
    assertThat(hold()).isEmpty();
    CompletableFuture<Passage> first = enter(BOX);
    CompletableFuture<Passage> second = enter(BOX);
    assertThat(enter(OTHER)).isCompleted();
    assertThat(first).isNotDone();
    relay.close();
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    relay.close();
    assertThat(hold()).isEmpty();
    first.join().close();
    second.join().close();
    assertThat(hold()).isPresent();
  }

  @Test
  @DisplayName(
      "who comes after the relay has asked goes in after it, and the relay after the others")
  void asked() throws Exception {
    Passage in = enter(BOX).join();
    CompletableFuture<Passage> relay = new CompletableFuture<>();
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                turnstile.hold(BOX, LONG).ifPresent(relay::complete);
              } catch (InterruptedException e) {
                relay.completeExceptionally(e);
              }
            });
    CompletableFuture<Passage> later = enter(BOX);
    while (later.isDone()) {
      // It had not asked yet.
      later.join().close();
      later = enter(BOX);
    }
    assertThat(relay).isNotDone();
    in.close();
    Passage its = relay.get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(later).isNotDone();
    its.close();
    assertThat(later).isCompleted();
    asking.join();
  }

  @Test
  @DisplayName("if the relay gives up, or is broken off, those who wait go in")
  void givenUp() throws Exception {
    Passage in = enter(BOX).join();
    assertThat(turnstile.hold(BOX, Duration.ofMillis(20))).isEmpty();
    assertThat(enter(BOX)).isCompleted();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> turnstile.hold(BOX, LONG)).isInstanceOf(InterruptedException.class);
    assertThat(enter(BOX)).isCompleted();
    in.close();
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
    assertThat(hold()).isPresent();
  }

  /** Half of them are clients. */
  private boolean busy(int who, AtomicInteger in, AtomicInteger wrong) throws InterruptedException {
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
        hold()
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
