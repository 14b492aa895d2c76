package io.cotidal.objects.plan;

import static io.cotidal.objects.plan.PaperNamespace.A;
import static io.cotidal.objects.plan.PaperNamespace.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.Command;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Risk;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import io.cotidal.objects.observe.Notice;
import io.cotidal.objects.placing.Announcement;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.spec.Site.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what gateways are told")
final class AnnounceTest {
  private static final Details AT_B = Details.of(Acts.SITE, "b");

  private final PaperNamespace paper = new PaperNamespace();

  private List<Wanted> plan() {
    return paper.kind.plan(paper.spec, paper.state());
  }

  private List<String> told() {
    return plan().stream()
        .filter(wanted -> wanted.type().equals("announce"))
        .map(wanted -> wanted.input().need(Acts.SITE))
        .toList();
  }

  private Notice lies(long generation) {
    Placing placing = Placing.of(paper.spec, generation).serving(paper.roles);
    return new Notice.Lies(generation, Announcement.of(placing).mark());
  }

  private String code() {
    return paper.kind.diagnose(paper.spec, paper.state()).code();
  }

  @Test
  @DisplayName("sites of people who use no gateway are left alone")
  void nobody() {
    paper.lies(A, new Notice.Nothing());
    paper.lies(B, new Notice.Nothing());
    assertThat(plan()).isEmpty();
  }

  @Test
  @DisplayName("each site that answers and has it not is told; one that is silent when it is back")
  void each() {
    paper.gateways(Role.ACTIVE);
    assertThat(told()).as("nobody knows yet what lies there").isEmpty();
    paper.lies(A, new Notice.Nothing());
    paper.lies(B, new Notice.Nothing());
    paper.silent(B);
    assertThat(told()).containsExactly("a");
    assertThat(plan()).allMatch(Wanted::automatic);
    paper.lies(A, lies(1));
    paper.kept = lies(1);
    assertThat(told()).isEmpty();
    paper.lies(B, new Notice.Nothing());
    assertThat(told()).containsExactly("b");
    paper.lies(B, lies(1));
    assertThat(told()).isEmpty();
    paper.lies(B, new Notice.Unknown("403"));
    assertThat(told()).as("what cannot be read is not missing").isEmpty();
    paper.lies(B, new Notice.Lies(0, ""));
    assertThat(told()).as("what cannot be understood is written anew").containsExactly("b");
  }

  @Test
  @DisplayName("it is the same text everywhere, under the greatest generation")
  void same() {
    paper.gateways(Role.ACTIVE);
    paper.lies(A, lies(4));
    paper.lies(B, lies(3));
    assertThat(told()).containsExactly("b");
    paper.lies(B, new Notice.Lies(7, "other"));
    assertThat(told()).containsExactly("a", "b");
    paper.kept = new Notice.Lies(7, "other");
    paper.silent(B);
    assertThat(told()).as("a silent site has what it was told").containsExactly("a");
  }

  @Test
  @DisplayName("a clock that is wrong keeps nobody from being told")
  void skewed() {
    paper.gateways(Role.ACTIVE);
    paper.lies(A, new Notice.Nothing());
    paper.answers(B, 120_000);
    assertThat(told()).containsExactly("a");
  }

  @Test
  @DisplayName("who was promoted stays so, and all are told, until the file says the same")
  void promoted() {
    paper.gateways(Role.BACKUP);
    paper.kept = lies(1);
    paper.lies(A, lies(1));
    paper.lies(B, lies(1));
    assertThat(code()).isEqualTo("equal");
    assertThat(role()).isEqualTo("backup");
    paper.roles.put(B, Role.ACTIVE);
    assertThat(told()).containsExactly("a", "b");
    assertThat(code()).isEqualTo("promoted");
    assertThat(paper.kind.diagnose(paper.spec, paper.state()).severity()).isEqualTo(Severity.INFO);
    assertThat(paper.kind.diagnose(paper.spec, paper.state()).sentence())
        .contains("b was promoted", "write role: active");
    assertThat(role()).isEqualTo("active");
    paper.gateways(Role.ACTIVE);
    assertThat(code()).isEqualTo("equal");
  }

  private String role() {
    return paper.kind.members(paper.spec, paper.state()).get(1).role();
  }

  private static Continuation next(PaperNamespace paper, Run run) {
    return Appoint.PROMOTE.steps(AT_B, run, paper.spec, paper.state());
  }

  private static List<String> steps(Continuation next) {
    return ((Continuation.Rest) next).steps().stream().map(Step::key).toList();
  }

