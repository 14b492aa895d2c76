package io.cotidal.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Histories come across what the planner has an answer of its own for. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class IsolatedSim {
  private static final int HISTORIES = 300;

  @Test
  @DisplayName("postgres/S6: in some histories an isolated primary is replaced, to nobody's harm")
  void isReplaced() {
    int replaced = 0;
    for (long seed = 1; seed <= HISTORIES; seed++) {
      List<String> told = new ArrayList<>();
      History.Verdict verdict = History.run(seed, new Rules(), told::add);
      assertThat(verdict.violations()).as("seed %d", seed).isEmpty();
      replaced += done(told) ? 1 : 0;
    }
    System.out.println("measured: isolated primaries replaced in " + replaced + " histories");
    assertThat(replaced).isGreaterThan(2);
  }

  /** Whether a failover that began because nobody heard the primary came to a promotion. */
  private static boolean done(List<String> told) {
    boolean isolated = false;
    for (String line : told) {
      isolated |= line.contains("answers, but no replica hears it");
      if (isolated && line.contains(": promote ")) {
        return true;
      }
      isolated &= !line.contains("is primary; ") && !line.contains("every replica streams");
    }
    return false;
  }
}
