package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Remarks;
import io.cotidal.engine.Remarks.Remark;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.Severity;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.actions.Questions;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.proxying.ProxiedKind;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of a cluster that somebody else runs. */
@Timeout(10)
class OnlookerTest {
  private final ProxiedKind kind = new ProxiedKind();
  private final Scene scene = new Scene();
  private Details memory = Details.NONE;

  OnlookerTest() {
    scene.spec = looking(scene.spec);
    scene.ledger = Details.NONE;
    scene.says(A, Scene.primary(3, 1000, "", "patroni-b", "patroni-c"));
  }

  private static PostgresSpec looking(PostgresSpec spec) {
    return new PostgresSpec(
        spec.id(),
        Mode.OBSERVE,
        spec.servers(),
        spec.quorum(),
        spec.failover(),
        spec.access(),
        spec.settings());
  }

  private List<Remark> remarks() {
    Remarks remarks = kind.remark(scene.spec, scene.state(), memory);
    memory = remarks.memory();
    return remarks.said();
  }

  private String diagnosis() {
    return kind.diagnose(scene.spec, scene.state()).code();
  }

  private List<String> wanted() {
    return kind.plan(scene.spec, scene.state()).stream().map(Wanted::type).toList();
  }

  private void dies() {
    scene.says(A, Scene.gone("present"));
    scene.says(B, Scene.standby(3, 900)).says(C, Scene.standby(3, 990)).looks(4);
  }

  private void succeeds() {
    scene.says(C, Scene.primary(4, 1200, "", "patroni-b"));
    scene.says(B, Scene.replica(4, 1200, C, 10)).looks(1);
  }

  @Test
  @DisplayName("while all is well nothing is said, whatever names and slots others use")
  void well() {
    scene.looks(3);
    assertThat(diagnosis()).isEqualTo("not-adopted");
    assertThat(remarks()).isEmpty();
    assertThat(wanted()).containsExactly("adopt");
    assertThat(kind.members(scene.spec, scene.state()))
        .extracting(MemberView::severity)
        .containsOnly(Severity.INFO);
    assertThat(kind.links(scene.spec, scene.state())).hasSize(2).noneMatch(link -> link.planned());
    assertThat(kind.guarantee(scene.spec, scene.state()))
        .isEqualTo("unguarded: a commit waits for no replica");
  }

  @Test
  @DisplayName("what somebody else lets commits wait for is told as theirs")
  void waits() {
    scene.says(A, Scene.primary(3, 1000, "2 (b, \"c\")", "b", "c")).looks(3);
    assertThat(kind.guarantee(scene.spec, scene.state()))
        .isEqualTo("not ours: a commit waits for 2 of b,c");
    assertThat(wanted()).containsExactly("adopt");
    scene.says(A, Scene.primary(3, 1000, "node-2", "node-2")).looks(1);
    assertThat(kind.guarantee(scene.spec, scene.state()))
        .isEqualTo("not ours: a commit waits for node-2");
  }

  @Test
  @DisplayName("the primary dies: what would have begun is said once, with candidate and risk")
  void dead() {
    scene.looks(3);
    assertThat(remarks()).isEmpty();
    dies();
    assertThat(diagnosis()).isEqualTo("primary-dead");
    assertThat(wanted()).containsExactly("failover");
    List<Remark> said = remarks();
    assertThat(said).extracting(Remark::code).containsExactly("would-failover");
    Remark would = said.getFirst();
    assertThat(would.text()).contains("would promote c").contains("nothing was done");
    assertThat(would.details().need("loss")).contains("10 bytes at risk");
    assertThat(would.details().need("candidate")).contains("the furthest of 2 loses least");
    assertThat(would.details().need("begins")).isEqualTo("by itself");
    assertThat(would.details().need("silent-ms")).isEqualTo("800");
    assertThat(would.details().entries().keySet()).contains("step-01", "step-02", "step-03");
    scene.looks(3);
    assertThat(remarks()).as("once").isEmpty();
  }

  @Test
  @DisplayName("somebody else moves the primary: who it is, how long it took, and whether we agree")
  void moved() {
    scene.looks(3);
    remarks();
    dies();
    remarks();
    succeeds();
    List<Remark> said = remarks();
    assertThat(said.getFirst().code()).isEqualTo("moved-by-others");
    assertThat(said.getFirst().text())
        .startsWith("c is primary now, on timeline 4, and a was; others did that, 1000 ms after")
        .contains("Cotidal would have promoted it, too, and would have begun after 800 ms");
    assertThat(said.getFirst().details().entries())
        .containsEntry("from", "a")
        .containsEntry("to", "c")
        .containsEntry("same", "true");
    assertThat(diagnosis()).isEqualTo("degraded");
    scene.says(A, Scene.replica(4, 1300, C, 10)).looks(1);
    assertThat(remarks()).isEmpty();
    assertThat(diagnosis()).isEqualTo("not-adopted");
  }

