package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Body;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which kept generations are too many. */
@DisplayName("Kept generations")
final class TrimTest {
  private static Shown.Kept kept(String table, int at, long bytes) {
    Target target = new Target(new Body.Schemas("s", "d", "o"), table);
    return new Shown.Kept(target, "g" + at, "", bytes, Instant.EPOCH.plusSeconds(at));
  }

  private static final List<Shown.Kept> ALL =
      List.of(
          kept("a", 1, 10), kept("a", 4, 10), kept("b", 2, 50), kept("b", 5, 1), kept("c", 3, 5));

  private static List<String> gone(int keep, long budget) {
    return Tables.excess(ALL, keep, budget).stream().map(Shown.Kept::generation).toList();
  }

  @Test
  void asManyOfEachTable() {
    assertThat(gone(1, Long.MAX_VALUE)).containsExactly("g1", "g2");
    assertThat(gone(2, Long.MAX_VALUE)).isEmpty();
    assertThat(gone(0, Long.MAX_VALUE)).containsExactly("g1", "g2", "g3", "g4", "g5");
  }

  @Test
  void theOldestGoFirstWhenRoomIsShort() {
    assertThat(gone(2, 66)).containsExactly("g1");
    assertThat(gone(2, 20)).containsExactly("g1", "g2");
    assertThat(gone(2, 0)).containsExactly("g1", "g2", "g3", "g4", "g5");
  }
}
