package io.cotidal.copies.plan;

import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Step;
import io.cotidal.model.WhenUnknown;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What the operations on one item share: its lock, its row, and the way out after a failure. */
final class Changes {
  private static final Duration REMOVE = Duration.ofMinutes(2);
  private static final int REMOVE_TRIES = 3;

  private Changes() {}

  static String scope(String sort, String name) {
    return "item:" + Item.key(sort, name);
  }

  /** The item alone: others are worked on beside it, and whoever wants all of them waits. */
  static List<Lock> lock(String sort, String name) {
    return List.of(new Lock(scope(sort, name), true));
  }

  /** An act on the host that concerns one place on the volume. */
  static Step act(String act, String id, String sentence) {
    return Step.act(act, CopiesSpec.HOST, sentence).named(act + " " + id).with(Acts.ID, id);
  }

  /** The item in another state, otherwise as it is. */
  static ItemChange to(Item item, String state, Details changes) {
    return new ItemChange.Put(
        item.sort(), item.name(), item.owner(), state, changes, item.expiresMicros());
  }

  static Step remove(String sort, String name, String id) {
    return act(Acts.REMOVE, id, "remove " + id + ": server, data, secrets, links")
        .within(REMOVE)
        .whenUnknown(new WhenUnknown.RetryFor(REMOVE))
        .changing(new ItemChange.Drop(sort, name));
  }

  /**
   * After a failed act, or when the operation is to end early: what it made goes, and then it ends
   * with the reason of the failure.
   */
  static Continuation undo(Run run, Step remove, Step... failed) {
    Step last = remove.thenDecide();
    String reason = reason(run, failed);
    if (run.isDone(last.key())) {
      return reason.isEmpty() ? Continuation.finished() : new Continuation.GiveUp(reason);
    }
    return run.failures(last.key()) >= REMOVE_TRIES
        ? new Continuation.GiveUp(
            (reason.isEmpty() ? "" : reason + "; and ") + run.problem(last.key()))
        : Continuation.rest(List.of(last));
  }

  /** Why the first of these steps that failed did so; empty if none did. */
  static String reason(Run run, Step... failed) {
    return Stream.of(failed)
        .map(step -> run.problem(step.key()))
        .filter(problem -> !problem.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Whether the way back has been taken. */
  static boolean undoing(Run run, Step remove, Step made) {
    return run.occasion() == Run.Occasion.CANCEL
        || run.failures(made.key()) > 0
        || run.last(remove.key()).isPresent();
  }
}
