package io.cotidal.bench.rivals;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.Acknowledgement;
import io.cotidal.lab.Acknowledgements;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class TallyTest {
  private static final long MILLI = 1_000_000;

  private final List<Acknowledgement> all = new ArrayList<>();

  private TallyTest by(String member, long... millis) {
    for (long each : millis) {
      all.add(new Acknowledgement(all.size(), member, each * MILLI));
    }
    return this;
  }

  private Tally tally() {
    return new Tally(new Acknowledgements(all), "a", 1_000 * MILLI, 9_000 * MILLI);
  }

  @Test
  @DisplayName("the gap is from the last row before to the first after, whoever took it")
  void gap() {
    by("a", 900, 990).by("b", 3_000, 5_000, 7_000, 8_900);
    assertThat(tally().gap(500 * MILLI)).isEqualTo(2_010);
    assertThat(tally().moved()).isTrue();
  }

  @Test
  @DisplayName("who takes over from a dead one is not beside it")
  void noneBeside() {
    by("a", 900, 1_001).by("b", 2_000, 3_000);
    assertThat(tally().dual("b")).isZero();
  }

  @Test
  @DisplayName("a zombie's rows after the successor's first are dual")
  void zombie() {
    by("a", 900).by("b", 2_000, 3_000).by("a", 2_500, 4_000);
    assertThat(tally().survivor(List.of("b"))).isEqualTo("b");
    assertThat(tally().dual("b")).isEqualTo(2);
  }

  @Test
  @DisplayName("one that takes the role back is dual only as long as the other one acknowledged")
  void takenBack() {
    by("a", 900).by("b", 2_000, 4_000).by("a", 3_000, 5_000, 6_000);
    assertThat(tally().dual("a")).isEqualTo(1);
  }

  @Test
  @DisplayName("two others that promote themselves are dual")
  void twoOthers() {
    by("a", 900).by("b", 2_000, 2_100).by("c", 2_050, 2_200, 2_300);
    assertThat(tally().survivor(List.of("b", "c"))).isEqualTo("c");
    assertThat(tally().dual("c")).isEqualTo(1);
    assertThat(tally().dual("b")).isEqualTo(3);
  }

  @Test
  @DisplayName("of two that take writes the struck one is not the survivor")
  void survivor() {
    by("a", 900).by("b", 2_000).by("a", 8_000);
    assertThat(tally().survivor(List.of("a", "b"))).isEqualTo("b");
    assertThat(tally().survivor(List.of())).isEqualTo("a");
  }

  @Test
  @DisplayName("rows outside of the window are not looked at")
  void window() {
    by("b", 500).by("a", 950, 1_500).by("b", 9_500);
    assertThat(tally().moved()).isFalse();
    assertThat(tally().dual("a")).isZero();
  }
}
