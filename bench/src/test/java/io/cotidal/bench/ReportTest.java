package io.cotidal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.demo.Measured;
import io.cotidal.app.demo.Strike;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ReportTest {
  private static Measured round(long gap, long lost) {
    return new Measured(
        Strike.CRASH,
        "a",
        "b",
        Duration.ofMillis(gap),
        lost,
        0,
        0,
        Duration.ofSeconds(3),
        Map.of("detect", gap / 2),
        Optional.empty());
  }

  private static Report of(Measured... rounds) {
    return new Report(
        "failover",
        List.of(new CellResult(Cell.PROCESS_DEAD, List.of(rounds), Cell.PROCESS_DEAD.target())));
  }

  @Test
  void theLastLineHasTheAgreedForm() {
    assertThat(of(round(700, 0), round(900, 0)).json(Map.of()))
        .isEqualTo(
            "{\"bench\":\"failover\",\"cells\":[{\"cell\":\"process dead\",\"unit\":\"ms\",\"n\":2,"
                + "\"ours\":{\"p50\":700,\"p95\":900,\"max\":900},\"rivals\":{},\"target\":1000,"
                + "\"met\":true}],\"met\":true}");
  }

  @Test
  void aTargetIsMissedAtTheTarget() {
    assertThat(of(round(1_000, 0)).met()).isFalse();
  }

  @Test
  void aLostRowMissesWhateverTheTime() {
    assertThat(of(round(10, 1)).met()).isFalse();
  }

  @Test
  void theTableShowsWhereTheTimeWent() {
    assertThat(of(round(700, 0)).table()).contains("process dead").contains("detect 350");
  }
}
