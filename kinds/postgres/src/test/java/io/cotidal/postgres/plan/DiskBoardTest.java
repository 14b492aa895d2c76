package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Severity;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.Headroom;
import io.cotidal.postgres.observe.Level;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.members.QuorumChange;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.spec.Addresses;
import io.cotidal.postgres.spec.DiskLimits;
import io.cotidal.postgres.spec.DiskLimits.Share;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of a disk that fills, and who is not promoted for it. */
@Timeout(10)
class DiskBoardTest {
  private static final PostgresKind KIND = new PostgresKind();
  private static final long GIB = 1L << 30;

  private final List<StepRecord> rows = new ArrayList<>();

  /** The member says the same as before, and of its disk this. */
  private static void disk(Scene scene, MemberId member, Headroom left) {
    Observation<PgFacts> says = Objects.requireNonNull(scene.says.get(member));
    boolean seen = says instanceof Observation.Seen<PgFacts>;
    Details facts =
        says.host()
            .facts()
            .with(Acts.DISK, left.word())
            .with(Acts.DISK_PLACE, "/srv/" + member + "/pg_wal");
    facts = seen ? facts.with(Acts.DISK_FREE, GIB / 2).with(Acts.DISK_TOTAL, 10 * GIB) : facts;
    Host host = new Host(says.host().process(), Stamp.NONE, facts);
    scene.says(
        member,
        says instanceof Observation.Seen<PgFacts> known
            ? new Observation.Seen<>(known.facts(), host)
            : new Observation.Refused<>("connection refused", host));
  }

  /** All is well but the primary's disk. */
  static Scene filling(Headroom left) {
    Scene scene = new Scene();
    disk(scene, A, left);
    return scene.looks(2);
  }

  private static PgDiagnosis diagnosis(Scene scene) {
    return KIND.diagnose(scene.spec, scene.state());
  }

