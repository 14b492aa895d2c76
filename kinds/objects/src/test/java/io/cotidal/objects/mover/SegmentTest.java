package io.cotidal.objects.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("What large objects are made of")
@Timeout(30)
class SegmentTest {
  private static List<Segment> read(String manifest) throws SiteFailed {
    return Segment.of(manifest.getBytes(StandardCharsets.UTF_8), 1);
  }

  @Test
  @DisplayName("is read from a manifest, whatever else stands there")
  void manifest() throws Exception {
    List<Segment> all =
        read(
            """
            [{"name": "/c/a/b", "hash": "h", "bytes": 5, "range": "0-2"},
             {"data": "AAAA"},
             {"name": "/d/ü", "hash": "i", "bytes": 7, "sub_slo": true, "more": [1]}]
            """);
    assertThat(all)
        .containsExactly(
            new Segment("c", "a/b", "h", 5, false), new Segment("d", "ü", "i", 7, true));
    ObjectRow row = ObjectRow.plain("a/b", Timestamp.NEVER, "h", 5);
    assertThat(all.getFirst().is(row)).isTrue();
    assertThat(all.getLast().is(ObjectRow.plain("ü", Timestamp.NEVER, "i", 7))).isFalse();
  }

  @Test
  @DisplayName("is refused where a manifest is none")
  void refused() {
    assertThatThrownBy(() -> read("[{\"name\": \"no-container\"}]"))
        .isInstanceOf(SiteFailed.class)
        .hasMessageContaining("names no object");
    assertThatThrownBy(() -> read("[{\"name\": \"//x\"}]")).isInstanceOf(SiteFailed.class);
    assertThatThrownBy(() -> read("{")).isInstanceOf(SiteFailed.class).hasMessageContaining("JSON");
  }

  @Test
  @DisplayName("lies where the header says, which is encoded")
  void prefix() {
    assertThat(Segment.prefix("c%2F1/a%20b+c/")).isEqualTo(new Segment.Prefix("c", "1/a b+c/"));
    assertThat(Segment.prefix("c/a%2Bb")).isEqualTo(new Segment.Prefix("c", "a+b"));
    assertThat(Segment.prefix("c")).isEqualTo(new Segment.Prefix("c", ""));
  }

  @Test
  @DisplayName("has a beginning in common, never half a letter")
  void common() {
    assertThat(Segment.common(List.of("s/001", "s/002", "s/01"))).isEqualTo("s/0");
    assertThat(Segment.common(List.of("a", "b"))).isEmpty();
    assertThat(Segment.common(List.of("x😀", "x😁"))).isEqualTo("x");
    assertThat(Segment.common(List.of())).isEmpty();
  }

  @Test
  @DisplayName("and what loses is kept under a name that is the same each time and not too long")
  void kept() {
    ObjectRow lost = ObjectRow.plain("a/o", Timestamp.parse("1716000000.12345"), "h", 1);
    assertThat(Losing.kept(lost, "east")).isEqualTo("a/o.lost-east-1716000000.12345");
    ObjectRow long1 = ObjectRow.plain("😀".repeat(256), Timestamp.NEVER, "h", 1);
    String name = Losing.kept(long1, "x".repeat(63));
    assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1024);
    assertThat(name).startsWith("😀".repeat(225) + ".lost-");
  }
}
