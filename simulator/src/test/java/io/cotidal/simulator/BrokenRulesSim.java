package io.cotidal.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Stamp;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each rule of safety, broken on purpose: the simulator must see it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BrokenRulesSim {
  private static final long HISTORIES = 6_000;

  /** Runs histories until one breaks an invariant in a way that contains {@code sign}. */
  private static void mustBeSeen(Rules broken, String sign) {
    Optional<String> seen =
        LongStream.rangeClosed(1, HISTORIES)
            .mapToObj(seed -> History.run(seed, broken))
            .flatMap(verdict ->
                verdict.violations().stream()
                    .filter(violation -> violation.contains(sign))
                    .map(violation -> "seed " + verdict.seed() + ": " + violation))
            .findFirst();
    assertThat(seen).as("the simulator sees it within %d histories", HISTORIES).isPresent();
    System.out.println("measured: caught by " + seen.orElseThrow());
  }

  @Test
  @DisplayName("a gate that takes older stamps is caught")
  void gateTakesOlderStamps() {
    mustBeSeen(
        new Rules() {
          @Override
          boolean gateRefuses(Stamp held, Stamp offered) {
            return false;
          }
        },
        "had acted");
  }

  @Test
  @DisplayName("a server that starts as what it was, not demoted, is caught")
  void notStartedDemoted() {
    mustBeSeen(
        new Rules() {
          @Override
          boolean startsDemoted() {
            return false;
          }
        },
        "acknowledged");
  }

  @Test
  @DisplayName("a leader that does not stamp first is caught")
  void notStampedFirst() {
    mustBeSeen(
        new Rules() {
          @Override
          boolean gateStores(boolean stampOnly) {
            return !stampOnly;
          }
        },
        "after a newer leader began");
  }

  @Test
  @DisplayName("a redo without inspection is caught")
  void redoWithoutInspection() {
    mustBeSeen(
        new Rules() {
          @Override
          boolean inspects() {
            return false;
          }
        },
        "took effect twice");
  }

  @Test
  @DisplayName("a choice among members that are not cut off is caught")
  void chosenBeforeCutOff() {
    mustBeSeen(
        new Rules() {
          @Override
          boolean cutsOff() {
            return false;
          }
        },
        "acknowledged");
  }

  @Test
  @DisplayName("a promotion without proof that the old primary is gone is caught")
  void promotedWithoutProof() {
    mustBeSeen(
        new Rules() {
          @Override
          boolean fences() {
            return false;
          }
        },
        "after a later primary had");
  }

  @Test
  @DisplayName("a promotion that does not wait for the old primary's guard is caught")
  void promotedBeforeTheGuard() {
    mustBeSeen(
        new Rules() {
          @Override
          boolean awaitsGuards() {
            return false;
          }
        },
        "after a later primary had");
  }

  @Test
  @DisplayName("a preemption under the same number is caught")
  void preemptedUnderTheSameNumber() {
    mustBeSeen(
        new Rules() {
          @Override
          Stamp stamp(Stamp offered) {
            return new Stamp(offered.epoch(), 0, 0);
          }
        },
        "had acted");
  }

  @Test
  @DisplayName("an unavailable source that is read as an answer is caught")
  void unavailableSourceReadAsAnswer() {
    mustBeSeen(
        new Rules() {
          @Override
          SourceAnswer unavailable(
              SourceAnswer.Unavailable answer, SourceAnswer.Members reachable) {
            return reachable;
          }
        },
        "was let go of");
  }
}