  @Test
  @DisplayName(
      "to promote is kept first, and then told to those who answer; a failure stops nobody")
  void order() {
    paper.gateways(Role.BACKUP);
    List<Step> first = ((Continuation.Rest) next(paper, Run.begin())).steps();
    assertThat(first).extracting(Step::act).containsExactly("appoint");
    assertThat(first.getFirst().member()).isEqualTo(new MemberId("namespace"));
    assertThat(first.getFirst().decisionPoint()).isTrue();
    List<StepRecord> rows = new ArrayList<>();
    rows.add(row(1, first.getFirst(), StepState.DONE));
    assertThat(steps(next(paper, new Run(1, rows, Run.Occasion.DECISION))))
        .containsExactly("announce a", "announce b");
    rows.add(row(2, Announce.act(A), StepState.DONE));
    rows.add(row(3, Announce.act(B), StepState.FAILED));
    assertThat(steps(next(paper, new Run(1, rows, Run.Occasion.FAILURE)))).isEmpty();
    paper.silent(A);
    assertThat(steps(next(paper, new Run(1, rows.subList(0, 1), Run.Occasion.TAKE_OVER))))
        .containsExactly("announce b");
    assertThat(
            next(
                paper,
                new Run(
                    1, List.of(row(1, first.getFirst(), StepState.FAILED)), Run.Occasion.FAILURE)))
        .isInstanceOf(Continuation.GiveUp.class);
  }

  private static StepRecord row(int number, Step step, StepState end) {
    return StepRecord.planned(number, step, 1)
        .ended(end, Details.NONE, "it broke", new Moment(1, PaperNamespace.NOW));
  }

  @Test
  @DisplayName("while somebody is promoted nobody else tells, who would come before")
  void underWay() {
    paper.gateways(Role.BACKUP);
    paper.lies(A, new Notice.Nothing());
    assertThat(told()).containsExactly("a");
    paper.under(operation("converge"));
    assertThat(told()).containsExactly("a");
    paper.under(operation("promote"));
    assertThat(told()).isEmpty();
  }

  private Operation operation(String type) {
    return new Operation(
        new OperationId(paper.spec.id(), type.length()),
        type,
        1,
        AT_B,
        Risk.DISRUPTIVE,
        OperationState.RUNNING,
        "",
        "",
        "",
        "",
        new Actor("ann"),
        null,
        null,
        false,
        List.of(),
        PaperNamespace.NOW,
        0,
        PaperNamespace.NOW,
        0,
        List.of());
  }

  @Test
  @DisplayName("only sites that there are, and somebody is to serve clients")
  void asked() {
    paper.gateways(Role.BACKUP);
    assertThat(asked("promote", "b")).isEqualTo(AT_B);
    assertThat(asked("demote", "b")).as("it is one already").isEqualTo(AT_B);
    assertThatThrownBy(() -> asked("promote", "c")).hasMessageContaining("'c'", "a, b");
    assertThatThrownBy(() -> asked("demote", "a")).hasMessageContaining("promote another");
    paper.roles.put(B, Role.ACTIVE);
    assertThat(asked("demote", "a")).isEqualTo(Details.of(Acts.SITE, "a"));
  }

  private Details asked(String type, String site) {
    return paper.kind.prepare(
        paper.spec,
        paper.state(),
        new Command.Begin(new Actor("ann"), type, Details.of("site", site), null, false));
  }

  @Test
  @DisplayName("what waits for a gateway is not planned for, but its objects are")
  void waits() {
    paper.waits("photos", 0);
    assertThat(plan()).isEmpty();
    assertThat(code()).isEqualTo("differs");
    paper.waits("photos", 3);
    assertThat(plan()).extracting(Wanted::type).containsExactly("converge");
  }

  @Test
  @DisplayName("one word more in the file is another text; another generation is not")
  void marks() {
    paper.gateways(Role.BACKUP);
    Announcement one = Announcement.of(Placing.of(paper.spec, 1));
    assertThat(Announcement.read(one.text())).isEqualTo(one);
    Announcement next = Announcement.of(Placing.of(paper.spec, 2));
    assertThat(next.mark()).isEqualTo(one.mark());
    Placing other = Placing.of(paper.spec, 1).serving(Map.of(B, Role.ACTIVE));
    assertThat(Announcement.of(other).mark()).isNotEqualTo(one.mark());
    assertThat(other.serves(B)).isTrue();
    assertThat(Announcement.read("{").mark()).isEmpty();
  }
}
