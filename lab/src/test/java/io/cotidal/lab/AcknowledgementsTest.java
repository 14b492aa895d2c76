package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class AcknowledgementsTest {
  private static final Acknowledgements FAILOVER =
      new Acknowledgements(
          List.of(by("a", 1, 10), by("a", 2, 20), by("b", 4, 90), by("b", 5, 100)));

  private static Acknowledgement by(String member, long id, long nanos) {
    return new Acknowledgement(id, member, nanos);
  }

  @Test
  void gapIsTheLongestSilenceOfAllMembersTogether() {
    assertThat(FAILOVER.gap(10, 100)).isEqualTo(Duration.ofNanos(70));
  }

  @Test
  void gapCountsTheSilenceAtBothEndsOfTheWindow() {
    assertThat(FAILOVER.gap(0, 15)).isEqualTo(Duration.ofNanos(10));
    assertThat(FAILOVER.gap(95, 900)).isEqualTo(Duration.ofNanos(800));
  }

  @Test
  void aWindowWithoutAnyAcknowledgementIsAllGap() {
    assertThat(FAILOVER.gap(30, 80)).isEqualTo(Duration.ofNanos(50));
  }

  @Test
  void orderOfArrivalDoesNotMatter() {
    var shuffled = new ArrayList<>(FAILOVER.inOrder()).reversed();
    assertThat(new Acknowledgements(shuffled)).isEqualTo(FAILOVER);
  }

  @Test
  void lostAreAcknowledgedRowsThatAreAbsent() {
    assertThat(FAILOVER.lost(Set.of(1L, 2L, 4L, 5L))).isZero();
    assertThat(FAILOVER.lost(Set.of(1L, 4L, 99L))).isEqualTo(2);
  }

  @Test
  void dualAreTheLosersAfterTheWinnersFirst() {
    var split =
        new Acknowledgements(
            List.of(
                by("a", 1, 10), by("b", 2, 50), by("a", 3, 60), by("b", 4, 70), by("a", 5, 80)));
    assertThat(split.dual("a", "b", 0, 100)).isEqualTo(2);
    assertThat(split.dual("a", "b", 0, 60)).isEqualTo(1);
    assertThat(FAILOVER.dual("a", "b", 0, 100)).isZero();
  }

  @Test
  void nothingIsDualBeforeTheWinnersFirst() {
    assertThat(FAILOVER.dual("a", "c", 0, 100)).isZero();
  }

  @Test
  void firstAndCountLookFromTheGivenMoment() {
    assertThat(FAILOVER.first("b", 0)).hasValue(90);
    assertThat(FAILOVER.first("a", 21)).isEmpty();
    assertThat(FAILOVER.count("b", 95)).isEqualTo(1);
  }
}
