package io.cotidal.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.postgres.archive.Segments.Segment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RestoreChoiceTest {
  private static final Segments SEGMENTS = new Segments(16L << 20);
  private static final String HISTORY = "1\t0/5800000\tno recovery target specified\n";

  /** The log of two timelines; the first was left in the middle of its fifth segment. */
  private static final String LOG =
      """
      range 000000010000000000000001 000000010000000000000006
      range 000000020000000000000005 000000020000000000000009
      history 00000002.history
      end
      """;

  private static final String EARLY = base("20260101T000000Z", 1, "0/2000028", "0/2000100", 100);
  private static final String LATE = base("20260102T000000Z", 2, "0/7000028", "0/7000100", 900);
  private static final String LOST = base("20260103T000000Z", 1, "0/6000028", "0/6000100", 500);

  private static String base(String id, int timeline, String start, String stop, long ended) {
    return "base "
        + id
        + " 77 "
        + timeline
        + " "
        + start
        + " "
        + stop
        + " "
        + (ended - 10)
        + " "
        + ended
        + " 4096 16777216 15 100:8:16:0:64 yes own_1\n";
  }

  private static RestoreChoice.Stock stock(String... lines) {
    String printed = String.join("", lines);
    return new RestoreChoice.Stock(
        Inventory.read(printed, SEGMENTS), Lineage.of(2, HISTORY, SEGMENTS), HISTORY, SEGMENTS);
  }

  private static RestoreChoice choose(RestoreChoice.Stock stock, RecoveryTarget target) {
    return RestoreChoice.choose(stock, target, Optional.empty(), Optional.empty());
  }

  private static RecoveryTarget time(long seconds) {
    return new RecoveryTarget.Time(Instant.ofEpochSecond(seconds));
  }

  @Test
  @DisplayName("The newest base backup that ended before the target, on the way to the timeline")
  void newest() {
    RestoreChoice.Stock all = stock(EARLY, LATE, LOST, LOG);
    assertThat(choose(all, new RecoveryTarget.Latest()).base().id()).isEqualTo("20260102T000000Z");
    assertThat(choose(all, new RecoveryTarget.Latest()).last()).contains(new Segment(2, 9));
    assertThat(choose(all, time(901)).base().id()).isEqualTo("20260102T000000Z");
    assertThat(choose(all, time(900)).base().id()).isEqualTo("20260101T000000Z");
    assertThat(choose(all, time(600)).base().id())
        .as("the other one lies on what the first timeline had after it was left")
        .isEqualTo("20260101T000000Z");
    assertThat(choose(all, new RecoveryTarget.Position(0x7000100)).base().id())
        .isEqualTo("20260102T000000Z");
    assertThat(choose(all, new RecoveryTarget.Position(0x70000FF)).base().id())
        .isEqualTo("20260101T000000Z");
    assertThat(
            RestoreChoice.choose(
                    all, new RecoveryTarget.Name("x"), Optional.empty(), Optional.of(0x3000000L))
                .base()
                .id())
        .isEqualTo("20260101T000000Z");
    assertThatThrownBy(() -> choose(all, time(100))).hasMessageContaining("before the first");
    assertThatThrownBy(() ->
            RestoreChoice.choose(all, time(300), Optional.of("20260102T000000Z"), Optional.empty()))
        .hasMessageContaining("before the end of the base backup 20260102T000000Z");
    assertThatThrownBy(() -> choose(stock(LOST, LOG), new RecoveryTarget.Latest()))
        .hasMessageContaining("no base backup leads to timeline 2");
    assertThatThrownBy(() -> choose(stock(LOG), new RecoveryTarget.Latest()))
        .hasMessage("the archive has no base backup");
    assertThatThrownBy(() -> choose(stock(EARLY, LATE.replace(" 77 ", " 78 "), LOG), time(200)))
        .hasMessageContaining("several clusters");
  }

  @Test
  @DisplayName(
      "The log must lead from the backup to the target; what is beyond a gap is not reached")
  void gaps() {
    RestoreChoice.Stock gap =
        stock(
            EARLY,
            LOG.replace("000000020000000000000009", "000000020000000000000007"),
            """
            range 000000020000000000000009 00000002000000000000000A
            """);
    assertThatThrownBy(() -> choose(gap, new RecoveryTarget.Latest()))
        .hasMessageContaining("the archive lacks 000000020000000000000008");
    assertThatThrownBy(() -> choose(gap, new RecoveryTarget.Position(0x9000000)))
        .hasMessageContaining("the archive lacks 000000020000000000000008");
    RestoreChoice before = choose(gap, new RecoveryTarget.Position(0x7000000));
    assertThat(before.last()).contains(new Segment(2, 7));
    assertThatThrownBy(() -> before.requireReaches(time(50), SEGMENTS, Instant.ofEpochSecond(49)))
        .hasMessageContaining("the archive lacks 000000020000000000000008");
    before.requireReaches(time(50), SEGMENTS, Instant.ofEpochSecond(50));

    RestoreChoice alone =
        choose(stock(LATE, "history 00000002.history\nend\n"), new RecoveryTarget.Latest());
    assertThat(alone.last()).as("a base backup has the log of its own").isEmpty();
    assertThatThrownBy(() -> choose(stock(LATE, LOG), new RecoveryTarget.Position(0xA000000)))
        .hasMessageContaining("the archive ends with 000000020000000000000009");
  }

  @Test
  @DisplayName("What lies between base backups that stay is not removed, whatever its age")
  void expiry() {
    Inventory inventory = Inventory.read(EARLY + LATE + LOG, SEGMENTS);
    assertThat(Expiry.choose(inventory, new Segment(2, 9), 0).before())
        .isEqualTo(new Segment(1, 2));
    assertThat(Expiry.choose(inventory, new Segment(1, 1), 0).before())
        .isEqualTo(new Segment(1, 1));
    Inventory one = Inventory.read(LATE + LATE.replace("own_1", "own_2") + LOG, SEGMENTS);
    assertThat(one.bases()).hasSize(1);
    assertThat(one.bases().getFirst().places()).containsExactly("own_1", "own_2");
    assertThat(Expiry.choose(one, new Segment(2, 9), 0).before()).isEqualTo(new Segment(2, 7));
  }

  private static List<String> way(
      RestoreChoice.Stock stock, RecoveryTarget target, Optional<Long> point) {
    return RestoreChoice.choose(stock, target, Optional.empty(), point)
        .way(stock, target, point)
        .stream()
        .map(SEGMENTS::name)
        .map(name -> name.substring(7, 8) + ":" + name.substring(23))
        .toList();
  }

  @Test
  @DisplayName("The way to a target is the log from the backup on, and no more than surely is read")
  void way() {
    RestoreChoice.Stock early = stock(EARLY, LOG);
    assertThat(way(early, new RecoveryTarget.Latest(), Optional.empty()))
        .containsExactly("1:2", "1:3", "1:4", "2:5", "2:6", "2:7", "2:8", "2:9");
    // Its record may go on in the next segment.
    assertThat(way(early, new RecoveryTarget.Position(0x3000000), Optional.empty()))
        .containsExactly("1:2", "1:3", "1:4");
    assertThat(way(early, new RecoveryTarget.Position(0x9FFFFFF), Optional.empty()))
        .endsWith("2:9")
        .hasSize(8);
    assertThat(way(early, new RecoveryTarget.Name("x"), Optional.of(0x2000200L)))
        .containsExactly("1:2", "1:3");
    // A time lies before a backup that began long after it, whatever the clocks say.
    String later = base("20260104T000000Z", 2, "0/7000028", "0/7000100", 200 + 7200);
    assertThat(way(stock(EARLY, later, LOG), time(200), Optional.empty()))
        .containsExactly("1:2", "1:3", "1:4", "2:5", "2:6", "2:7");
    String soon = base("20260104T000000Z", 2, "0/7000028", "0/7000100", 200 + 600);
    assertThat(way(stock(EARLY, soon, LOG), time(200), Optional.empty())).endsWith("2:9");
  }
}
