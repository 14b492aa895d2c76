package io.cotidal.objects.plan;

import static io.cotidal.objects.plan.PaperNamespace.A;
import static io.cotidal.objects.plan.PaperNamespace.B;
import static io.cotidal.objects.plan.PaperNamespace.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.Command;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Risk;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what is planned for a namespace")
final class PlannerTest {
  private static final Details PHOTOS =
      Details.of(Acts.ACCOUNT, "AUTH_test").with(Acts.CONTAINER, "photos");

  private final PaperNamespace paper = new PaperNamespace();

  private List<Wanted> plan() {
    return paper.kind.plan(paper.spec, paper.state());
  }

  private Diagnosis diagnosis() {
    return paper.kind.diagnose(paper.spec, paper.state());
  }

  private Continuation next(Run run) {
    return Converge.USUAL.steps(PHOTOS, run, paper.spec, paper.state());
  }

  private Step first() {
    return ((Continuation.Rest) next(Run.begin())).steps().getFirst();
  }

  @Test
  @DisplayName("nothing where all is equal; the one that differs longest first, four at a time")
  void order() {
    assertThat(plan()).isEmpty();
    assertThat(diagnosis().code()).isEqualTo("equal");
    IntStream.rangeClosed(1, 9).forEach(i -> paper.differs("c" + i, i, 0, false));
    assertThat(plan())
        .extracting(wanted -> wanted.input().need(Acts.CONTAINER))
        .containsExactly("c9", "c8", "c7", "c6");
    assertThat(plan()).allMatch(wanted -> wanted.type().equals("converge"));
    assertThat(diagnosis().code()).isEqualTo("differs");
    assertThat(diagnosis().sentence()).contains("9 containers", "45 objects");
  }

