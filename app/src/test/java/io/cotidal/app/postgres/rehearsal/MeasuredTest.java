package io.cotidal.app.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.postgres.rehearsal.Prober.Ack;
import io.cotidal.model.MemberId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("what acknowledgements say of an outage")
final class MeasuredTest {
  private static final MemberId A = new MemberId("a");
  private static final MemberId B = new MemberId("b");

  private static Ack ack(long id, MemberId member, long sent, long at) {
    return new Ack(id, member, sent * 1_000_000, at * 1_000_000);
  }

  @Test
  @DisplayName("the outage begins with the last commit before the fault and ends with the next")
  void outage() {
    List<Ack> acks =
        List.of(
            ack(1, A, 0, 400),
            ack(2, A, 900, 1_000),
            ack(3, B, 1_840, 1_850),
            ack(4, B, 1_860, 1_870));
    Measured measured = Measured.of(acks, 1_005_000_000L, A, B, Set.of(1L, 2L, 3L, 4L));
    assertThat(measured.outage()).isEqualTo(Duration.ofMillis(850));
    assertThat(measured.writes()).isEqualTo(4);
    assertThat(measured.lost()).isZero();
    assertThat(measured.dual()).isZero();
  }

  @Test
  @DisplayName("what was acknowledged and is not there is lost")
  void lost() {
    List<Ack> acks = List.of(ack(1, A, 0, 10), ack(2, A, 10, 20), ack(3, B, 500, 510));
    assertThat(Measured.of(acks, 21_000_000, A, B, Set.of(1L, 3L)).lost()).isEqualTo(1);
  }

  @Test
  @DisplayName("only what the old one was sent after the new one's first is written by two")
  void dual() {
    List<Ack> acks =
        List.of(ack(1, A, 0, 10), ack(2, A, 20, 600), ack(3, B, 500, 510), ack(4, A, 520, 530));
    assertThat(Measured.of(acks, 15_000_000, A, B, Set.of(1L, 2L, 3L, 4L)).dual()).isEqualTo(1);
    assertThat(Measured.of(acks, 15_000_000, A, A, Set.of(1L, 2L, 3L, 4L)).dual()).isZero();
  }
}
