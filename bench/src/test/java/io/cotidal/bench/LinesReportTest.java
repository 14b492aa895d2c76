package io.cotidal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a measurement of directories says. */
@Timeout(10)
final class LinesReportTest {
  private static Line line(Bar bar, long... millis) {
    Line result = new Line("mesh", "ms", bar);
    for (long each : millis) {
      result.values().add(each * 1_000);
    }
    return result;
  }

  private static boolean met(Line... lines) {
    return new LinesReport("directory", List.of(lines)).met();
  }

  @Test
  @DisplayName("a ratio is held against the other way's shortest time, and fails without one")
  void ratios() {
    Line mesh = line(new Bar(Held.RATIO, 0.6), 6_000, 6_000, 9_000);
    assertThat(met(mesh)).isFalse();
    mesh.other("made", 10_000_000);
    mesh.other("seen", 12_000_000);
    assertThat(mesh.ratios()).containsEntry("made", 0.6).containsEntry("seen", 0.5);
    assertThat(met(mesh)).isTrue();
    mesh.other("made", 9_000_000);
    mesh.other("made", 9_000_000);
    assertThat(met(mesh)).isFalse();
  }

  @Test
  @DisplayName("where more is better the ratio is held against the ways that are named, or fails")
  void least() {
    Line rate = line(new Bar(Held.LEAST, 2, Set.of("slow")), 100);
    rate.other("quick", 90_000);
    assertThat(met(rate)).isFalse();
    rate.other("slow", 50_000);
    assertThat(met(rate)).isTrue();
    assertThat(new LinesReport("objects", List.of(rate)).table())
        .contains("ratio >= 2.0", "ratio 2.00", "ratio 1.11", "yes");
    rate.other("slow", 51_000);
    rate.other("slow", 51_000);
    assertThat(met(rate)).isFalse();
  }

  @Test
  @DisplayName("a 95th percentile is missed at its limit; a median is not")
  void limits() {
    assertThat(met(line(new Bar(Held.P95, 1_000), 10, 999))).isTrue();
    assertThat(met(line(new Bar(Held.P95, 1_000), 10, 1_000))).isFalse();
    assertThat(met(line(new Bar(Held.MEDIAN, 2), 2, 2, 3))).isTrue();
    assertThat(met(line(new Bar(Held.MEDIAN, 2), 2, 3, 3))).isFalse();
    assertThat(met(line(Bar.NONE, 1_000_000))).isTrue();
  }

  @Test
  @DisplayName("the line for machines has the other way, the ratio and the promise")
  void json() {
    Line mesh = line(new Bar(Held.RATIO, 0.6), 3_000);
    mesh.other("made", 6_000_000);
    mesh.part("1 build", 2_000_000);
    assertThat(new LinesReport("directory", List.of(mesh)).json(Map.of("cores", "2")))
        .isEqualTo(
            "{\"bench\":\"directory\",\"cells\":[{\"cell\":\"mesh\",\"unit\":\"ms\",\"n\":1,"
                + "\"ours\":{\"p50\":3000.00,\"p95\":3000.00,\"max\":3000.00},"
                + "\"rivals\":{\"made\":{\"p50\":6000.00,\"p95\":6000.00,\"max\":6000.00}},"
                + "\"ratios\":{\"made\":0.500},\"parts\":{\"1 build\":2000.0},"
                + "\"bar\":\"ratio <= 0.6\",\"target\":0.6,\"met\":true}],"
                + "\"met\":true,\"cores\":\"2\"}");
  }

  @Test
  @DisplayName("the table shows what was missed")
  void table() {
    assertThat(new LinesReport("directory", List.of(line(new Bar(Held.P95, 50), 60))).table())
        .contains("p95 < 50", "60.0", "NO");
  }
}