  @Test
  @DisplayName("postgres/S14: a disk that fills is said with member, path, rest and remedy")
  void fills() {
    Scene scene = new Scene();
    disk(scene, A, Headroom.AMPLE);
    assertThat(diagnosis(scene.looks(2)).code()).isEqualTo("healthy");
    disk(scene, A, Headroom.LITTLE);
    PgDiagnosis fills = diagnosis(scene.looks(1));
    assertThat(fills.code()).isEqualTo("disk-fills");
    assertThat(fills.severity()).isEqualTo(Severity.WARNING);
    assertThat(fills.sentence())
        .isEqualTo(
            "a is primary; the disk of a (/srv/a/pg_wal) fills, 512 MiB of 10.0 GiB left: make"
                + " room there, or give it more");
    disk(scene, B, Headroom.SHORT);
    PgDiagnosis full = diagnosis(scene.looks(1));
    assertThat(full.code()).isEqualTo("disk-full");
    assertThat(full.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(full.sentence()).contains("the disk of b (/srv/b/pg_wal) is almost full");
    assertThat(full.evidence().need("disk.b")).isEqualTo("512 MiB of 10.0 GiB left");
    assertThat(KIND.plan(scene.spec, scene.state())).isEmpty();
    assertThat(KIND.members(scene.spec, scene.state()).getFirst().facts().need("disk-free-bytes"))
        .isEqualTo(Long.toString(GIB / 2));
  }

  @Test
  @DisplayName("postgres/S14, postgres/S20: the log that piles up is said beside the disk it fills")
  void besideTheLog() {
    Scene scene = LogBoardTest.filling(Level.MUCH);
    disk(scene, A, Headroom.LITTLE);
    PgDiagnosis found = diagnosis(scene.looks(1));
    assertThat(found.code()).isEqualTo("disk-fills");
    assertThat(found.sentence())
        .contains("the disk of a", "the slot of c keeps much log: bring c back");
    // The repairs go on.
    assertThat(KIND.plan(scene.spec, scene.state())).extracting(Wanted::type).contains("start");
    Scene worse = LogBoardTest.filling(Level.WELL);
    disk(worse, A, Headroom.NONE);
    assertThat(diagnosis(worse.looks(1)).sentence())
        .contains("is full", "the slot c keeps 5.0 GiB of log there");
  }

  @Test
  @DisplayName("postgres/S14: what is not known is said so, and is no reason for anything")
  void unknown() {
    Scene scene = new Scene();
    List<Server> servers = new ArrayList<>(scene.spec.servers());
    servers.set(
        2,
        new Server(
            C,
            Addresses.all("127.0.0.1"),
            5432,
            Path.of("/srv/c"),
            Path.of("/bin"),
            "",
            new Reach.Sql()));
    scene.spec =
        new io.cotidal.postgres.spec.PostgresSpec(
            scene.spec.id(),
            scene.spec.mode(),
            servers,
            1,
            scene.spec.failover(),
            scene.spec.access(),
            new TreeMap<>());
    scene.looks(2);
    assertThat(diagnosis(scene).code()).isEqualTo("healthy");
    assertThat(KIND.members(scene.spec, scene.state()))
        .extracting(view -> view.facts().need("disk"))
        .containsExactly("not known", "not known", "not known: it is reached by SQL alone");
  }

  private Continuation failover(Scene scene, Details input) {
    return new FailoverType()
        .steps(input, new Run(1, rows, Run.Occasion.DECISION), scene.spec, scene.state());
  }

  private void told(Scene scene, MemberId member, long position) {
    Step step = Step.act(Acts.CUT_OFF, member, "cut off").thenDecide();
    StepRecord row = StepRecord.planned(rows.size() + 1, step, 1).intended(1, scene.state().now());
    rows.add(
        row.ended(
            StepState.DONE,
            Details.of(Acts.TIMELINE, 3).with(Acts.POSITION, position),
            "",
            scene.state().now()));
  }

  private static Scene primaryDies() {
    Scene scene = new Scene().looks(3);
    scene.says(A, Scene.gone("present")).says(B, standby(3, 1000)).says(C, standby(3, 1000));
    return scene;
  }

  private static MemberId promoted(Continuation rest) {
    assertThat(rest).isInstanceOf(Continuation.Rest.class);
    return ((Continuation.Rest) rest)
        .steps().stream()
            .filter(step -> step.act().equals(Acts.PROMOTE))
            .map(Step::member)
            .findFirst()
            .orElseThrow();
  }

  @Test
  @DisplayName("postgres/S14: who has a full disk does not succeed, unless somebody names it")
  void noSuccessor() {
    Scene scene = primaryDies();
    Details input = Details.of(Inputs.FROM, A);
    disk(scene, B, Headroom.SHORT);
    scene.looks(3);
    told(scene, B, 1000);
    told(scene, C, 1000);
    assertThat(promoted(failover(scene, input))).isEqualTo(B);
    disk(scene, B, Headroom.NONE);
    scene.looks(1);
    assertThat(promoted(failover(scene, input))).isEqualTo(C);
    disk(scene, C, Headroom.NONE);
    scene.says(A, Scene.silent()).looks(9);
    assertThat(failover(scene, input)).isInstanceOf(Continuation.Wait.class);
    assertThat(((Continuation.Wait) failover(scene, input)).reason())
        .contains("b: its disk is full; c: its disk is full", "--to");
    assertThat(promoted(failover(scene, input.with(FailoverType.TO, C)))).isEqualTo(C);
  }

  @Test
  @DisplayName("postgres/S14: a primary that died of a full disk is not started in its place first")
  void noRestart() {
    Scene scene = primaryDies();
    Policy policy = new Policy(new TreeMap<>(), List.of(), Duration.ofSeconds(20), Duration.ZERO);
    scene.spec = scene.spec.with(Practice.PLAIN.with(policy));
    disk(scene, A, Headroom.LITTLE);
    scene.looks(3);
    assertThat(KIND.plan(scene.spec, scene.state()))
        .extracting(Wanted::type)
        .containsExactly(ColdStart.NAME);
    disk(scene, A, Headroom.NONE);
    scene.looks(1);
    assertThat(KIND.plan(scene.spec, scene.state()))
        .extracting(Wanted::type)
        .containsExactly(FailoverType.NAME);
    assertThat(diagnosis(scene).evidence().need("a")).contains("its disk is full");
  }

  @Test
  @DisplayName("postgres/S14: nobody has room: the old primary is not promoted to die again either")
  void noComeback() {
    Scene scene = primaryDies();
    Details input = Details.of(Inputs.FROM, A);
    for (MemberId member : List.of(A, B, C)) {
      disk(scene, member, Headroom.NONE);
    }
    scene.looks(3);
    told(scene, B, 1000);
    told(scene, C, 1000);
    told(scene, A, 1000);
    scene.says(A, standby(3, 1000));
    disk(scene, A, Headroom.NONE);
    scene.looks(1);
    assertThat(failover(scene, input)).isInstanceOf(Continuation.Wait.class);
    disk(scene, A, Headroom.SHORT);
    scene.looks(1);
    assertThat(promoted(failover(scene, input))).isEqualTo(A);
  }

  @Test
  @DisplayName("postgres/S14: a replica without room is not taken onto the quorum list, nor off it")
  void quorum() {
    Scene scene = new Scene();
    disk(scene, C, Headroom.NONE);
    scene.looks(2);
    assertThat(KIND.plan(scene.spec, scene.state())).isEmpty();
    scene
        .ledger(Ledger.quorum(List.of(B), 1))
        .says(A, Scene.primary(3, 1000, "ANY 1 (\"b\")", "b", "c"))
        .looks(1);
    assertThat(KIND.plan(scene.spec, scene.state())).isEmpty();
    disk(scene, C, Headroom.SHORT);
    scene.looks(1);
    assertThat(KIND.plan(scene.spec, scene.state()))
        .extracting(Wanted::type)
        .containsExactly(QuorumChange.NAME);
  }

  @Test
  @DisplayName("room is said as it falls under a limit, and well only a quarter above it")
  void noFlapping() {
    DiskLimits limits = new DiskLimits(Share.percent(10), Share.bytes(100L << 20));
    long total = 10 * GIB;
    assertThat(Headroom.of(Headroom.AMPLE, GIB + 1, total, limits)).isEqualTo(Headroom.AMPLE);
    assertThat(Headroom.of(Headroom.AMPLE, GIB - 1, total, limits)).isEqualTo(Headroom.LITTLE);
    assertThat(Headroom.of(Headroom.LITTLE, GIB + GIB / 5, total, limits))
        .isEqualTo(Headroom.LITTLE);
    assertThat(Headroom.of(Headroom.LITTLE, GIB + GIB / 3, total, limits))
        .isEqualTo(Headroom.AMPLE);
    assertThat(Headroom.of(Headroom.AMPLE, 99L << 20, total, limits)).isEqualTo(Headroom.SHORT);
    assertThat(Headroom.of(Headroom.SHORT, 31L << 20, total, limits)).isEqualTo(Headroom.NONE);
    assertThat(Headroom.of(Headroom.NONE, 39L << 20, total, limits)).isEqualTo(Headroom.NONE);
    assertThat(Headroom.of(Headroom.NONE, 41L << 20, total, limits)).isEqualTo(Headroom.SHORT);
    DiskLimits never = new DiskLimits(Share.percent(0), Share.percent(0));
    assertThat(Headroom.of(Headroom.AMPLE, 33L << 20, total, never)).isEqualTo(Headroom.AMPLE);
  }
}
