package io.cotidal.objects.mover;

import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How often something is tried, with pauses of chance that grow. */
record Patience(RandomGenerator chance) {
  private static final int MOST = 5;
  private static final long FIRST = 100;
  private static final long LONGEST = 5_000;
  private static final Duration TOGETHER = Duration.ofSeconds(45);

  Tries tries() {
    return new Tries(Deadline.in(TOGETHER));
  }

  /** Those of one thing. */
  final class Tries {
    private final Deadline patience;
    private int made;

    private Tries(Deadline patience) {
      this.patience = patience;
    }

    /**
     * Waits before the next one.
     *
     * @param after as the site wants it
     * @return false if there is to be none
     */
    boolean pause(Optional<Duration> after, Deadline deadline) throws InterruptedException {
      made++;
      if (made >= MOST || patience.over() || deadline.over()) {
        return false;
      }
      long most = Math.min(LONGEST, FIRST << made);
      Duration wait = Duration.ofMillis(most / 4 + chance.nextLong(most));
      if (after.isPresent() && after.get().compareTo(wait) > 0) {
        wait = after.get();
      }
      if (wait.compareTo(deadline.left()) >= 0) {
        return false;
      }
      deadline.pause(wait);
      return true;
    }
  }
}
