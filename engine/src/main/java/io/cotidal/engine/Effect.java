package io.cotidal.engine;

import io.cotidal.model.Event;
import io.cotidal.model.MemberId;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.time.Duration;

/**
 * What the engine wants done. The one who executes it answers with the {@link Input} named in each.
 */
public sealed interface Effect {
  /**
   * Look at {@code member} at once and then every {@code period}, each look within {@code
   * deadline}; replaces what was asked before. Answers: {@link Input.Observed}, one each look.
   */
  record Observe(MemberId member, Duration period, Duration deadline) implements Effect {}

  /** Look no more. */
  record StopObserving(MemberId member) implements Effect {}

  /**
   * Make {@code batch} durable. Answers: {@link Input.Committed}, {@link Input.CommitRefused},
   * {@link Input.CommitFailed} or {@link Input.CommitUnknown}.
   */
  record Commit(Store.Batch batch) implements Effect {}

  /**
   * Find out whether a batch was written. Answers: {@link Input.Committed} or {@link
   * Input.CommitFailed}.
   */
  record ReadBack(String batch) implements Effect {}

  /** Let a member's gate remember {@code stamp}. Answers: {@link Input.Stamped}. */
  record StampMember(MemberId member, Stamp stamp, Duration deadline) implements Effect {}

  /**
   * Do a step whose intent is durable. Answers: {@link Input.StepResult}, at the latest at the
   * step's deadline.
   */
  record Act(long operation, int sequence, Step step, Stamp stamp) implements Effect {}

  /**
   * Look whether a step took effect. Answers: {@link Input.Inspected}, at the latest at the step's
   * deadline.
   */
  record Inspect(long operation, int sequence, Step step, Stamp stamp) implements Effect {}

  /**
   * Nobody wants the result of an act any more: end it early if the driver can. Its answer, if it
   * is still awaited, comes as ever.
   */
  record Abort(long operation, int sequence) implements Effect {}

  /** Write a heartbeat. No answer. */
  record Heartbeat(MemberId member, Stamp stamp, Duration deadline) implements Effect {}

  /** Tell listeners of an event that is durable. No answer. */
  record Publish(Event event) implements Effect {}

  /** Give the one who waits for {@code command} its reply. No answer. */
  record Answer(String command, Reply reply) implements Effect {}

  /**
   * Read at once what the store holds: the epoch is ours now, and whoever had it before can write
   * no more. Answers: {@link Input.LeaseWon} with the snapshot, or {@link Input.LeaseLost}.
   */
  record Reload() implements Effect {}

  /**
   * The store knows a newer epoch: find out whether the election still stands. Answers: {@link
   * Input.LeaseWon} with a fresh snapshot if it does, {@link Input.LeaseLost} if not.
   */
  record CheckLease(String reason) implements Effect {}

  /**
   * Send a {@link Input.Tick} at monotonic {@code nanos} or soon after; replaces what was asked
   * before.
   */
  record Wake(long nanos) implements Effect {}
}
