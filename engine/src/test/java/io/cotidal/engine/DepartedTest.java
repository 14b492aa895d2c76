package io.cotidal.engine;

import static io.cotidal.engine.ScriptedKind.A;
import static io.cotidal.engine.ScriptedKind.B;
import static io.cotidal.engine.ScriptedKind.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Details;
import io.cotidal.model.Found;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members that a source names no more: when they count as gone, and for how long. */
@Timeout(10)
class DepartedTest {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Rig rig = new Rig();

  DepartedTest() {
    discovering();
  }

  /** The engine begins anew; its members are the source's to name. */
  private void discovering() {
    rig.spec = rig.kind.withMembers(rig.spec, List.of());
    rig.engine = Engine.discovering(rig.kind, rig.spec, rig.now());
  }

  private void remembers(MemberId... members) {
    Details ledger = Details.NONE;
    for (MemberId member : members) {
      ledger = ledger.with("member." + member, "somewhere");
    }
    rig.store.write(
        new Store.Batch("given", rig.spec.id(), 0, List.of(new Row.PutLedger(ledger)), false));
  }

  private void answers(MemberId... members) {
    rig.on(new Input.SourceAnswered<>(SourceAnswer.Members.named(List.of(members))));
    rig.drive();
  }

  private void fails() {
    rig.on(new Input.SourceAnswered<>(new SourceAnswer.Unavailable("no route")));
    rig.drive();
  }

  private List<MemberId> gone() {
    return rig.engine.state().departed().after(GRACE, rig.now());
  }

  private Departed departed() {
    return rig.engine.state().departed();
  }

  @Test
  @DisplayName("A member that the ledger remembers and the source lacks is gone, and after a grace")
  void departs() {
    remembers(A, B, C);
    rig.lead();
    answers(A, B, C);
    rig.pass(5_000);
    assertThat(departed().isEmpty()).isTrue();
    answers(A, B);
    assertThat(departed().members()).containsOnlyKeys(C);
    assertThat(gone()).isEmpty();
    rig.pass(900);
    assertThat(gone()).isEmpty();
    rig.pass(100);
    assertThat(gone()).containsExactly(C);
    assertThat(rig.engine.state().members()).containsOnlyKeys(A, B);
  }

