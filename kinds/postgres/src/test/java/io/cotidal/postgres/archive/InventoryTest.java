package io.cotidal.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.postgres.archive.Inventory.Backup;
import io.cotidal.postgres.archive.Inventory.Range;
import io.cotidal.postgres.archive.Segments.Segment;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class InventoryTest {
  private static final Segments SEGMENTS = new Segments(16L << 20);

  private static Inventory read(String... lines) {
    return Inventory.read(String.join("\n", lines), SEGMENTS);
  }

  private static Lineage lineage(long timeline, String history) {
    return Lineage.of(timeline, history, SEGMENTS);
  }

  @Test
  @DisplayName(
      "names of segments count from the log's beginning, over the end of a name's last part")
  void names() {
    Segment last = SEGMENTS.read("0000000200000000000000FF");
    assertThat(last).isEqualTo(new Segment(2, 255));
    assertThat(SEGMENTS.name(new Segment(2, 256))).isEqualTo("000000020000000100000000");
    assertThat(SEGMENTS.endingAt(256L << 24)).isEqualTo(255);
    assertThat(SEGMENTS.holding(256L << 24)).isEqualTo(256);
    assertThat(new Segments(1 << 20).read("000000010000000100000000").number()).isEqualTo(4096);
    assertThat(Segments.whole("000000020000000000000008.00000028.backup")).isTrue();
    assertThat(Segments.whole("000000020000000000000008.partial")).isFalse();
    assertThat(Segments.whole("00000002.history")).isFalse();
    assertThatThrownBy(() -> SEGMENTS.read("00000002.history"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("a gap in the middle is found, and named on the timeline that has it")
  void gaps() {
    Inventory inventory =
        read(
            "range 000000010000000000000001 000000010000000000000003",
            "range 000000010000000000000006 000000010000000000000007",
            "end");
    Lineage lineage = lineage(1, "");
    assertThat(inventory.first(lineage)).contains(1L);
    assertThat(inventory.gaps(lineage, 1, 7)).containsExactly(new Range(1, 4, 5));
    assertThat(inventory.gaps(lineage, 6, 7)).isEmpty();
    assertThat(inventory.gaps(lineage, 6, 9)).containsExactly(new Range(1, 8, 9));
  }

  @Test
  @DisplayName("postgres/S25: the segment in which a timeline began is wanted from the newer one")
  void timelines() {
    // Timeline 2 left 1 in the middle of segment 4; 3 left 2 at the very beginning of segment 6.
    String history = "1\t0/4000148\tno recovery target specified\n\n2\t0/6000000\tsame\n";
    Lineage lineage = lineage(3, history);
    assertThat(lineage.segment(3)).isEqualTo(new Segment(1, 3));
    assertThat(lineage.segment(4)).isEqualTo(new Segment(2, 4));
    assertThat(lineage.segment(6)).isEqualTo(new Segment(3, 6));
    Inventory whole =
        read(
            "history 00000002.history",
            "history 00000003.history",
            "range 000000010000000000000001 000000010000000000000004",
            "range 000000020000000000000004 000000020000000000000005",
            "range 000000030000000000000006 000000030000000000000008",
            "end");
    assertThat(whole.gaps(lineage, 1, 8)).isEmpty();
    assertThat(whole.strangers(lineage)).isEmpty();
    Inventory older = read("range 000000010000000000000001 000000010000000000000008", "end");
    assertThat(older.gaps(lineage, 1, 8)).containsExactly(new Range(2, 4, 5), new Range(3, 6, 8));
  }

  @Test
  @DisplayName("a timeline that the primary did not come by is a stranger if it is newer")
  void strangers() {
    Inventory inventory = read("history 00000002.history", "history 0000000A.history", "end");
    assertThat(inventory.strangers(lineage(4, "2\t0/4000000\tx\n"))).containsExactly(10L);
  }

  @Test
  @DisplayName("a list that did not come whole, or says something else, is no list")
  void notWhole() {
    assertThatThrownBy(() -> read("range 000000010000000000000001 000000010000000000000003"))
        .hasMessageContaining("did not come whole");
    assertThatThrownBy(() -> read("rm: cannot remove", "end")).hasMessageContaining("rm: cannot");
    assertThatThrownBy(() -> lineage(2, "1 nonsense")).hasMessageContaining("no line of a history");
  }

  @Test
  @DisplayName("what a member may still ask for never goes, nor what the last old backup needs")
  void expiry() {
    Segment needed = new Segment(3, 40);
    Inventory backups =
        new Inventory(
            List.of(),
            new TreeSet<>(),
            List.of(
                new Backup(new Segment(1, 5), 900),
                new Backup(new Segment(2, 20), 600),
                new Backup(new Segment(3, 30), 100)),
            List.of());
    assertThat(Expiry.choose(backups, needed, 500).before()).isEqualTo(new Segment(2, 20));
    assertThat(Expiry.choose(backups, needed, 100).before()).isEqualTo(new Segment(3, 30));
    assertThat(Expiry.choose(backups, needed, 10_000).before()).isEqualTo(new Segment(1, 5));
    assertThat(Expiry.choose(backups, new Segment(3, 4), 500).before())
        .isEqualTo(new Segment(3, 4));
    assertThat(Expiry.choose(read("end"), needed, 0).before()).isEqualTo(needed);
  }
}
