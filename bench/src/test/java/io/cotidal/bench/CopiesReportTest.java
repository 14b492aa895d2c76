package io.cotidal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.LoopVolume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a measurement of copies says. */
@Timeout(10)
final class CopiesReportTest {
  private static CopiesResult of(boolean warm, int atOnce, long... millis) {
    CopiesCell cell = new CopiesCell(LoopVolume.Type.BTRFS, Engine.MARIADB, 100, warm, atOnce);
    CopiesResult result = new CopiesResult(cell);
    List<Copier.Made> round = new ArrayList<>();
    for (long each : millis) {
      round.add(new Copier.Made(each, Map.of("1 create", each)));
    }
    result.rounds().add(round);
    result.disk().add(12L << 20);
    return result;
  }

  private static CopiesReport report(CopiesResult... results) {
    return new CopiesReport(List.of(results), List.of(), Map.of());
  }

  @Test
  @DisplayName("half of the warm copies within 50 ms is what is promised, and not more than half")
  void theMedianCounts() {
    assertThat(report(of(true, 1, 40, 50, 900)).met()).isTrue();
    assertThat(report(of(true, 1, 40, 51, 900)).met()).isFalse();
  }

  @Test
  @DisplayName("copies that are asked for at once have no target; the first of them is shown")
  void atOnce() {
    CopiesReport report = report(of(false, 3, 2_000, 300, 4_000));
    assertThat(report.met()).isTrue();
    assertThat(report.json(Map.of()))
        .contains("\"first\":300,\"diskMiB\":4.0,", "\"target\":null", "\"p50\":2000");
  }

  @Test
  @DisplayName("a promise about the disk that is not kept fails the measurement")
  void bounds() {
    CopiesReport.Bound bound = new CopiesReport.Bound("disk a copy", "MiB", 20.5, 20);
    assertThat(new CopiesReport(List.of(), List.of(bound), Map.of()).met()).isFalse();
  }
}
