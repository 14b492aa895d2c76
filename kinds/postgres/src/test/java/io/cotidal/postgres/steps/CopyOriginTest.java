package io.cotidal.postgres.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.ControlFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("what a plug-in brought as a copy")
class CopyOriginTest {
  private static final MemberId A = new MemberId("a");
  private static final String LABEL =
      """
      START WAL LOCATION: 0/3000028 (file 000000020000000000000003)
      CHECKPOINT LOCATION: 0/3000060
      BACKUP METHOD: streamed
      START TIMELINE: 2
      """;

  /** On timeline 3 at 0/7000000; it left 1 at 0/2000000 and 2 at 0/5000000. */
  private static final CopyOrigin.History SOURCE =
      new CopyOrigin.History(
          3, 0x7000000, "1\t0/2000000\tno recovery target specified\n\n2\t0/5000000\twhy\n");

  private static ControlFile control(String state, long checkpoint, long timeline) {
    return new ControlFile(7, state, checkpoint, checkpoint, timeline, 0, 0);
  }

  @Test
  @DisplayName("is measured by its label and by its control file")
  void measured() throws Exception {
    assertThat(CopyOrigin.of(control("in production", 0x4000000, 2), Optional.of(LABEL)))
        .containsExactly(new CopyOrigin(2, 0x3000060), new CopyOrigin(2, 0x4000000));
    assertThat(CopyOrigin.of(control("shut down", 0x4000000, 2), Optional.empty()))
        .containsExactly(new CopyOrigin(2, 0x4000000));
    ControlFile standby =
        new ControlFile(7, "shut down in recovery", 0x4000000, 0x4000000, 2, 0x6000000, 3);
    assertThat(CopyOrigin.of(standby, Optional.empty()))
        .containsExactly(new CopyOrigin(2, 0x4000000), new CopyOrigin(3, 0x6000000));
  }

  @ParameterizedTest
  @CsvSource({"in production", "in archive recovery", "in crash recovery", "shutting down"})
  @DisplayName("without a label it must come from a server that was stopped in order")
  void torn(String state) {
    assertThatThrownBy(() -> CopyOrigin.of(control(state, 1, 2), Optional.empty()))
        .isInstanceOf(ActFailed.class)
        .hasMessageContaining("no backup_label")
        .hasMessageContaining("pg_backup_start");
    assertThatThrownBy(() -> CopyOrigin.of(control(state, 1, 2), Optional.of("nothing")))
        .hasMessageContaining("names no checkpoint");
  }

  @ParameterizedTest
  @CsvSource({"1,2000000", "2,5000000", "2,1", "3,7000000"})
  @DisplayName("goes on where the source was")
  void follows(long timeline, String at) {
    CopyOrigin origin = new CopyOrigin(timeline, Long.parseLong(at, 16));
    assertThatCode(() -> origin.requireOn(A, SOURCE)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"1,2000001", "2,5000001", "3,7000001", "4,1", "9,0"})
  @DisplayName("is refused where the source never was")
  void diverged(long timeline, String at) {
    CopyOrigin origin = new CopyOrigin(timeline, Long.parseLong(at, 16));
    assertThatThrownBy(() -> origin.requireOn(A, SOURCE))
        .isInstanceOf(ActFailed.class)
        .hasMessageContaining("on timeline " + timeline + ", where a never was")
        .hasMessageContaining("copy from a");
  }

  @Test
  @DisplayName("nothing is compared with a history that cannot be read")
  void noHistory() {
    CopyOrigin.History broken = new CopyOrigin.History(3, 5, "one two three");
    assertThatThrownBy(() -> new CopyOrigin(2, 1).requireOn(A, broken))
        .hasMessageContaining("is no line of a history");
    assertThat(List.of(1L, 2L))
        .allSatisfy(
            timeline -> assertThat(new CopyOrigin.History(3, 5, "").end(timeline)).isEmpty());
  }
}