  @Test
  @DisplayName("Who was never remembered leaves without a trace")
  void unknown() {
    remembers(A, B);
    rig.lead();
    answers(A, B, C);
    answers(A, B);
    rig.pass(2_000);
    assertThat(departed().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("directory/D4: a member that comes back is gone no more, and begins anew")
  void returns() {
    remembers(A, B, C);
    rig.lead();
    answers(A, B);
    rig.pass(2_000);
    answers(A, B, C);
    assertThat(departed().isEmpty()).isTrue();
    answers(A, B);
    assertThat(gone()).isEmpty();
    assertThat(departed().has(C)).isTrue();
  }

  @Test
  @DisplayName("directory/D3: before the first answer nobody is gone, however long it takes")
  void beforeTheFirstAnswer() {
    remembers(A, B, C);
    rig.lead();
    fails();
    rig.pass(10_000);
    fails();
    assertThat(departed().isEmpty()).isTrue();
    assertThat(rig.engine.state().source().awaited()).isTrue();
  }

  @Test
  @DisplayName("directory/D3: a source that cannot answer lets nobody go and keeps the members")
  void unavailableDepartsNobody() {
    remembers(A, B, C);
    rig.lead();
    answers(A, B, C);
    for (int i = 0; i < 20; i++) {
      fails();
      rig.pass(1_000);
    }
    assertThat(departed().isEmpty()).isTrue();
    assertThat(rig.engine.state().members()).containsOnlyKeys(A, B, C);
  }

  @Test
  @DisplayName("directory/D3: while the source does not answer no time counts, and nobody may go")
  void pauses() {
    remembers(A, B, C);
    rig.lead();
    answers(A, B);
    rig.pass(600);
    fails();
    rig.pass(60_000);
    assertThat(gone()).isEmpty();
    answers(A, B);
    assertThat(gone()).isEmpty();
    rig.pass(400);
    assertThat(gone()).as("one answer that was missed begins nothing anew").containsExactly(C);
    fails();
    assertThat(gone()).as("nobody goes while it does not answer").isEmpty();
  }

  @Test
  @DisplayName("directory/D3: after two failures in a row the grace begins anew")
  void degradedBeginsAnew() {
    remembers(A, B, C);
    rig.lead();
    answers(A, B);
    rig.pass(900);
    fails();
    fails();
    assertThat(rig.engine.state().source().degraded()).isTrue();
    answers(A, B);
    assertThat(rig.engine.state().source().degraded()).isFalse();
    rig.pass(900);
    assertThat(gone()).isEmpty();
    rig.pass(100);
    assertThat(gone()).containsExactly(C);
  }

  @Test
  @DisplayName("The first answer after a restart that lacks a member begins its grace anew")
  void restart() {
    remembers(A, B, C);
    rig.lead();
    answers(A, B);
    rig.pass(5_000);
    assertThat(gone()).containsExactly(C);
    discovering();
    rig.lead();
    assertThat(departed().isEmpty()).isTrue();
    answers(A, B);
    assertThat(departed().members()).containsOnlyKeys(C);
    assertThat(gone()).isEmpty();
    rig.pass(1_000);
    assertThat(gone()).containsExactly(C);
  }

  @Test
  @DisplayName("A pause of this process is no absence of a member")
  void ownPause() {
    remembers(A, B, C);
    rig.lead();
    answers(A, B);
    rig.nanos += 3_600_000 * Moment.MILLI;
    rig.on(new Input.Tick<>());
    assertThat(gone()).isEmpty();
    rig.pass(1_000);
    assertThat(gone()).containsExactly(C);
  }

  @Test
  @DisplayName("Members of a configuration without a source depart with it")
  void configured() {
    remembers(A, B, C, new MemberId("d"));
    rig.spec = ScriptedKind.Shore.in(rig.spec.mode());
    rig.engine = new Engine<>(rig.kind, rig.spec, rig.now());
    rig.lead();
    rig.pass(1_000);
    assertThat(gone()).containsExactly(new MemberId("d"));
  }

  @Test
  @DisplayName("A changed configuration keeps the members that the source names")
  void respecified() {
    rig.lead();
    answers(A, B);
    rig.on(new Input.SpecChanged<>(rig.kind.withMembers(rig.spec, List.of())));
    assertThat(rig.engine.state().members()).containsOnlyKeys(A, B);
  }

  @Test
  @DisplayName("directory/D3: health tells since when it fails, why, and how often")
  void health() {
    SourceHealth before = rig.engine.state().source();
    assertThat(before).isEqualTo(SourceHealth.AWAITED);
    assertThat(before.inForce()).isFalse();
    rig.lead();
    answers(A, B);
    Moment answered = rig.now();
    rig.pass(500);
    Moment failing = rig.now();
    fails();
    rig.pass(500);
    fails();
    assertThat(rig.engine.state().source())
        .isEqualTo(new SourceHealth(true, answered, failing, "no route", 2, 2));
    answers(A, B);
    assertThat(rig.engine.state().source())
        .isEqualTo(new SourceHealth(true, rig.now(), null, "", 0, 2));
  }

  @Test
  @DisplayName("The same answer again is no reason to plan")
  void sameAnswer() {
    rig.lead();
    answers(A, B);
    rig.pass(1_000);
    int plans = rig.kind.plans;
    answers(A, B);
    answers(A, B);
    assertThat(rig.kind.plans).isEqualTo(plans);
  }

  @Test
  @DisplayName("directory/D7: an act on a member that is gone runs, and its result counts")
  void actsOnTheDeparted() {
    remembers(A, B, C);
    Step retire = Step.act("retire", C, "retire c").writing(Details.of("member.c", ""));
    Step wash = Step.act("wash", A, "wash a").after(retire);
    rig.kind.type("remove", retire, wash);
    rig.lead();
    answers(A, B);
    rig.begin("remove");
    rig.drive();
    assertThat(rig.acts()).containsExactly("retire c");
    rig.done("retire c");
    assertThat(rig.engine.state().ledger().has("member.c")).isFalse();
    assertThat(departed().isEmpty()).isTrue();
    assertThat(rig.acts()).containsExactly("retire c", "wash a");
    rig.kind.type("tidy", Step.act("tidy", B, "tidy b"));
    rig.kind.wanted.add(ScriptedKind.want("tidy"));
    rig.done("wash a");
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.DONE);
    rig.pass(100);
    assertThat(rig.acts())
        .as("nobody waits for a look at who is not looked at")
        .containsExactly("retire c", "wash a", "tidy b");
  }

  @Test
  @DisplayName("A member that goes while it is acted on: the result still counts")
  void departsUnderAnAct() {
    remembers(A, B, C);
    rig.kind.type("polish", Step.act("wash", C, "wash c"));
    rig.lead();
    answers(A, B, C);
    rig.begin("polish");
    rig.drive();
    answers(A, B);
    rig.done("wash c");
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  @DisplayName("A member that is gone and follows a newer epoch stops its act and our leading")
  void departedKnowsBetter() {
    remembers(A, B, C);
    rig.kind.type("remove", Step.act("retire", C, "retire c"));
    rig.lead();
    answers(A, B);
    rig.begin("remove");
    rig.drive();
    long epoch = rig.engine.state().epoch();
    rig.ends("retire c", new Outcome.Refused(new Stamp(epoch + 7, 3)));
    rig.pass(1_000);
    assertThat(rig.engine.state().epoch()).isEqualTo(epoch + 8);
    assertThat(rig.engine.state().leading()).isTrue();
  }

  @Test
  @DisplayName("directory/D4: the loss of two of three is held, also once one of them was let go")
  void brakeHolds() {
    remembers(A, B, C);
    rig.kind.type("remove", Step.act("retire", C, "retire c").writing(Details.of("member.c", "")));
    rig.lead();
    answers(A);
    assertThat(Brake.of(rig.engine.state())).isEqualTo(new Brake(3, 2, ""));
    assertThat(Brake.of(rig.engine.state()).lets()).isFalse();
    rig.begin("remove");
    rig.drive().done("retire c");
    assertThat(departed().members()).containsOnlyKeys(B);
    assertThat(Brake.of(rig.engine.state()))
        .as("whoever approved one has not approved the other")
        .isEqualTo(new Brake(3, 2, ""));
    answers(A, B);
    answers(A);
    assertThat(Brake.of(rig.engine.state())).as("another time").isEqualTo(new Brake(2, 1, ""));
  }

  @Test
  @DisplayName("directory/D4: members that came since do not make more of the old ones go")
  void newcomers() {
    remembers(A, B, C);
    rig.kind.type("build", builds());
    rig.lead();
    answers(many().toArray(MemberId[]::new));
    rig.begin("build");
    rig.drive();
    for (MemberId member : many()) {
      rig.done("make " + member);
    }
    assertThat(departed().members()).containsOnlyKeys(A, B, C);
    assertThat(Brake.of(rig.engine.state())).isEqualTo(new Brake(3, 3, ""));
  }

  private static List<MemberId> many() {
    return IntStream.range(0, 20).mapToObj(i -> new MemberId("new" + i)).toList();
  }

  private static Step[] builds() {
    List<Step> steps = new ArrayList<>();
    for (MemberId member : many()) {
      steps.add(
          Step.act("make", member, "make " + member)
              .writing(Details.of("member." + member, "somewhere")));
    }
    return steps.toArray(Step[]::new);
  }

  @Test
  @DisplayName("directory/D4: under a suspicion of ourselves nobody goes")
  void suspected() {
    remembers(A, B, C);
    rig.lead();
    answers(A, B);
    assertThat(Brake.of(rig.engine.state()).lets()).isTrue();
    rig.on(new Input.Suspected<>("we see badly"));
    assertThat(Brake.of(rig.engine.state()).reason()).isEqualTo("we see badly");
    answers(A);
    assertThat(Brake.of(rig.engine.state()).reason()).isEqualTo("we see badly");
    rig.on(new Input.Suspected<>(""));
    answers(A, B);
    assertThat(Brake.of(rig.engine.state()).lets()).isTrue();
  }

  @Test
  @DisplayName("An answer with two members of one name is not made")
  void twoOfOneName() {
    assertThatThrownBy(() ->
            new SourceAnswer.Members(
                List.of(Found.named(A), new Found(A, Details.of(Found.HOST, "h")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two members are named a");
  }
}
