package io.cotidal.engine;

import static io.cotidal.engine.ScriptedKind.A;
import static io.cotidal.engine.ScriptedKind.B;
import static io.cotidal.engine.ScriptedKind.want;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Risk;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class AdmissionTest {
  private static final Step WASH = Step.act("wash", A, "wash a");
  private static final long MINUTE = 60_000_000;

  private final Rig rig = new Rig();

  private ScriptedKind.Type failover(Rig in) {
    ScriptedKind.Type type = in.kind.type("failover", Step.act("promote", B, "promote b"));
    type.preempts = true;
    type.risk = Risk.IRREVERSIBLE;
    return type;
  }

  @Test
  @DisplayName("A preempting operation cancels a holder before its point of no return")
  void preempts() {
    rig.kind.type("polish", WASH);
    failover(rig);
    rig.lead().begin("polish");
    rig.drive();
    rig.begin("failover");
    rig.drive();
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.CANCELLED);
    assertThat(rig.operation(1).note()).contains("failover");
    assertThat(rig.acts()).containsExactly("wash a", "promote b");
    assertThat(rig.act("promote b").stamp()).isGreaterThan(rig.act("wash a").stamp());
    rig.done("wash a");
    assertThat(rig.operation(1).state()).as("late").isEqualTo(OperationState.CANCELLED);
  }

  @Test
  @DisplayName("A holder past its point of no return is waited for, and then the planner goes on")
  void waitsForWhoIsPastNoReturn() {
    rig.kind.type("polish", WASH.noReturn());
    failover(rig);
    rig.lead().begin("polish");
    rig.drive();
    String asked = rig.begin("failover");
    rig.drive();
    assertThat(rig.reply(asked)).isInstanceOf(Reply.Conflict.class);
    rig.kind.verdict = new ScriptedKind.Verdict("dead", Severity.CRITICAL);
    rig.kind.wanted.add(new Wanted("failover", Details.NONE, "dead", true));
    rig.pass(500);
    assertThat(rig.acts()).containsExactly("wash a");
    rig.done("wash a").pass(200);
    assertThat(rig.acts()).containsExactly("wash a", "promote b");
  }

  @Test
  @DisplayName("postgres/S11: one wins, the other hears the holder's number")
  void conflict() {
    rig.kind.type("polish", WASH);
    rig.kind.type("paint", Step.act("paint", A, "paint a"));
    rig.lead();
    String first = rig.begin("polish");
    String second = rig.begin("paint");
    rig.drive();
    assertThat(rig.accepted(first).number()).isEqualTo(1);
    assertThat(rig.reply(second))
        .isInstanceOfSatisfying(
            Reply.Conflict.class, conflict -> assertThat(conflict.holder().number()).isEqualTo(1));
    assertThat(rig.acts()).containsExactly("wash a");
    rig.kind.wanted.add(want("paint"));
    rig.pass(500);
    assertThat(rig.acts()).as("the planner's is in the way no less").containsExactly("wash a");
  }

  @Test
  @DisplayName("A refusal waits until everybody was looked at since the last act on them")
  void refusedByWhatIsKnown() {
    rig.kind.type("polish", WASH);
    rig.kind.type("paint", Step.act("paint", A, "paint a"));
    rig.says(A, "dirty");
    rig.lead().begin("polish");
    rig.drive();
    rig.says(A, "clean");
    rig.nanos += Moment.MILLI;
    Effect.Act wash = rig.act("wash a");
    rig.on(
        new Input.StepResult<>(wash.operation(), wash.sequence(), new Outcome.Done(Details.NONE)));
    rig.commit();
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.DONE);
    String early = rig.command(asked("clean"));
    String wrong = rig.command(asked("new"));
    while (rig.pending != null) {
      rig.commit();
    }
    assertThat(rig.reply(early)).isNull();
    assertThat(rig.reply(wrong)).isNull();
    rig.drive();
    assertThat(rig.accepted(early).type()).isEqualTo("paint");
    assertThat(rig.reply(wrong)).isInstanceOf(Reply.Invalid.class);
  }

  private static Command asked(String word) {
    return new Command.Begin(Rig.ANN, "paint", Details.of("only-if", word), null, false);
  }

  @Test
  @DisplayName("Operations on different members run side by side")
  void differentMembers() {
    rig.kind.type("polish", WASH).locks = List.of(Lock.member(A));
    rig.kind.type("paint", Step.act("paint", B, "paint b")).locks = List.of(Lock.member(B));
    rig.lead();
    rig.begin("polish");
    rig.begin("paint");
    rig.drive();
    assertThat(rig.acts()).containsExactly("wash a", "paint b");
  }

  @Test
  @DisplayName("Mode manage: safe and disruptive run; irreversible only where it is automatic")
  void manage() {
    rig.kind.type("safe", WASH).locks = List.of(Lock.member(A));
    rig.kind.type("disruptive", Step.act("turn", B, "turn b")).risk = Risk.DISRUPTIVE;
    rig.kind.types.get("disruptive").locks = List.of(Lock.member(B));
    rig.kind.type("tear", Step.act("tear", B, "tear b")).risk = Risk.IRREVERSIBLE;
    rig.kind.types.get("tear").locks = List.of(new Lock("x", true));
    rig.kind.wanted.addAll(List.of(want("safe"), want("disruptive"), want("tear")));
    rig.lead();
    assertThat(rig.acts()).containsExactly("wash a", "turn b");
    assertThat(rig.operation(3).state()).isEqualTo(OperationState.PROPOSED);
    rig.kind.wanted.set(2, new Wanted("tear", Details.NONE, "automatic", true));
    rig.pass(200);
    assertThat(rig.acts()).containsExactly("wash a", "turn b", "tear b");
  }

  private Rig proposing() {
    Rig proposer = new Rig(Mode.PROPOSE);
    proposer.kind.type("polish", WASH);
    proposer.kind.verdict = new ScriptedKind.Verdict("ill", Severity.WARNING);
    proposer.kind.wanted.add(want("polish"));
    return proposer.lead();
  }

  @Test
  @DisplayName("Mode propose: written down once, waits for an approval, then runs")
  void propose() {
    Rig proposer = proposing().pass(1_000);
    assertThat(proposer.acts()).isEmpty();
    assertThat(proposer.store.operations()).hasSize(1);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.PROPOSED);
    String approve = proposer.command(new Command.Approve(Rig.ANN, 1));
    proposer.drive();
    assertThat(proposer.accepted(approve).approvedBy()).isEqualTo(Rig.ANN);
    assertThat(proposer.acts()).containsExactly("wash a");
    String again = proposer.command(new Command.Approve(Rig.ANN, 1));
    proposer.drive();
    assertThat(proposer.reply(again)).isInstanceOf(Reply.Invalid.class);
  }

  @Test
  @DisplayName("A change of lag alone keeps the proposal and its approval good")
  void lagKeepsTheBasis() {
    Rig proposer = proposing();
    proposer.says(A, "well:900");
    proposer.pass(300);
    assertThat(proposer.store.operations()).hasSize(1);
    proposer.command(new Command.Approve(Rig.ANN, 1));
    proposer.drive();
    assertThat(proposer.acts()).containsExactly("wash a");
  }

  @Test
  @DisplayName("Changed facts: the approval is refused, and a later plan supersedes the proposal")
  void approveOnChangedFacts() {
    Rig proposer = proposing();
    Operation proposal = proposer.operation(1);
    proposer.says(A, "ill");
    proposer.on(new Input.Tick<>());
    proposer.ignore();
    proposer.look(A);
    Effect.Commit commit = proposer.take();
    String approve = proposer.command(new Command.Approve(Rig.ANN, 1));
    proposer.on(new Input.CommitFailed<>(commit.batch().id()));
    proposer.pass(1_000);
    assertThat(proposer.reply(approve)).isInstanceOf(Reply.Invalid.class);
    assertThat(proposer.acts()).isEmpty();
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.SUPERSEDED);
    assertThat(proposer.engine.state().open())
        .singleElement()
        .satisfies(next -> assertThat(next.basis()).isNotEqualTo(proposal.basis()));
  }

  @Test
  @DisplayName("What is wanted no more is superseded")
  void superseded() {
    Rig proposer = proposing();
    proposer.kind.wanted.clear();
    proposer.pass(300);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.SUPERSEDED);
    assertThat(proposer.acts()).isEmpty();
  }

  @Test
  @DisplayName("A rejected proposal is not made again before the facts change")
  void rejected() {
    Rig proposer = proposing();
    String reject = proposer.command(new Command.Reject(Rig.ANN, 1));
    proposer.drive();
    assertThat(proposer.accepted(reject).state()).isEqualTo(OperationState.CANCELLED);
    proposer.pass(2_000);
    assertThat(proposer.store.operations()).hasSize(1);
    proposer.says(A, "worse");
    proposer.pass(500);
    assertThat(proposer.store.operations()).hasSize(2);
  }

  @Test
  @DisplayName("Mode observe: a proposal from earlier cannot be approved")
  void approveInObserve() {
    Rig proposer = proposing();
    proposer.says(A, "ill");
    proposer.look(A);
    String approve = proposer.command(new Command.Approve(Rig.ANN, 1));
    proposer.on(new Input.SpecChanged<>(ScriptedKind.Shore.in(Mode.OBSERVE)));
    proposer.drive().pass(500);
    assertThat(proposer.reply(approve)).isInstanceOf(Reply.Invalid.class);
    assertThat(proposer.acts()).isEmpty();
  }

  @Test
  @DisplayName("The same idempotency key answers with the operation that the first request began")
  void idempotency() {
    rig.kind.type("polish", WASH);
    rig.lead();
    Command asked = new Command.Begin(Rig.ANN, "polish", Details.NONE, "key 1", false);
    String first = rig.command(asked);
    String second = rig.command(asked);
    rig.drive();
    rig.done("wash a");
    String third = rig.command(asked);
    rig.drive();
    assertThat(rig.accepted(first).number()).isEqualTo(1);
    assertThat(rig.accepted(second).number()).isEqualTo(1);
    assertThat(rig.accepted(third).number()).isEqualTo(1);
    assertThat(rig.accepted(third).state()).isEqualTo(OperationState.DONE);
    assertThat(rig.acts()).containsExactly("wash a");
    Rig next = rig.successor().lead();
    String fourth = next.command(asked);
    next.drive();
    assertThat(next.accepted(fourth).number()).as("another owner knows it too").isEqualTo(1);
  }

  @Test
  @DisplayName("A dry run shows the steps, commits nothing and changes nothing, leading or not")
  void dryRun() {
    rig.kind.type("polish", WASH);
    Command asked = new Command.Begin(Rig.ANN, "polish", Details.NONE, "key 1", true);
    assertThat(rig.reply(rig.command(asked)))
        .isEqualTo(new Reply.Preview(List.of(WASH), List.of()));
    rig.ignore().lead();
    State<String> before = rig.engine.state();
    String second = rig.command(asked);
    assertThat(rig.pending).isNull();
    assertThat(rig.reply(second)).isInstanceOf(Reply.Preview.class);
    assertThat(rig.engine.state()).isEqualTo(before);
    assertThat(rig.acts()).isEmpty();
  }

  @Test
  @DisplayName("Bad input, unknown actions and unknown operations are answered and change nothing")
  void refusals() {
    rig.kind.type("polish", WASH);
    rig.lead();
    String bad =
        rig.command(new Command.Begin(Rig.ANN, "polish", Details.of("bad", 1), null, false));
    assertThat(rig.reply(bad)).isEqualTo(new Reply.Invalid("polish: bad input: leave it out"));
    assertThat(rig.reply(rig.begin("melt"))).isInstanceOf(Reply.NotFound.class);
    assertThat(rig.reply(rig.command(new Command.Cancel(Rig.ANN, 9))))
        .isInstanceOf(Reply.NotFound.class);
    assertThat(rig.pending).isNull();
  }

  @Test
  @DisplayName("What fails is tried again, with growing pauses, also when nothing else changes")
  void backoffOfFailures() {
    rig.kind.type(
        "polish",
        (input, run, state) ->
            run.failures("wash a") > 0
                ? new Continuation.GiveUp("no water")
                : ScriptedKind.remaining(run, WASH));
    rig.kind.wanted.add(want("polish"));
    rig.lead();
    int tries = 0;
    for (int tenth = 0; tenth < 300; tenth++) {
      if (rig.acts().size() > tries) {
        tries++;
        rig.ends("wash a", new Outcome.Failed("no water"));
      }
      rig.pass(100);
    }
    // Pauses of 1, 2, 4, 8 and 16 seconds.
    assertThat(tries).isBetween(4, 6);
  }

  @Test
  @DisplayName("What succeeds and is wanted again at once is slowed down too")
  void backoffOfRepetitions() {
    rig.kind.type("polish", WASH);
    rig.kind.wanted.add(want("polish"));
    rig.lead();
    int tries = 0;
    for (int tenth = 0; tenth < 300; tenth++) {
      if (rig.acts().size() > tries) {
        tries++;
        rig.done("wash a");
      }
      rig.pass(100);
    }
    // Without a pause there would be 300.
    assertThat(tries).isBetween(5, 20);
  }

  @Test
  @DisplayName("An approved proposal waits for its locks and then runs")
  void queued() {
    Rig proposer = proposing();
    proposer.kind.type("paint", Step.act("paint", B, "paint b"));
    proposer.begin("paint");
    proposer.drive();
    String approve = proposer.command(new Command.Approve(Rig.ANN, 1));
    proposer.drive();
    assertThat(proposer.accepted(approve).state()).isEqualTo(OperationState.QUEUED);
    assertThat(proposer.acts()).containsExactly("paint b");
    proposer.done("paint b").pass(200);
    assertThat(proposer.acts()).containsExactly("paint b", "wash a");
  }

  /** A proposal that a person approved while another operation holds its locks. */
  private Rig queueing() {
    Rig proposer = proposing();
    proposer.kind.type("paint", Step.act("paint", B, "paint b"));
    proposer.begin("paint");
    proposer.drive();
    proposer.command(new Command.Approve(Rig.ANN, 1));
    proposer.drive();
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.QUEUED);
    return proposer;
  }

  private static void proposedAnew(Rig proposer) {
    assertThat(proposer.engine.state().open())
        .filteredOn(open -> open.type().equals("polish"))
        .singleElement()
        .satisfies(next -> {
          assertThat(next.state()).isEqualTo(OperationState.PROPOSED);
          assertThat(next.approvedBy()).isNull();
        });
  }

  @Test
  @DisplayName("Facts that change while an approved proposal waits end it; it is proposed anew")
  void queuedOnChangedFacts() {
    Rig proposer = queueing();
    proposer.says(A, "worse");
    proposer.pass(200);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.SUPERSEDED);
    assertThat(proposer.operation(1).note())
        .isEqualTo("the facts have changed since it was approved");
    proposer.done("paint b").pass(500);
    assertThat(proposer.acts()).containsExactly("paint b");
    proposedAnew(proposer);
  }

  @Test
  @DisplayName("An approved proposal waits for a look at what the act before it did")
  void queuedWaitsForLooks() {
    Rig proposer = queueing();
    Effect.Act paint = proposer.act("paint b");
    proposer.says(B, "painted");
    proposer.nanos += 1_000_000;
    proposer.on(
        new Input.StepResult<>(
            paint.operation(), paint.sequence(), new Outcome.Done(Details.NONE)));
    while (proposer.pending != null) {
      proposer.commit();
    }
    assertThat(proposer.operation(2).state()).isEqualTo(OperationState.DONE);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.QUEUED);
    proposer.drive().pass(500);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.SUPERSEDED);
    assertThat(proposer.acts()).containsExactly("paint b");
    proposedAnew(proposer);
  }

  @Test
  @DisplayName("An approval lasts an hour; then the same is proposed anew")
  void approvalExpires() {
    Rig proposer = queueing();
    assertThat(proposer.operation(1).approvedMicros()).isEqualTo(proposer.micros);
    proposer.micros += MINUTE * 59;
    proposer.pass(200);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.QUEUED);
    proposer.micros += MINUTE;
    proposer.pass(200);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.SUPERSEDED);
    assertThat(proposer.operation(1).note())
        .isEqualTo("the approval by ann at 08:00 (UTC) has expired: approve the new proposal");
    proposer.done("paint b").pass(500);
    assertThat(proposer.acts()).containsExactly("paint b");
    proposedAnew(proposer);
  }

  @Test
  @DisplayName("A wall clock that steps back lets no approval expire early")
  void clockStepsBack() {
    Rig proposer = queueing();
    proposer.micros -= MINUTE * 120;
    proposer.pass(200);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.QUEUED);
    proposer.done("paint b").pass(500);
    assertThat(proposer.acts()).containsExactly("paint b", "wash a");
  }

  @Test
  @DisplayName("An approval outlives a restart, and expires if the restart comes too late")
  void approvalAfterRestart() {
    Rig proposer = queueing();
    Rig soon = proposer.successor();
    soon.kind.verdict = proposer.kind.verdict;
    soon.lead();
    assertThat(soon.operation(1).state()).isEqualTo(OperationState.QUEUED);
    Rig late = proposer.successor();
    late.kind.verdict = proposer.kind.verdict;
    late.micros += MINUTE * 60 * 24 * 30;
    late.lead();
    assertThat(late.operation(1).state()).isEqualTo(OperationState.SUPERSEDED);
    assertThat(late.operation(1).note()).contains("has expired");
    assertThat(late.acts()).isEmpty();
  }

  @Test
  @DisplayName("An approval expires in mode observe too, and a spec may say how long it lasts")
  void approvalInObserve() {
    Rig proposer = queueing();
    proposer.on(
        new Input.SpecChanged<>(
            ScriptedKind.Shore.in(Mode.OBSERVE).lasting(Duration.ofMinutes(5))));
    proposer.pass(200);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.QUEUED);
    proposer.micros += MINUTE * 5;
    proposer.pass(200);
    assertThat(proposer.operation(1).state()).isEqualTo(OperationState.SUPERSEDED);
  }

  @Test
  @DisplayName("Numbers go on after the highest ever used, whoever leads")
  void numbersRise() {
    rig.kind.type("polish", WASH);
    rig.lead().begin("polish");
    rig.drive().done("wash a");
    Rig next = rig.successor().lead();
    String again = next.begin("polish");
    next.drive();
    assertThat(next.accepted(again).number()).isEqualTo(2);
  }
}
