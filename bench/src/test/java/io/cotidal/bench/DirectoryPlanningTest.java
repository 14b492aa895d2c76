package io.cotidal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Diagnosis;
import io.cotidal.model.Wanted;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That what is planned on paper is what the measurement says it is. */
@Timeout(60)
final class DirectoryPlanningTest {
  private final DirectoryPlanning planning = new DirectoryPlanning(60);

  @Test
  @DisplayName("a directory in which all is well is proven, and nothing is wanted")
  void settled() {
    Diagnosis verdict = planning.settledVerdict();
    assertThat(verdict.code()).as(verdict.sentence()).isEqualTo("healthy");
    assertThat(verdict.sentence()).contains("60 members strongly connected", "any one may be lost");
    assertThat(planning.settled()).isEmpty();
  }

  @Test
  @DisplayName("a server that has just been filled is to be linked")
  void joined() {
    assertThat(planning.joinedVerdict().code()).isEqualTo("not-strongly-connected");
    assertThat(planning.joined()).extracting(Wanted::type).containsExactly("relink");
  }

  @Test
  @DisplayName("the topology survives any loss, laid out anew or with one worked in")
  void topology() {
    assertThat(planning.layOut().survivesAnyLoss()).isTrue();
    assertThat(planning.workIn().survivesAnyLoss()).isTrue();
    assertThat(planning.layOut().widest()).isEqualTo(DirectoryPlanning.DEGREE);
  }
}
