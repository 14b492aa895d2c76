package io.cotidal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.store.Waiting.Entry;
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
    return Combinators.combine(Arbitraries.of("a", "b", "c"), Arbitraries.of(true, false, false))
        .as((lane, urgent) -> new Entry(lane, urgent, "", connection -> true, result -> {}))
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 500)
  void takesEverythingOnceAndKeepsEachLanesOrder(
      @ForAll("work") List<Entry> work, @ForAll @IntRange(min = 1, max = 9) int most)
      throws InterruptedException {
    Waiting waiting = new Waiting(100);
    List<Entry> numbered = new ArrayList<>();
    for (Entry each : work) {
      Entry entry =
          new Entry(each.lane(), each.urgent(), "" + numbered.size(), each.work(), each.then());
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
    for (String lane : List.of("a", "b", "c")) {
      assertThat(lane(taken, lane)).isEqualTo(lane(numbered, lane));
    }
    assertUrgentLanesFirst(taken);
  }

  private static List<Entry> lane(List<Entry> entries, String lane) {
    return entries.stream().filter(each -> each.lane().equals(lane)).toList();
  }

  /**
   * Before the last urgent entry nothing stands of a lane that has no urgent entry from there on.
   */
  private static void assertUrgentLanesFirst(List<Entry> taken) {
    for (int i = 0; i < taken.size(); i++) {
      boolean urgentLater = taken.stream().skip(i + 1L).anyMatch(Entry::urgent);
      if (urgentLater && !taken.get(i).urgent()) {
        String lane = taken.get(i).lane();
        assertThat(taken.stream().skip(i + 1L))
            .anyMatch(each -> each.urgent() && each.lane().equals(lane));
      }
    }
  }

  @Example
  void refusesWhatDoesNotFit() throws InterruptedException {
    Waiting waiting = new Waiting(2);
    Entry ordinary = new Entry("a", false, "", connection -> true, result -> {});
    Entry urgent = new Entry("a", true, "", connection -> true, result -> {});
    assertThat(waiting.offer(ordinary)).isTrue();
    assertThat(waiting.offer(ordinary)).isTrue();
    assertThat(waiting.offer(ordinary)).isFalse();
    assertThat(waiting.offer(urgent)).isTrue();
    assertThat(waiting.offer(urgent)).isTrue();
    assertThat(waiting.offer(urgent)).isFalse();
    assertThat(waiting.take(10, 1)).hasSize(4);
    assertThat(waiting.take(10, 1)).isEmpty();
    waiting.close();
    assertThat(waiting.offer(urgent)).isFalse();
  }
}
