package io.cotidal.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class AnswersTest {
  @Test
  @DisplayName("only a refusal and silence are no; what cannot be judged is unknown, not down")
  void unknownIsNotDown() {
    Host host = Host.UNKNOWN;
    assertThat(Answers.of(new Observation.Seen<>("facts", host))).isEqualTo(Answers.YES);
    assertThat(Answers.of(new Observation.Refused<>("closed", host))).isEqualTo(Answers.NO);
    assertThat(Answers.of(new Observation.Silent<>(Moment.MILLI, host))).isEqualTo(Answers.NO);
    assertThat(Answers.of(new Observation.CannotTell<>("password", host)))
        .isEqualTo(Answers.UNKNOWN);
    assertThat(Answers.of(null)).isEqualTo(Answers.UNKNOWN);
  }
}