  @Test
  @DisplayName("another one than ours was chosen")
  void another() {
    scene.looks(3);
    remarks();
    dies();
    remarks();
    scene.says(B, Scene.primary(4, 950, ""));
    scene.says(C, Scene.standby(3, 990)).looks(1);
    assertThat(remarks().getFirst().text()).contains("Cotidal would have promoted c,");
  }

  @Test
  @DisplayName("a second trouble of the same kind is said again")
  void again() {
    scene.looks(3);
    remarks();
    dies();
    assertThat(remarks()).hasSize(1);
    scene.says(A, Scene.primary(3, 1000, "", "b", "c"));
    scene.says(B, Scene.replica(3, 1000, A, 10)).says(C, Scene.replica(3, 1000, A, 10)).looks(2);
    assertThat(remarks()).isEmpty();
    dies();
    assertThat(remarks()).extracting(Remark::code).containsExactly("would-failover");
  }

  @Test
  @DisplayName("a move in order, seen from one look to the next, is told without a comparison")
  void inOrder() {
    scene.looks(3);
    remarks();
    scene.says(B, Scene.primary(4, 1100, "", "a", "c"));
    scene.says(A, Scene.replica(4, 1100, B, 10)).says(C, Scene.replica(4, 1100, B, 10)).looks(1);
    assertThat(remarks())
        .extracting(Remark::text)
        .containsExactly("b is primary now, on timeline 4, and a was; others did that");
  }

  @Test
  @DisplayName("somebody else starts the primary in its place and promotes it there")
  void inPlace() {
    scene.looks(3);
    remarks();
    dies();
    remarks();
    scene.says(A, Scene.standby(3, 1000)).looks(1);
    assertThat(remarks()).isEmpty();
    scene.says(A, Scene.primary(4, 1100, "", "b", "c"));
    scene.says(B, Scene.replica(4, 1100, A, 10)).says(C, Scene.replica(4, 1100, A, 10)).looks(1);
    assertThat(remarks().getFirst().text())
        .startsWith("a is primary again, on timeline 4")
        .contains("Cotidal would have promoted c");
  }

  @Test
  @DisplayName("a zombie beside a newer primary is two primaries; of equal ones nobody is chosen")
  void two() {
    scene.says(C, Scene.primary(4, 1200, "")).says(B, Scene.replica(4, 1200, C, 10)).looks(3);
    assertThat(diagnosis()).isEqualTo("two-primaries");
    scene.says(C, Scene.primary(3, 1200, "")).looks(1);
    assertThat(diagnosis()).isEqualTo("primary-unclear");
    assertThat(remarks()).isEmpty();
  }

  @Test
  @DisplayName("only we are cut off: nothing would have begun")
  void cutOff() {
    scene.looks(3);
    remarks();
    scene.says(A, Scene.silent()).looks(12);
    assertThat(diagnosis()).isEqualTo("control-cut-off");
    assertThat(remarks()).isEmpty();
    assertThat(wanted()).isEmpty();
  }

  @Test
  @DisplayName("the question what a failover would do is answered, and that nothing begins")
  void question() {
    scene.looks(3);
    var report =
        new Readings(scene.spec, scene.state()).answer(Questions.FAILOVER_CHECK, Details.NONE);
    assertThat(report.sentence()).contains("if a died now").contains("would be promoted");
    assertThat(report.lines())
        .anyMatch(line -> line.sentence().contains("mode observe never changes anything"));
  }

  @Test
  @DisplayName("a replica that others stopped: what would be done is no operation of ours")
  void stopped() {
    scene.looks(3);
    remarks();
    Details disk =
        Details.of(Acts.DATA, "present").with(Acts.CONTROL_STATE, "shut down in recovery");
    scene
        .says(
            B,
            new io.cotidal.model.Observation.Refused<>(
                "connection refused",
                new Host(Host.Process.GONE, io.cotidal.model.Stamp.NONE, disk)))
        .looks(3);
    assertThat(diagnosis()).isEqualTo("degraded");
    assertThat(remarks()).extracting(Remark::code).containsExactly("would-start");
  }

  @Test
  @DisplayName("an adopted cluster, and one that is managed, is looked at as ever")
  void ours() {
    scene.spec = Scene.spec(1, io.cotidal.postgres.spec.Failover.DEFAULT);
    scene.looks(3);
    dies();
    assertThat(remarks()).isEmpty();
    assertThat(diagnosis()).isEqualTo("primary-unclear");
  }
}