  @Test
  @DisplayName("objects/S11: nothing is decided while a clock is surely wrong")
  void skew() {
    paper.differs("photos", 3, 0, false);
    paper.answers(B, 2_400);
    assertThat(plan()).as("it may be right within what is known").hasSize(1);
    paper.answers(B, 120_000);
    assertThat(plan()).isEmpty();
    assertThat(diagnosis().code()).isEqualTo("clock-skew");
    assertThat(diagnosis().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(diagnosis().sentence()).contains("the clock of b is 120000 ms off");
  }

  @Test
  @DisplayName("a site that is silent keeps nobody from being made equal")
  void silent() {
    paper.differs("photos", 3, 0, false);
    paper.silent(B);
    assertThat(plan()).hasSize(1);
    assertThat(diagnosis().code()).isEqualTo("site-silent");
    paper.silent(A);
    assertThat(diagnosis().code()).isEqualTo("unseen");
  }

  @Test
  @DisplayName("objects/S20: many deletions wait for a person; what else differs does not")
  void brake() {
    paper.differs("photos", 0, 10_000, true);
    assertThat(plan())
        .singleElement()
        .satisfies(wanted -> {
          assertThat(wanted.type()).isEqualTo("delete-objects");
          assertThat(wanted.automatic()).isFalse();
          assertThat(wanted.input().need(Acts.DELETIONS)).isEqualTo("10000");
        });
    assertThat(diagnosis().code()).isEqualTo("deletions-held");
    paper.differs("photos", 2, 10_000, true);
    assertThat(plan())
        .extracting(Wanted::type)
        .containsExactlyInAnyOrder("delete-objects", "converge");
  }

  @Test
  @DisplayName(
      "objects/S18: a copy is given up for an approval of so many objects, and not unasked")
  void withdrawn() {
    paper.leaves("photos", 7, "");
    paper.leaves("old", 9, "it keeps versions, and those are not given up");
    assertThat(plan())
        .singleElement()
        .satisfies(wanted -> {
          assertThat(wanted.type()).isEqualTo("withdraw");
          assertThat(wanted.automatic()).isFalse();
          assertThat(wanted.reason()).contains("AUTH_test/photos", "7 objects (70 bytes)");
        });
    Withdraw type = new Withdraw();
    assertThat(type.risk()).isEqualTo(Risk.IRREVERSIBLE);
    assertThat(diagnosis().code()).isEqualTo("leaving");
    assertThat(diagnosis().severity()).isEqualTo(Severity.INFO);
    assertThat(diagnosis().sentence())
        .contains("2 containers (16 objects)")
        .endsWith(
            "1 of them cannot be given up: AUTH_test/old at b: it keeps versions, and those are not"
                + " given up");
    Details input = plan().getFirst().input();
    Continuation begun = type.steps(input, Run.begin(), paper.spec, paper.state());
    Step act = ((Continuation.Rest) begun).steps().getFirst();
    assertThat(act.arguments().need(Acts.OBJECTS)).isEqualTo("7");
    Details left = Details.of(Acts.OUTCOME, Acts.LEFT).with(Acts.WHY, "the rules name b");
    Run stopped = PaperNamespace.after(act, StepState.DONE, left, "");
    assertThat(type.steps(input, stopped, paper.spec, paper.state()))
        .isEqualTo(new Continuation.GiveUp("the rules name b"));
    Details gone = Details.of(Acts.OUTCOME, Acts.EQUAL);
    Run done = PaperNamespace.after(act, StepState.DONE, gone, "");
    assertThat(type.steps(input, done, paper.spec, paper.state()))
        .isEqualTo(Continuation.finished());
    paper.differs("photos", 3, 0, false);
    assertThat(diagnosis().code()).isEqualTo("differs");
  }

  @Test
  @DisplayName("what is left is tried again, later each time, and paces nobody else")
  void paused() {
    paper.differs("photos", 3, 0, false);
    paper.differs("films", 1, 0, false);
    Details left = Details.of(Acts.OUTCOME, Acts.LEFT).with(Acts.WHY, "site b answered 503");
    paper.row(change(PaperNamespace.after(first(), StepState.DONE, left, "")));
    assertThat(plan())
        .extracting(wanted -> wanted.input().need(Acts.CONTAINER))
        .containsExactly("films");
    assertThat(paper.kind.due(paper.spec, paper.state())).isEqualTo(NOW + 2_000_000);
    paper.now = NOW + 2_000_000;
    assertThat(plan()).hasSize(2);
    paper.row(change(PaperNamespace.after(first(), StepState.FAILED, Details.NONE, "cut off")));
    paper.now += 3_999_999;
    assertThat(plan()).as("the second pause is twice as long").hasSize(1);
    paper.now += 1;
    assertThat(plan()).hasSize(2);
    paper.now = NOW - 60_000_000;
    assertThat(plan()).as("a clock that stepped back makes no pause longer").hasSize(2);
  }

  private ItemChange change(Run run) {
    return ((Continuation.Rest) next(run)).steps().getFirst().items().getFirst();
  }

  @Test
  @DisplayName("a row goes when nothing is left; without one, nothing is written")
  void gone() {
    Details equal = Details.of(Acts.OUTCOME, Acts.EQUAL);
    Run done = PaperNamespace.after(first(), StepState.DONE, equal, "");
    assertThat(next(done)).isEqualTo(Continuation.finished());
    Details left = Details.of(Acts.WHY, "later");
    paper.row(change(PaperNamespace.after(first(), StepState.DONE, left, "")));
    assertThat(change(done)).isInstanceOf(ItemChange.Drop.class);
  }

  @Test
  @DisplayName("each container has a row of its own, whatever it is called")
  void names() {
    assertThat(Rows.name("AUTH_test", "Photos"))
        .isNotEqualTo(Rows.name("AUTH_test", "photos"))
        .startsWith("auth_test.photos-");
    assertThat(Rows.name("AUTH_test", "日本")).startsWith("auth_test.-");
    assertThat(Rows.name("..", "日本")).startsWith("x-");
  }

  @Test
  @DisplayName("a container is asked for by account and name, and only where we look after it")
  void asked() {
    assertThat(asked("converge", "AUTH_test/photos")).isEqualTo(PHOTOS);
    assertThatThrownBy(() -> asked("converge", "photos")).hasMessageContaining("ACCOUNT/CONTAINER");
    assertThatThrownBy(() -> asked("converge", "AUTH_other/photos"))
        .hasMessageContaining("AUTH_other")
        .hasMessageContaining("AUTH_test");
    assertThatThrownBy(() -> asked("delete-objects", "AUTH_test/photos"))
        .hasMessageContaining("plans it itself");
  }

  private Details asked(String type, String container) {
    return paper.kind.prepare(
        paper.spec,
        paper.state(),
        new Command.Begin(new Actor("ann"), type, Details.of("container", container), null, false));
  }
}
