package io.cotidal.app.demo;

import io.cotidal.engine.ResourceView;
import io.cotidal.lab.Reasons;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/** Waits for a rig's cluster, and gives up as soon as waiting is of no use. */
public final class Patience {
  private static final Duration STEADY = Duration.ofMillis(300);
  private static final Duration LOOK = Duration.ofMillis(10);

  private final Shown shown;
  private final Path folder;
  private final Stop stop;

  /**
   * Waits for what is {@code shown}.
   *
   * @param folder of the cluster, whose disk may fill up
   * @param stop what ends every wait early
   */
  Patience(Shown shown, Path folder, Stop stop) {
    this.shown = shown;
    this.folder = folder;
    this.stop = stop;
  }

  /**
   * Waits until all members are in their places, replicas stream, nothing runs and nothing is
   * wanted, for a while.
   *
   * @throws DemoProblem if it takes longer than {@code limit}, or needs a person
   */
  public void awaitWhole(Duration limit) throws DemoProblem, IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    long since = System.nanoTime();
    while (System.nanoTime() - since < STEADY.toNanos()) {
      String missing = shown.missing();
      if (!missing.isEmpty()) {
        since = System.nanoTime();
        stopIfStuck();
        if (since > deadline) {
          throw new DemoProblem(
              "the cluster is not whole after %d s: %s".formatted(limit.toSeconds(), missing));
        }
      }
      pause(LOOK);
    }
  }

  /**
   * Waits.
   *
   * @throws DemoProblem if the end is asked for, or the disk fills up: then nothing will ever come
   */
  public void pause(Duration pause) throws DemoProblem, IOException {
    stop.pause(pause);
    if (Site.full(folder)) {
      throw diskFull();
    }
  }

  /** Waits until {@code condition} holds for what the daemon shows. */
  void await(Duration limit, String otherwise, Predicate<ResourceView> condition)
      throws DemoProblem, IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.test(shown.view())) {
      stopIfStuck();
      if (System.nanoTime() > deadline) {
        throw new DemoProblem(
            "%s after %d s; the daemon says: %s"
                .formatted(otherwise, limit.toSeconds(), shown.view().diagnosis().sentence()));
      }
      pause(LOOK);
    }
  }

  /**
   * An operation that needs a person will not end by waiting; nobody sits at an unattended demo.
   */
  private void stopIfStuck() throws DemoProblem {
    for (Operation each : shown.view().operations()) {
      if (each.state() == OperationState.ATTENTION) {
        throw explained("operation " + each.id() + " needs a person", each.note());
      }
    }
  }

  /** The problem that {@code note} tells, or the full disk behind it. */
  DemoProblem explained(String what, String note) {
    return Reasons.diskFull(note) ? diskFull() : new DemoProblem(what + ": " + note);
  }

  private DemoProblem diskFull() {
    return new DemoProblem(
        "the disk of %s is full: free some, or name another folder in COT_DEMO_DIR"
            .formatted(folder.getParent()));
  }
}
