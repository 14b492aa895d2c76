package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Report;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The real members of one resource. Calls block; the runtime gives each its own virtual thread.
 * Calls for different members, and looks and acts on one member, run side by side.
 *
 * @param <F> the kind's facts
 */
public interface Driver<F> extends AutoCloseable {
  /** One look, read-only. Never throws for what a server does or fails to do. */
  Observation<F> observe(MemberId member, Duration deadline);

  /**
   * Lets the member's gate remember {@code stamp}. Evidence {@code before} is what it remembered.
   */
  Outcome stamp(MemberId member, Stamp stamp, Duration deadline);

  /** Does {@code step} under the member's gate and reads its effect back. */
  Outcome act(Step step, Stamp stamp, Consumer<Progress> progress);

  /**
   * Looks whether the effect of {@code step} is there. Waits for an act that still holds the gate.
   */
  Inspection inspect(Step step, Stamp stamp);

  /**
   * Keeps ages fresh on {@code member} and proves that it takes writes. A failure is the next
   * look's business.
   */
  void heartbeat(MemberId member, Stamp stamp, Duration deadline);

  /**
   * Whether an act of {@code step} may be interrupted by interrupting its thread: it then cleans up
   * after itself, or whoever does it again does.
   */
  default boolean interruptible(Step step) {
    return false;
  }

  /**
   * Answers a question of the kind: an action that reads. May look at members, one after the other
   * and each within its deadline; changes nothing.
   *
   * @throws IllegalArgumentException with one line if there is no such question, or its input does
   *     not fit
   */
  default Report read(String question, Details input, State<F> state) {
    throw new IllegalArgumentException("nobody answers '" + question + "' here");
  }

  /**
   * How the owner of an item reaches it, by dialect: connection strings, for example. Holds
   * secrets: for the item's owner alone. Empty for kinds whose items are not reached.
   *
   * @throws IllegalStateException with one line if that cannot be found out now
   */
  default SortedMap<String, Secret> access(Item item) {
    return new TreeMap<>();
  }

  /** Ends kept sessions. */
  @Override
  void close();
}
