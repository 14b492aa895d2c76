package io.cotidal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.ResourceId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members of many resources that go together. */
@Timeout(10)
class FleetTest {
  private final Fleet fleet = new Fleet();
  private long nanos = 1_000_000_000_000L;

  private Moment now() {
    return new Moment(nanos, 1_800_000_000_000_000L);
  }

  private void passes(Duration time) {
    nanos += time.toNanos();
  }

  /** Of that resource these are gone, and those are there. */
  private void of(String resource, List<MemberId> gone, MemberId... there) {
    SortedMap<MemberId, Absence> absent = new TreeMap<>();
    gone.forEach(member -> absent.put(member, Absence.from(nanos, true)));
    State<String> state =
        State.<String>empty(now(), Arrays.asList(there)).with(new Departed(absent, 20, 0, ""));
    fleet.on(new ResourceId("test", resource), state);
  }

  private static List<MemberId> members(int count) {
    return IntStream.range(0, count).mapToObj(i -> new MemberId("m" + i)).toList();
  }

  @Test
  @DisplayName("directory/D4: ten members of three resources within a window are suspicious")
  void ten() {
    of("one", members(3));
    of("two", members(3));
    passes(Duration.ofMinutes(9));
    of("three", members(3));
    assertThat(fleet.suspicion(now())).isEmpty();
    of("three", members(4));
    assertThat(fleet.suspicion(now())).startsWith("10 members of 3 resources went");
  }

  @Test
  @DisplayName("Of two resources as many as may be go: each has its own brake")
  void twoResources() {
    of("one", members(10));
    of("two", members(10));
    assertThat(fleet.suspicion(now())).isEmpty();
  }

  @Test
  @DisplayName("What goes one after the other over hours is not suspicious")
  void slowly() {
    for (int i = 0; i < 12; i++) {
      of("r" + i, members(1));
      assertThat(fleet.suspicion(now())).isEmpty();
      passes(Duration.ofMinutes(2));
    }
  }

  @Test
  @DisplayName("directory/D4: it lasts as long as they are gone, and ends when enough are back")
  void lasts() {
    of("one", members(4));
    of("two", members(4));
    of("three", members(2));
    passes(Duration.ofDays(3));
    assertThat(fleet.suspicion(now())).isNotEmpty();
    of("three", members(1), new MemberId("m1"));
    assertThat(fleet.suspicion(now())).isEmpty();
  }

  @Test
  @DisplayName("Who was let go of meanwhile counts for the rest of the window")
  void letGo() {
    of("one", members(1));
    of("one", List.of(), new MemberId("x"));
    of("two", members(5));
    of("three", members(4));
    assertThat(fleet.suspicion(now())).startsWith("10 members");
    passes(Duration.ofMinutes(11));
    assertThat(fleet.suspicion(now())).isEmpty();
  }

  @Test
  @DisplayName("A member that comes back and goes again goes anew")
  void again() {
    of("one", members(4));
    of("two", members(4));
    of("three", members(1));
    passes(Duration.ofMinutes(20));
    of("one", List.of(), members(4).toArray(MemberId[]::new));
    of("one", members(4));
    of("three", members(2));
    assertThat(fleet.suspicion(now())).isEmpty();
  }
}
