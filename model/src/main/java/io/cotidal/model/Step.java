package io.cotidal.model;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One act on one member, or one recorded decision, as data: what a dry run prints is what a run
 * executes.
 *
 * @param key names the step within its operation; the same key again means the same effect again
 * @param act what the kind's driver is to do; {@link #DECISION} for a decision that is only
 *     recorded
 * @param member where; null for a decision
 * @param arguments with what
 * @param sentence what it will do, for people; also the audit line
 * @param needs keys of the steps that must be done before
 * @param deadline how long the act may take
 * @param whenUnknown what to do if inspection cannot tell
 * @param decisionPoint whether the rest is planned anew with this step's evidence
 * @param pointOfNoReturn whether from this step's intent on the operation can no longer be
 *     cancelled
 * @param ledger entries for the resource's ledger, committed together with this step's completion; a value {@code
 *     @name} stands for the entry {@code name} of the evidence, an empty value takes the entry out
 */
public record Step(
    String key,
    String act,
    @Nullable MemberId member,
    Details arguments,
    String sentence,
    Set<String> needs,
    Duration deadline,
    WhenUnknown whenUnknown,
    boolean decisionPoint,
    boolean pointOfNoReturn,
    Details ledger) {

  /** The act of a step that records a decision and touches nothing. */
  public static final String DECISION = "decide";

  /** Copies {@code needs}. */
  public Step {
    needs = Set.copyOf(needs);
  }

  /** An act on a member, needing nothing, with ten seconds, failing if inspection cannot tell. */
  public static Step act(String act, MemberId member, String sentence) {
    return new Step(
        act + " " + member,
        act,
        member,
        Details.NONE,
        sentence,
        Set.of(),
        Duration.ofSeconds(10),
        new WhenUnknown.Fail(),
        false,
        false,
        Details.NONE);
  }

  /** A decision with its evidence; it is done as soon as it is committed. */
  public static Step decision(String key, String sentence, Details evidence) {
    return new Step(
        key,
        DECISION,
        null,
        evidence,
        sentence,
        Set.of(),
        Duration.ZERO,
        new WhenUnknown.Fail(),
        false,
        false,
        Details.NONE);
  }

  /** This step under another key, for an act that one operation does twice. */
  public Step named(String newKey) {
    return new Step(
        newKey,
        act,
        member,
        arguments,
        sentence,
        needs,
        deadline,
        whenUnknown,
        decisionPoint,
        pointOfNoReturn,
        ledger);
  }

  /** This step with an argument set. */
  public Step with(String name, Object value) {
    return new Step(
        key,
        act,
        member,
        arguments.with(name, value),
        sentence,
        needs,
        deadline,
        whenUnknown,
        decisionPoint,
        pointOfNoReturn,
        ledger);
  }

  /** This step, after {@code keys}. */
  public Step after(Set<String> keys) {
    return new Step(
        key,
        act,
        member,
        arguments,
        sentence,
        keys,
        deadline,
        whenUnknown,
        decisionPoint,
        pointOfNoReturn,
        ledger);
  }

  /** This step, after {@code earlier}. */
  public Step after(Step earlier) {
    return after(Set.of(earlier.key()));
  }

  /** This step with another deadline. */
  public Step within(Duration newDeadline) {
    return new Step(
        key,
        act,
        member,
        arguments,
        sentence,
        needs,
        newDeadline,
        whenUnknown,
        decisionPoint,
        pointOfNoReturn,
        ledger);
  }

  /** This step with another answer to an inspection that cannot tell. */
  public Step whenUnknown(WhenUnknown answer) {
    return new Step(
        key,
        act,
        member,
        arguments,
        sentence,
        needs,
        deadline,
        answer,
        decisionPoint,
        pointOfNoReturn,
        ledger);
  }

  /** This step as a decision point. */
  public Step thenDecide() {
    return new Step(
        key,
        act,
        member,
        arguments,
        sentence,
        needs,
        deadline,
        whenUnknown,
        true,
        pointOfNoReturn,
        ledger);
  }

  /** This step as the point of no return. */
  public Step noReturn() {
    return new Step(
        key,
        act,
        member,
        arguments,
        sentence,
        needs,
        deadline,
        whenUnknown,
        decisionPoint,
        true,
        ledger);
  }

  /** This step, writing {@code entries} to the ledger when it is done. */
  public Step writing(Details entries) {
    return new Step(
        key,
        act,
        member,
        arguments,
        sentence,
        needs,
        deadline,
        whenUnknown,
        decisionPoint,
        pointOfNoReturn,
        entries);
  }

  /** Whether the step only records a decision. */
  public boolean isDecision() {
    return act.equals(DECISION);
  }
}
