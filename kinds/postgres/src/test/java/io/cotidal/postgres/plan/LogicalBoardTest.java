package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.replica;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.actions.Questions;
import io.cotidal.postgres.observe.LogicalSlots;
import io.cotidal.postgres.observe.LogicalSlots.Slot;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.Copying;
import io.cotidal.postgres.spec.DiskLimits;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.SlotLimits;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of logical slots: said, set up, and minded when a successor is chosen. */
@Timeout(10)
class LogicalBoardTest {
  private static final PostgresKind KIND = new PostgresKind();

  private static Slot marked(String name) {
    return new Slot(name, "pgoutput", "shop", true, false, false, 900);
  }

  private static Slot plain(String name) {
    return new Slot(name, "pgoutput", "shop", false, false, false, 900);
  }

  private static Slot copy(String name) {
    return new Slot(name, "pgoutput", "shop", true, true, false, 900);
  }

  private static PostgresSpec caring(PostgresSpec spec) {
    Care care =
        new Care(
            new SlotLimits(1 << 30, 1L << 32, true),
            Optional.empty(),
            Copying.PLAIN,
            DiskLimits.DEFAULT);
    return spec.with(spec.practice().caring(care));
  }

  private static PgFacts leading(String awaited, Slot... slots) {
    return primary(3, 1000, "ANY 1 (\"b\",\"c\")", "b", "c")
        .with(new LogicalSlots(true, false, false, awaited, List.of(slots)));
  }

  private static PgFacts keeping(Slot... slots) {
    return replica(3, 1000, A, 10).with(new LogicalSlots(true, true, true, "", List.of(slots)));
  }

  /** Set up, one marked slot, copies of it on both. */
  private static Scene whole() {
    Scene scene = new Scene();
    scene.spec = caring(Scene.spec(1, Failover.DEFAULT));
    return scene
        .says(A, leading("b,c", marked("s")))
        .says(B, keeping(copy("s")))
        .says(C, keeping(copy("s")));
  }

  private static List<String> wanted(Scene scene) {
    return KIND.plan(scene.spec, scene.state()).stream().map(LogicalBoardTest::text).toList();
  }

  private static String text(Wanted wanted) {
    return wanted.type() + " " + wanted.input();
  }

  private static String guarantee(Scene scene) {
    return KIND.guarantee(scene.spec, scene.state());
  }

  private static Line line(Scene scene, String slot) {
    Report report =
        new Readings(scene.spec, scene.state()).answer(Questions.FAILOVER_CHECK, Details.NONE);
    return report.lines().stream()
        .filter(each -> each.subject().equals("logical slot " + slot))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("postgres/S30: set up and copied: nothing is wanted, and it is said")
  void survives() {
    Scene scene = whole().looks(1);
    assertThat(wanted(scene)).isEmpty();
    assertThat(guarantee(scene)).endsWith("; logical slots survive a change of primary");
    assertThat(line(scene, "s").verdict()).isEqualTo(Verdict.YES);
    assertThat(line(scene, "s").sentence()).isEqualTo("s survives: b,c have copies");
  }

  @Test
  @DisplayName("postgres/S30: set up, first the standbys' copies, then whom readers wait for")
  void setUp() {
    LogicalSlots fresh = new LogicalSlots(true, false, false, "", List.of());
    Scene scene = whole();
    scene
        .says(A, leading(""))
        .says(B, replica(3, 1000, A, 10).with(fresh))
        .says(C, keeping(marked("s")))
        .looks(1);
    assertThat(wanted(scene))
        .containsExactly(
            "logical {awaited=b,c, member=a}", "logical {copies=true, drop=, member=b}");
    // Its own was a copy while it was a standby, and still says so.
    scene.says(A, leading("b,c", copy("s"))).looks(1);
    assertThat(wanted(scene)).contains("logical {copies=true, drop=s, member=c}");
  }

  @Test
  @DisplayName("postgres/S30: nothing is touched unasked, nor before 17, nor without wal_level")
  void leftAlone() {
    Scene scene = whole().says(B, keeping(marked("s")));
    scene.spec = Scene.spec(1, Failover.DEFAULT);
    assertThat(wanted(scene.looks(1))).isEmpty();
    assertThat(guarantee(scene)).contains("s does not survive: no replica is asked to keep a copy");
    Scene low = whole().says(A, primary(3, 1000, "ANY 1 (\"b\",\"c\")", "b", "c")).looks(1);
    assertThat(wanted(low)).isEmpty();
    Scene old = whole().says(A, aged(leading("", plain("s")))).looks(1);
    assertThat(wanted(old)).isEmpty();
    assertThat(line(old, "s").sentence())
        .isEqualTo("s does not survive: PostgreSQL 15 keeps no copies of slots");
    assertThat(line(old, "s").remedy()).contains("make it anew there and copy its tables again");
  }

  private static PgFacts aged(PgFacts f) {
    return new PgFacts(
        150_018,
        f.systemId(),
        f.recovering(),
        f.timeline(),
        f.position(),
        f.replayed(),
        f.upstream(),
        f.receiver(),
        f.senders(),
        f.syncNames(),
        f.slots(),
        f.writable(),
        f.beside());
  }

  @Test
  @DisplayName("postgres/S30: of each that would not survive it is said why")
  void doesNot() {
    Scene scene = whole().says(A, leading("b,c", marked("s"), plain("t"), marked("u"))).looks(1);
    assertThat(guarantee(scene))
        .contains("of 3 logical slots 2 would not survive")
        .contains("t does not survive: it is not marked for failover")
        .contains("u would not survive now: no replica has a copy to go on from yet");
    scene.says(C, keeping()).looks(1);
    assertThat(line(scene, "s").sentence())
        .isEqualTo("s survives: b has a copy; it would be lost if c led");
  }

  @Test
  @DisplayName("postgres/S30: of equals the one with the copies succeeds, whatever its priority")
  void preferred() {
    Scene scene = whole().looks(1).says(B, keeping()).looks(1).says(A, gone("present")).looks(5);
    Report report =
        new Readings(scene.spec, scene.state()).answer(Questions.FAILOVER_CHECK, Details.NONE);
    assertThat(report.sentence()).isEqualTo("if a died now, c would be promoted");
  }

  @Test
  @DisplayName("postgres/S30: a leaf of a cascade keeps no copies, and nobody waits for it")
  void leaf() {
    MemberId leaf = C;
    Scene scene = whole();
    scene.spec = caring(CascadeTest.spec(1, Failover.DEFAULT));
    scene
        .ledger(Ledger.quorum(List.of(B), 1))
        .says(
            A,
            CascadeTest.slots(primary(3, 1000, "ANY 1 (\"b\")", "b"), "b")
                .with(new LogicalSlots(true, false, false, "b", List.of(marked("s")))))
        .says(B, CascadeTest.slots(keeping(copy("s")), "c").with(keeping(copy("s")).logical()))
        .says(leaf, replica(3, 1000, B, 10))
        .looks(1);
    assertThat(wanted(scene)).isEmpty();
    assertThat(line(scene, "s").sentence()).contains("it would be lost if c led");
  }
}
