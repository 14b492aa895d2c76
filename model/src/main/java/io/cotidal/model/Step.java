package io.cotidal.model;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
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
 * @param items what becomes of the resource's items, committed together with this step's completion
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
    Details ledger,
    List<ItemChange> items) {

  /** The act of a step that records a decision and touches nothing. */
  public static final String DECISION = "decide";

  /** Copies the collections. */
  public Step {
    needs = Set.copyOf(needs);
    items = List.copyOf(items);
  }

  /** A step in the making: every change of one part copies the others here, once. */
  private static final class Draft {
    private String key;
    private final String act;
    private final @Nullable MemberId member;
    private Details arguments;
    private String sentence;
    private Set<String> needs;
    private Duration deadline;
    private WhenUnknown whenUnknown;
    private boolean decisionPoint;
    private boolean pointOfNoReturn;
    private Details ledger;
    private List<ItemChange> items;

    Draft(Step from) {
      key = from.key;
      act = from.act;
      member = from.member;
      arguments = from.arguments;
      sentence = from.sentence;
      needs = from.needs;
      deadline = from.deadline;
      whenUnknown = from.whenUnknown;
      decisionPoint = from.decisionPoint;
      pointOfNoReturn = from.pointOfNoReturn;
      ledger = from.ledger;
      items = from.items;
    }

    Step done() {
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
          ledger,
          items);
    }
  }

  private Step changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.done();
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
        Details.NONE,
        List.of());
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
        Details.NONE,
        List.of());
  }

  /** This step under another key, for an act that one operation does twice. */
  public Step named(String newKey) {
    return changed(draft -> draft.key = newKey);
  }

  /** This step with another sentence. */
  public Step saying(String other) {
    return changed(draft -> draft.sentence = other);
  }

  /** This step with an argument set. */
  public Step with(String name, Object value) {
    return changed(draft -> draft.arguments = arguments.with(name, value));
  }

  /** This step, after {@code keys}. */
  public Step after(Set<String> keys) {
    return changed(draft -> draft.needs = keys);
  }

  /** This step, after {@code earlier}. */
  public Step after(Step earlier) {
    return after(Set.of(earlier.key()));
  }

  /** This step with another deadline. */
  public Step within(Duration newDeadline) {
    return changed(draft -> draft.deadline = newDeadline);
  }

  /** This step with another answer to an inspection that cannot tell. */
  public Step whenUnknown(WhenUnknown answer) {
    return changed(draft -> draft.whenUnknown = answer);
  }

  /** This step as a decision point. */
  public Step thenDecide() {
    return changed(draft -> draft.decisionPoint = true);
  }

  /** This step as the point of no return. */
  public Step noReturn() {
    return changed(draft -> draft.pointOfNoReturn = true);
  }

  /** This step, writing {@code entries} to the ledger when it is done. */
  public Step writing(Details entries) {
    return changed(draft -> draft.ledger = entries);
  }

  /** This step, changing items when it is done. */
  public Step changing(ItemChange... changes) {
    return changed(draft -> draft.items = List.of(changes));
  }

  /** Whether the step only records a decision. */
  public boolean isDecision() {
    return act.equals(DECISION);
  }
}
