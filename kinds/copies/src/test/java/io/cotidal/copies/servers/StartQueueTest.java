package io.cotidal.copies.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class StartQueueTest {
  private static Deadline in(int seconds) {
    return Deadline.in(Duration.ofSeconds(seconds));
  }

  @Test
  @DisplayName("copies/B4: fifty who ask at once are served in their order, so many at a time")
  void firstComeFirstServed() throws Exception {
    StartQueue queue = new StartQueue(2);
    List<StartQueue.Turn> first = List.of(queue.enter(in(1)), queue.enter(in(1)));
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int number = i;
      callers.add(
          Thread.ofVirtual()
              .start(() -> {
                try (StartQueue.Turn turn = queue.enter(in(30))) {
                  assertThat(turn).isNotNull();
                  synchronized (order) {
                    order.add(number);
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  }
                  now.decrementAndGet();
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }));
      await().until(() -> queue.waiting() == number + 1);
    }
    assertThat(order).isEmpty();
    first.getFirst().close();
    for (Thread caller : callers) {
      caller.join();
    }
    // The other turn is still held: one at a time, in order.
    assertThat(order).isEqualTo(IntStream.range(0, 50).boxed().toList());
    assertThat(most).hasValueLessThanOrEqualTo(2);
  }

  @Test
  @DisplayName("whose turn does not come is told how many wait; a turn closed twice is one turn")
  void turns() throws Exception {
    StartQueue queue = new StartQueue(1);
    StartQueue.Turn turn = queue.enter(in(1));
    assertThatThrownBy(() -> queue.enter(Deadline.in(Duration.ofMillis(20))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too many servers start at once (1 at a time");
    turn.close();
    turn.close();
    StartQueue.Turn next = queue.enter(in(1));
    assertThatThrownBy(() -> queue.enter(Deadline.in(Duration.ofMillis(20))))
        .isInstanceOf(IOException.class);
    next.close();
    assertThatThrownBy(() -> new StartQueue(0)).hasMessageContaining("1 or more");
  }
}
