package io.cotidal.postgres.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where two logs part, by what their timelines say. */
class DivergenceTest {
  private static final String ONE = "1\t0/3000000\tno recovery target specified\n";
  private static final String TWO = ONE + "\n2\t0/5000000\tno recovery target specified\n";

  private static Divergence of(History own, History primary) {
    return Divergence.of(own, primary, false);
  }

  @Test
  @DisplayName("An old primary's log parts where its successor left the timeline")
  void failover() {
    assertThat(of(History.of(1, ""), History.of(2, ONE)))
        .isEqualTo(new Divergence.Parted(List.of(new Divergence.Span(1, 0x3000000, 0))));
    assertThat(of(History.of(2, ONE), History.of(3, TWO)))
        .isEqualTo(new Divergence.Parted(List.of(new Divergence.Span(2, 0x5000000, 0))));
  }

  @Test
  @DisplayName("Who was promoted from further back has its own timeline from there on")
  void twoPromotions() {
    History earlier = History.of(3, ONE);
    History later = History.of(2, "1\t0/4000000\treason\n");
    assertThat(of(earlier, later))
        .isEqualTo(new Divergence.Parted(List.of(new Divergence.Span(3, 0x3000000, 0))));
    assertThat(of(later, earlier))
        .isEqualTo(
            new Divergence.Parted(
                List.of(
                    new Divergence.Span(1, 0x3000000, 0x4000000),
                    new Divergence.Span(2, 0x4000000, 0))));
  }

  @Test
  @DisplayName("Two timelines of one number are told apart by where they began")
  void sameNumber() {
    History own = History.of(2, ONE);
    History primary = History.of(2, "1\t0/4000000\treason\n");
    assertThat(of(own, primary))
        .isEqualTo(new Divergence.Parted(List.of(new Divergence.Span(2, 0x3000000, 0))));
  }

  @Test
  @DisplayName("Of two that began at one place nobody can tell whether they are one")
  void twins() {
    assertThat(of(History.of(2, ONE), History.of(2, ONE))).isEqualTo(new Divergence.None());
    assertThat(Divergence.of(History.of(2, ONE), History.of(2, ONE), true))
        .isInstanceOf(Divergence.Unknown.class);
  }

  @Test
  @DisplayName("Two that left one place by different timelines part there")
  void siblings() {
    assertThat(of(History.of(2, ONE), History.of(3, ONE)))
        .isEqualTo(new Divergence.Parted(List.of(new Divergence.Span(2, 0x3000000, 0))));
  }

  @Test
  @DisplayName("What the script says of a log is a history; other text is refused")
  void read() {
    assertThat(History.read("left 1 0/3000000\nleft 2 0/5000000\nnewest 3\n"))
        .isEqualTo(History.of(3, TWO));
    assertThatThrownBy(() -> History.read("left 1 0/3000000\n"))
        .hasMessageContaining("nobody says");
    assertThatThrownBy(() -> History.of(2, "one\n")).hasMessageContaining("'one'");
  }
}
