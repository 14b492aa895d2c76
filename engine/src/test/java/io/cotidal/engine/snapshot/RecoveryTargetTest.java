package io.cotidal.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RecoveryTargetTest {
  @Test
  @DisplayName("A target is one thing, and a time has its zone")
  void targets() {
    assertThat(target("2026-11-23 15:05:00.25+01").settings())
        .containsEntry("recovery_target_time", "2026-11-23 14:05:00.250000+00:00");
    assertThat(target("2026-11-23T14:05:00Z")).isEqualTo(target("2026-11-23 14:05:00+00:00"));
    for (String wrong :
        new String[] {"2026-11-23 14:05:00", "yesterday", "", "2026-13-01 00:00Z"}) {
      assertThatThrownBy(() -> target(wrong))
          .as(wrong)
          .hasMessageContaining("no time with its zone");
    }
    assertThat(
            RecoveryTarget.of(Optional.empty(), Optional.of("16/b374d848"), Optional.empty())
                .settings())
        .containsEntry("recovery_target_lsn", "16/B374D848");
    assertThatThrownBy(
            () -> RecoveryTarget.of(Optional.empty(), Optional.of("16-1"), Optional.empty()))
        .hasMessageContaining("no position");
    assertThatThrownBy(
            () -> RecoveryTarget.of(Optional.of("x"), Optional.of("0/1"), Optional.empty()))
        .hasMessageContaining("one of");
    assertThatThrownBy(
            () -> RecoveryTarget.of(Optional.empty(), Optional.empty(), Optional.of("a\nb")))
        .hasMessageContaining("no restore point");
  }

  private static RecoveryTarget target(String time) {
    return RecoveryTarget.of(Optional.of(time), Optional.empty(), Optional.empty());
  }

  @Test
  @DisplayName("A time that has not been yet is refused; a position may be anywhere")
  void past() {
    Instant now = Instant.parse("2026-11-23T14:05:00Z");
    assertThatThrownBy(() -> target("2026-11-23 14:05:00.000001Z").requirePast(now))
        .hasMessage("the time 2026-11-23 14:05:00.000001+00:00 is still to come");
    assertThatCode(() -> target("2026-11-23 14:05:00Z").requirePast(now))
        .doesNotThrowAnyException();
    assertThatCode(() -> new RecoveryTarget.Position(7).requirePast(now))
        .doesNotThrowAnyException();
  }
}
