package io.cotidal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.store.Waiting.Entry;
import io.cotidal.store.Waiting.Lane;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class WaitingTest {
  @Provide
  Arbitrary<List<Entry>> work() {
    return Combinators.combine(Arbitraries.of("a", "b", "c"), Arbitraries.of(Lane.values()))
        .as((resource, lane) -> new Entry(resource, lane, "", connection -> true, result -> {}))
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 500)
  void takesEverythingOnceAndKeepsEachResourcesOrder(
      @ForAll("work") List<Entry> work, @ForAll @IntRange(min = 1, max = 9) int most)
      throws InterruptedException {
    Waiting waiting = new Waiting(100);
    List<Entry> numbered = new ArrayList<>();
    for (Entry each : work) {
      Entry entry =
          new Entry(each.resource(), each.lane(), "" + numbered.size(), each.work(), each.then());
      numbered.add(entry);
      assertThat(waiting.offer(entry)).isTrue();
    }
    waiting.close();
    List<Entry> taken = new ArrayList<>();
    while (!waiting.finished()) {
      List<Entry> group = waiting.take(most, 1);
      assertThat(group).hasSizeBetween(1, most);
      taken.addAll(group);
    }
    assertThat(taken).containsExactlyInAnyOrderElementsOf(numbered);
    for (String resource : List.of("a", "b", "c")) {
      assertThat(of(taken, resource)).isEqualTo(of(numbered, resource));
    }
    for (Lane lane : Lane.values()) {
      assertLaneFirst(taken, lane);
    }
  }

  private static List<Entry> of(List<Entry> entries, String resource) {
    return entries.stream().filter(each -> each.resource().equals(resource)).toList();
  }

  /**
   * Before the last entry of a lane nothing of a later lane stands, but what must go before an
   * entry of its own resource.
   */
  private static void assertLaneFirst(List<Entry> taken, Lane lane) {
    for (int i = 0; i < taken.size(); i++) {
      Entry entry = taken.get(i);
      List<Entry> rest = taken.subList(i + 1, taken.size());
      boolean later = rest.stream().anyMatch(each -> each.lane() == lane);
      if (later && entry.lane().compareTo(lane) > 0) {
        assertThat(rest)
            .anyMatch(each ->
                each.lane().compareTo(lane) <= 0 && each.resource().equals(entry.resource()));
      }
    }
  }

  @Example
  void aGroupIsOfOneLane() throws InterruptedException {
    Waiting waiting = new Waiting(10);
    Entry bulk = new Entry("a", Lane.BULK, "", connection -> true, result -> {});
    Entry before = new Entry("b", Lane.BULK, "", connection -> true, result -> {});
    Entry failover = new Entry("b", Lane.FAILOVER, "", connection -> true, result -> {});
    Entry operation = new Entry("c", Lane.OPERATIONS, "", connection -> true, result -> {});
    for (Entry each : List.of(bulk, operation, before, failover)) {
      waiting.offer(each);
    }
    assertThat(waiting.take(10, 1)).containsExactly(before, failover);
    assertThat(waiting.take(10, 1)).containsExactly(operation);
    assertThat(waiting.take(10, 1)).containsExactly(bulk);
  }

  @Example
  void refusesWhatDoesNotFitInItsLane() throws InterruptedException {
    Waiting waiting = new Waiting(2);
    for (Lane lane : Lane.values()) {
      Entry entry = new Entry("a", lane, "", connection -> true, result -> {});
      assertThat(waiting.offer(entry)).isTrue();
      assertThat(waiting.offer(entry)).isTrue();
      assertThat(waiting.offer(entry)).isFalse();
    }
    int taken = 0;
    for (int i = 0; i < 3; i++) {
      taken += waiting.take(10, 1).size();
    }
    assertThat(taken).isEqualTo(6);
    assertThat(waiting.take(10, 1)).isEmpty();
    waiting.close();
    Entry late = new Entry("a", Lane.FAILOVER, "", connection -> true, result -> {});
    assertThat(waiting.offer(late)).isFalse();
  }
}
