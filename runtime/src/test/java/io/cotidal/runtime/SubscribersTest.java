package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.runtime.ControlPlane.Change;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class SubscribersTest {
  private final Subscribers subscribers = new Subscribers();

  private static Change update(int version) {
    return new Change.Updated(ScriptedBrain.ID, version);
  }

  @Test
  void aSlowListenerIsToldToReadAgainAndHoldsUpNobody() {
    CountDownLatch go = new CountDownLatch(1);
    List<Change> slow = new CopyOnWriteArrayList<>();
    List<Change> quick = new CopyOnWriteArrayList<>();
    subscribers.add(change -> {
      awaitLatch(go);
      slow.add(change);
    });
    subscribers.add(quick::add);
    int total = Subscribers.LIMIT + 500;
    for (int i = 0; i < total; i++) {
      subscribers.tell(update(i));
      if (i % 200 == 199) {
        int told = i + 1;
        await().until(() -> quick.size() == told);
      }
    }
    go.countDown();
    await().until(() -> slow.contains(update(total - 1)) && quick.size() == total);
    assertThat(slow).contains(new Change.Resync()).hasSizeLessThan(total);
    assertThat(quick).doesNotContain(new Change.Resync());
  }

  @Test
  void aListenerThatThrowsIsDropped() {
    AtomicInteger calls = new AtomicInteger();
    subscribers.add(change -> {
      calls.incrementAndGet();
      throw new IllegalStateException("connection reset");
    });
    subscribers.tell(update(1));
    await().until(() -> calls.get() == 1);
    subscribers.tell(update(2));
    subscribers.tell(update(3));
    assertThat(calls.get()).isEqualTo(1);
  }

  @Test
  void aClosedListenerHearsNothingMore() throws Exception {
    List<Change> heard = new CopyOnWriteArrayList<>();
    AutoCloseable subscription = subscribers.add(heard::add);
    subscribers.tell(update(1));
    await().until(() -> heard.size() == 1);
    subscription.close();
    subscribers.tell(update(2));
    assertThat(heard).containsExactly(update(1));
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
