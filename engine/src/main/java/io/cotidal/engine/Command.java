package io.cotidal.engine;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Permission;
import io.cotidal.model.Severity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a person asks of a resource. */
public sealed interface Command {
  /** Who asks. */
  Actor actor();

  /**
   * Begin an operation.
   *
   * @param role what the caller may do with the resource
   * @param idempotencyKey makes a repetition answer with the operation that the first request
   *     began; null if none
   * @param dryRun whether only its steps are wanted
   */
  record Begin(
      Actor actor,
      Permission role,
      String type,
      Details input,
      @Nullable String idempotencyKey,
      boolean dryRun)
      implements Command {
    /** Asked for by somebody who may do what an operator may. */
    public Begin(
        Actor actor, String type, Details input, @Nullable String idempotencyKey, boolean dryRun) {
      this(actor, Permission.OPERATOR, type, input, idempotencyKey, dryRun);
    }

    /** The same request of another type, with another input. */
    public Begin as(String otherType, Details otherInput) {
      return new Begin(actor, role, otherType, otherInput, idempotencyKey, dryRun);
    }
  }

  /** Approve a proposal. */
  record Approve(Actor actor, long number) implements Command {}

  /** Reject a proposal. */
  record Reject(Actor actor, long number) implements Command {}

  /** End an operation early. */
  record Cancel(Actor actor, long number) implements Command {}

  /** Let an operation in attention, or waiting, ask again what remains. */
  record Resume(Actor actor, long number) implements Command {}

  /**
   * Declare the end of an operation in attention on a person's word.
   *
   * @param done whether it counts as done, else as failed
   * @param word the person's reason, for the record
   */
  record Resolve(Actor actor, long number, boolean done, String word) implements Command {}

  /**
   * Let nothing be done by itself for a while.
   *
   * @param life until it ends by itself; zero if somebody must end it
   * @param reason for people; may be empty
   */
  record Pause(Actor actor, Duration life, String reason) implements Command {}

  /** Let things be done by themselves again. */
  record Unpause(Actor actor) implements Command {}

  /**
   * Write an event that belongs to no operation, about something that the daemon was told to do or
   * allow.
   *
   * @param code the event's, for machines
   * @param text one sentence; no secrets
   */
  record Note(Actor actor, Severity severity, String code, String text) implements Command {}
}
