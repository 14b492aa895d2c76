package io.cotidal.app.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.ResourceId;
import io.cotidal.remote.Deadline;
import io.cotidal.server.Reconfiguration.Change;
import io.cotidal.server.Reconfiguration.How;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("what would come of changes is asked of all of them at once")
@Timeout(60)
final class ForesightTest {
  private static ResourceId id(int number) {
    return new ResourceId("objects", "space" + number);
  }

  private static Changes changes(int count) {
    List<Changes.One> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Changes.One(id(i), How.CHANGED, List.of("a key differs")));
    }
    all.add(new Changes.One(id(count), How.ADDED, List.of()));
    return new Changes(all, List.of());
  }

  private static List<List<String>> lines(Changes changes) {
    return changes.planned().stream().map(Change::lines).toList();
  }

  @Test
  @DisplayName("each is asked while the others are, and one that does not answer is told")
  void sideBySide() {
    CountDownLatch all = new CountDownLatch(3);
    CountDownLatch never = new CountDownLatch(1);
    Changes told =
        Foresight.of(
            changes(3),
            (id, deadline) -> {
              all.countDown();
              try {
                boolean _ = all.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
                if (id.equals(id(1))) {
                  never.await();
                }
                return List.of("others were asked: " + (all.getCount() == 0));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of("nobody reads this");
              }
            },
            Deadline.in(Duration.ofSeconds(3)));
    assertThat(lines(told))
        .containsExactly(
            List.of("a key differs", "others were asked: true"),
            List.of(
                "a key differs",
                "unknown: what would come of it, for nothing was answered in time"),
            List.of("a key differs", "others were asked: true"),
            List.of());
  }

  @Test
  @DisplayName("very many are not all asked at the same time, and have one deadline together")
  void bounded() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    long began = System.nanoTime();
    Changes told =
        Foresight.of(
            changes(40),
            (id, deadline) -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              try {
                // Hangs until the end of its time, as one does whose servers do not answer.
                deadline.pause(Duration.ofMinutes(1));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                now.decrementAndGet();
              }
              return List.of("unknown: what is at east");
            },
            Deadline.in(Duration.ofSeconds(1)));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
    assertThat(most.get()).isBetween(1, 8);
    assertThat(lines(told).subList(0, 40))
        .allSatisfy(lines -> assertThat(lines).hasSize(2).last().asString().startsWith("unknown"));
  }

  @Test
  @DisplayName("one whose answer is broken keeps no other answer back")
  void broken() {
    Changes told =
        Foresight.of(
            changes(2),
            (id, _) -> {
              if (id.equals(id(0))) {
                throw new IllegalStateException("the sky has no edge");
              }
              return List.of("all is well");
            },
            Deadline.in(Duration.ofSeconds(20)));
    assertThat(lines(told).get(0)).last().asString().contains("the sky has no edge");
    assertThat(lines(told).get(1)).endsWith("all is well");
  }
}
