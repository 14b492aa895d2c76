package io.cotidal.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SharedTest {
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private final AtomicInteger readings = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch first = new CountDownLatch(1);

  private int read() throws IOException {
    int number = readings.incrementAndGet();
    if (number == 1) {
      begun.countDown();
      try {
        first.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }
    return number;
  }

  private static int ask(Shared<Integer> shared) {
    try {
      return shared.get();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("whoever asks while one reads gets the next reading, which is one for all")
  void oneForAll() throws Exception {
    Shared<Integer> shared = new Shared<>(this::read);
    var early = CompletableFuture.supplyAsync(() -> ask(shared), THREADS);
    begun.await();
    List<Thread> threads = new ArrayList<>();
    List<CompletableFuture<Integer>> late = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      CompletableFuture<Integer> answer = new CompletableFuture<>();
      late.add(answer);
      threads.add(Thread.ofPlatform().start(() -> answer.complete(ask(shared))));
    }
    await().until(() -> threads.stream().allMatch(SharedTest::waits));
    first.countDown();
    assertThat(early.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    for (CompletableFuture<Integer> each : late) {
      assertThat(each.get(10, TimeUnit.SECONDS)).isEqualTo(2);
    }
    assertThat(ask(shared)).as("asked after all had ended").isEqualTo(3);
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.WAITING;
  }

  @Test
  @DisplayName("a reading that fails fails for who asked for it, and for nobody after")
  void fails() throws IOException {
    Shared<Integer> shared =
        new Shared<>(() -> {
          if (readings.incrementAndGet() == 1) {
            throw new IOException("no such table");
          }
          return 7;
        });
    assertThatThrownBy(shared::get).hasMessageContaining("no such table");
    assertThat(shared.get()).isEqualTo(7);
  }
}
