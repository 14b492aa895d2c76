package io.cotidal.copies.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.servers.ServerRuntime.Standing;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class IdlenessTest {
  private final Idleness idleness = new Idleness();

  @Test
  @DisplayName("A server is idle since its last session ended")
  void sinceTheLastSession() {
    assertThat(idleness.of("c1", Standing.RUNNING, 0, 10)).isEqualTo(10);
    assertThat(idleness.of("c1", Standing.RUNNING, 0, 20)).isEqualTo(10);
    assertThat(idleness.of("c1", Standing.RUNNING, 1, 30)).isZero();
    assertThat(idleness.of("c1", Standing.RUNNING, 0, 40)).isEqualTo(40);
  }

  @Test
  @DisplayName("A spare that gets an owner, and a copy that is started again, begin anew")
  void beginsAnew() {
    assertThat(idleness.of("c1", Standing.PAUSED, 0, 10)).isZero();
    assertThat(idleness.of("c1", Standing.RUNNING, 0, 9_000)).isEqualTo(9_000);
    assertThat(idleness.of("c1", Standing.GONE, 0, 9_100)).isZero();
    assertThat(idleness.of("c1", Standing.RUNNING, 0, 9_200)).isEqualTo(9_200);
    idleness.retain(Set.of());
    assertThat(idleness.of("c1", Standing.RUNNING, 0, 9_300)).isEqualTo(9_300);
  }
}
