package io.cotidal.engine;

import static io.cotidal.engine.ScriptedKind.A;
import static io.cotidal.engine.ScriptedKind.B;
import static io.cotidal.engine.ScriptedKind.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.Mode;
import io.cotidal.model.Observation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Severity;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LeadershipTest {
  private final Rig rig = new Rig();

  private void claim() {
    rig.on(new Input.Tick<>());
    rig.on(new Input.LeaseWon<>(rig.store.snapshot()));
    rig.ignore();
  }

  private void lookAtAll() {
    List.of(A, B, C).forEach(rig::look);
    rig.ignore();
  }

  @Test
  @DisplayName("A winner raises the epoch above every stamp, stamps whom it reaches, then leads")
  void claimRaiseStampLead() {
    rig.store.write(new Row.RaiseEpoch(0, 3));
    rig.looks.put(B, new Observation.Seen<>("well", Rig.host(new Stamp(7, 4, 2))));
    rig.silence(C);
    claim();
    rig.look(A);
    assertThat(rig.pending).as("not before every member was looked at").isNull();
    rig.look(B);
    rig.look(C);
    assertThat(rig.take().batch().rows()).containsExactly(new Row.RaiseEpoch(3, 8));
    assertThat(rig.told(Effect.StampMember.class)).isEmpty();
    String batch = rig.told(Effect.Commit.class).findFirst().orElseThrow().batch().id();
    List<Effect> raised = rig.on(new Input.Committed<>(batch));
    assertThat(Rig.of(Effect.Reload.class, raised)).as("the last leader's last words").hasSize(1);
    assertThat(Rig.of(Effect.StampMember.class, raised)).isEmpty();
    rig.store.write(new Row.RaiseEpoch(3, 8));
    List<Effect> after = rig.on(new Input.LeaseWon<>(rig.store.snapshot()));
    assertThat(Rig.of(Effect.StampMember.class, after))
        .extracting(Effect.StampMember::member)
        .containsExactly(A, B);
    assertThat(Rig.of(Effect.StampMember.class, after))
        .extracting(Effect.StampMember::stamp)
        .containsOnly(new Stamp(8, 0));
    rig.on(new Input.Stamped<>(A, 8, new Outcome.Done(Details.NONE)));
    assertThat(rig.engine.state().leading()).isFalse();
    rig.on(new Input.Stamped<>(B, 8, new Outcome.Done(Details.NONE)));
    assertThat(rig.engine.state().leading()).isTrue();
    assertThat(rig.engine.state().epoch()).isEqualTo(8);
  }

  @Test
  @DisplayName("A member that gives no answer holds the claim up only for its time")
  void deadlineOfClaim() {
    claim();
    rig.look(A);
    rig.on(new Input.Tick<>());
    assertThat(rig.pending).isNull();
    rig.nanos += 1_000_000_001L;
    rig.on(new Input.Tick<>());
    assertThat(rig.take().batch().rows()).containsExactly(new Row.RaiseEpoch(0, 1));
  }

  @Test
  @DisplayName("Looks from before the election do not count for the claim")
  void oldLooksDoNotCount() {
    rig.on(new Input.Tick<>());
    lookAtAll();
    rig.nanos += 1_000_000;
    rig.on(new Input.LeaseWon<>(rig.store.snapshot()));
    assertThat(rig.pending).isNull();
  }

  @Test
  @DisplayName("A stamp refused for a newer epoch: it claims again, above that")
  void refusedStamp() {
    claim();
    lookAtAll();
    rig.commit();
    rig.on(new Input.LeaseWon<>(rig.store.snapshot()));
    rig.on(new Input.Stamped<>(B, 1, new Outcome.Refused(new Stamp(12, 1))));
    assertThat(rig.engine.state().leading()).isFalse();
    lookAtAll();
    rig.nanos += 1_000_000;
    lookAtAll();
    assertThat(rig.take().batch().rows()).containsExactly(new Row.RaiseEpoch(1, 13));
  }

  @Test
  @DisplayName("postgres/S9: an act refused for a newer epoch ends the leading, not just the step")
  void refusedAct() {
    rig.kind.type("polish", Step.act("wash", A, "wash a"));
    rig.lead().begin("polish");
    rig.drive();
    rig.ignore();
    Effect.Act act = rig.act("wash a");
    rig.on(
        new Input.StepResult<>(
            act.operation(), act.sequence(), new Outcome.Refused(new Stamp(9, 2))));
    assertThat(rig.engine.state().leading()).isFalse();
    rig.drive();
    assertThat(rig.engine.state().epoch()).isEqualTo(10);
    assertThat(rig.inspections()).as("what became of the step is found out").contains("wash a");
  }

  @Test
  @DisplayName("Overtaken while a batch is on its way: its acts are not told any more")
  void overtakenWithBatchPending() {
    rig.kind.type("polish", Step.act("wash", A, "wash a"));
    rig.lead().begin("polish");
    rig.on(new Input.Stamped<>(B, 1, new Outcome.Refused(new Stamp(12, 1))));
    List<Effect> after = rig.commit();
    assertThat(Rig.of(Effect.Act.class, after)).isEmpty();
    rig.drive();
    assertThat(rig.engine.state().epoch()).isEqualTo(13);
    assertThat(rig.inspections()).containsExactly("wash a");
  }

  @Test
  @DisplayName("A member that comes back is stamped before anything else is done to it")
  void returningMember() {
    rig.silence(C);
    rig.kind.type("polish", Step.act("wash", C, "wash c"));
    rig.lead();
    assertThat(rig.told(Effect.StampMember.class).map(Effect.StampMember::member))
        .doesNotContain(C);
    rig.says(C, "well");
    rig.kind.wanted.add(ScriptedKind.want("polish"));
    rig.told.clear();
    rig.pass(200);
    int stamp = indexOf(Effect.StampMember.class);
    int act = indexOf(Effect.Act.class);
    assertThat(stamp).isNotNegative().isLessThan(act);
    assertThat(((Effect.StampMember) rig.told.get(stamp)).member()).isEqualTo(C);
  }

  private int indexOf(Class<? extends Effect> type) {
    for (int i = 0; i < rig.told.size(); i++) {
      if (type.isInstance(rig.told.get(i))) {
        return i;
      }
    }
    return -1;
  }

  @Test
  @DisplayName("A member that was out of reach is stamped anew")
  void outOfReachLosesItsStamp() {
    rig.lead();
    rig.silence(C);
    rig.pass(200);
    rig.says(C, "well");
    rig.told.clear();
    rig.pass(200);
    assertThat(rig.told(Effect.StampMember.class).map(Effect.StampMember::member))
        .containsExactly(C);
  }

  @Test
  @DisplayName("A refused batch: it stops leading, asks about the lease, and says so to who waits")
  void commitRefused() {
    rig.kind.type("polish", Step.act("wash", A, "wash a"));
    String command = rig.lead().begin("polish");
    List<Effect> after = rig.on(new Input.CommitRefused<>(rig.take().batch().id()));
    assertThat(rig.engine.state().leading()).isFalse();
    assertThat(Rig.of(Effect.CheckLease.class, after)).hasSize(1);
    assertThat(rig.reply(command)).isInstanceOf(Reply.NotLeading.class);
    assertThat(rig.acts()).isEmpty();
    assertThat(rig.engine.state().operations()).isEmpty();
    assertThat(rig.reply(rig.begin("polish"))).isInstanceOf(Reply.NotLeading.class);
  }

  @Test
  @DisplayName("A lost lease: who waits hears it, and what was on its way is never told")
  void leaseLost() {
    rig.kind.type("polish", Step.act("wash", A, "wash a"));
    String first = rig.lead().begin("polish");
    String second = rig.begin("polish");
    rig.on(new Input.LeaseLost<>("somebody else holds it"));
    assertThat(rig.reply(first)).isEqualTo(new Reply.NotLeading("somebody else holds it"));
    assertThat(rig.reply(second)).isEqualTo(new Reply.NotLeading("somebody else holds it"));
    rig.commit();
    rig.drive();
    assertThat(rig.acts()).isEmpty();
  }

  @Test
  @DisplayName("An election won anew: nobody who waits is forgotten")
  void leaseWonAnew() {
    rig.kind.type("polish", Step.act("wash", A, "wash a"));
    String first = rig.lead().begin("polish");
    String second = rig.begin("polish");
    rig.on(new Input.LeaseWon<>(rig.store.snapshot()));
    assertThat(rig.reply(first)).isInstanceOf(Reply.NotLeading.class);
    assertThat(rig.reply(second)).isInstanceOf(Reply.NotLeading.class);
  }

  @Test
  @DisplayName("Heartbeats go only from who leads, to a stamped member, never in mode observe")
  void heartbeats() {
    rig.kind.beating = Optional.of(C);
    rig.pass(600);
    assertThat(rig.told(Effect.Heartbeat.class)).as("before it leads").isEmpty();
    rig.silence(C);
    rig.lead().pass(600);
    assertThat(rig.told(Effect.Heartbeat.class)).as("to a member without stamp").isEmpty();
    rig.says(C, "well");
    rig.pass(600);
    assertThat(rig.told(Effect.Heartbeat.class).map(Effect.Heartbeat::stamp))
        .hasSizeBetween(1, 3)
        .containsOnly(new Stamp(1, 0));
    rig.on(new Input.LeaseLost<>("gone"));
    rig.told.clear();
    rig.pass(600);
    assertThat(rig.told(Effect.Heartbeat.class)).as("after the lease").isEmpty();
  }

  @Test
  @DisplayName("Mode observe: it looks, and stamps, beats and does nothing")
  void observe() {
    Rig watcher = new Rig(Mode.OBSERVE);
    watcher.kind.beating = Optional.of(A);
    watcher.kind.verdict = new ScriptedKind.Verdict("ill", Severity.CRITICAL);
    watcher.kind.type("polish", Step.act("wash", A, "wash a"));
    watcher.kind.wanted.add(ScriptedKind.want("polish"));
    watcher.lead().pass(1_000);
    assertThat(watcher.engine.state().leading()).isTrue();
    assertThat(watcher.told(Effect.StampMember.class)).isEmpty();
    assertThat(watcher.told(Effect.Heartbeat.class)).isEmpty();
    assertThat(watcher.acts()).isEmpty();
    assertThat(watcher.store.operations()).isEmpty();
    assertThat(watcher.reply(watcher.begin("polish"))).isInstanceOf(Reply.Invalid.class);
    assertThat(watcher.pending).isNull();
  }

  @Test
  @DisplayName("Mode observe: an operation that somebody left running is not carried on")
  void observeTakesNothingOver() {
    rig.kind.type("polish", Step.act("wash", A, "wash a"), Step.act("dry", A, "dry a"));
    rig.lead().begin("polish");
    rig.drive();
    rig.spec = ScriptedKind.Shore.in(Mode.OBSERVE);
    Rig watcher = rig.successor().lead().pass(500);
    assertThat(watcher.acts()).isEmpty();
    assertThat(watcher.inspections()).isEmpty();
  }

  @Test
  @DisplayName("The mode becomes observe in mid-operation: the act under way ends, no other begins")
  void observeFromNowOn() {
    Step wash = Step.act("wash", A, "wash a");
    rig.kind.type("polish", wash, Step.act("dry", A, "dry a").after(wash));
    rig.lead().begin("polish");
    rig.drive();
    rig.on(new Input.SpecChanged<>(ScriptedKind.Shore.in(Mode.OBSERVE)));
    rig.drive().done("wash a").pass(500);
    assertThat(rig.acts()).containsExactly("wash a");
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.ATTENTION);
    rig.on(new Input.SpecChanged<>(ScriptedKind.Shore.in(Mode.MANAGE)));
    rig.drive();
    rig.command(new Command.Resume(Rig.ANN, 1));
    rig.drive();
    assertThat(rig.acts()).containsExactly("wash a", "dry a");
  }
}
