package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.replica;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.Command;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Severity;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.Level;
import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.observe.LogKeeping.Archiver;
import io.cotidal.postgres.observe.LogKeeping.Slot;
import io.cotidal.postgres.observe.LogKeeping.Trouble;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.archiving.ArchiveWish;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.SlotLimits;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LogBoardTest {
  private static final PostgresKind KIND = new PostgresKind();
  private static final Archive ARCHIVE = new Archive(new Archive.Place.Folder(Path.of("/archive")));

  private static Scene scene() {
    Scene scene = new Scene();
    scene.spec = scene.spec.with(scene.spec.practice().caring(Care.PLAIN.with(ARCHIVE)));
    for (MemberId member : List.of(A, B, C)) {
      says(scene, member, archiver(scene, member));
    }
    return scene;
  }

  /** As it should be. */
  private static Archiver archiver(Scene scene, MemberId member) {
    var script =
        new ArchiveWish(scene.spec, ARCHIVE, false).script(scene.spec.server(member).orElseThrow());
    return new Archiver(
        "on",
        script.pushing(),
        script.fetching(),
        script.checksum(),
        member.equals(A),
        "000000030000000000000001",
        "",
        0,
        Trouble.NONE,
        Level.WELL);
  }

  private static void says(Scene scene, MemberId member, Archiver archiver, Slot... slots) {
    PgFacts facts =
        member.equals(A)
            ? primary(3, 1000, "ANY 1 (\"b\",\"c\")", "b", "c")
            : replica(3, 1000, A, 10);
    scene.says(
        member,
        facts.keeping(new LogKeeping(List.of(slots), -1, 16L << 20, 5L << 24, archiver, true)));
  }

  private static Slot slot(String name, boolean active, long bytes, Level level) {
    return new Slot(name, active, 4L << 24, bytes, "extended", level);
  }

  /** The slot of c, which is gone, keeps so much. */
  static Scene filling(Level level) {
    Scene scene = scene().says(C, gone("present"));
    says(scene, A, archiver(scene, A), slot("c", false, 5L << 30, level));
    return scene.looks(4);
  }

  private static List<Wanted> wanted(Scene scene) {
    return KIND.plan(scene.spec, scene.state());
  }

  private static PgDiagnosis diagnosis(Scene scene) {
    return KIND.diagnose(scene.spec, scene.state());
  }

  @Test
  @DisplayName("what archives as it should needs nothing")
  void well() {
    Scene scene = scene().looks(2);
    assertThat(diagnosis(scene).code()).isEqualTo("healthy");
    assertThat(wanted(scene)).isEmpty();
  }

  @Test
  @DisplayName("postgres/S32: of two repositories the one that lacks what was refused is named")
  void deadRepository() {
    Scene scene = scene();
    Archiver well = archiver(scene, A);
    says(
        scene,
        A,
        new Archiver(
            "on",
            well.push(),
            well.fetch(),
            well.script(),
            true,
            "000000030000000000000001",
            "000000030000000000000002",
            "/mnt/second",
            3,
            Trouble.FAILING,
            Level.WELL));
    assertThat(diagnosis(scene.looks(2)).sentence()).contains("/mnt/second does not take the log");
  }

  @Test
  @DisplayName(
      "postgres/S28: a script, a setting or a mark that differs is put right on that member alone")
  void drift() {
    Scene scene = scene();
    Archiver well = archiver(scene, B);
    for (Archiver drifted :
        List.of(
            new Archiver(
                "on",
                well.push(),
                well.fetch(),
                "0".repeat(64),
                false,
                "",
                "",
                0,
                Trouble.NONE,
                Level.WELL),
            new Archiver(
                "on", well.push(), well.fetch(), "", false, "", "", 0, Trouble.NONE, Level.WELL),
            new Archiver(
                "on",
                "cp %p /elsewhere",
                well.fetch(),
                well.script(),
                false,
                "",
                "",
                0,
                Trouble.NONE,
                Level.WELL),
            new Archiver(
                "off",
                well.push(),
                well.fetch(),
                well.script(),
                false,
                "",
                "",
                0,
                Trouble.NONE,
                Level.WELL),
            new Archiver(
                "on", well.push(), "", well.script(), false, "", "", 0, Trouble.NONE, Level.WELL),
            new Archiver(
                "on",
                well.push(),
                well.fetch(),
                well.script(),
                true,
                "",
                "",
                0,
                Trouble.NONE,
                Level.WELL))) {
      says(scene, B, drifted);
      scene.looks(1);
      assertThat(wanted(scene)).as("%s", drifted).hasSize(1);
      assertThat(wanted(scene).getFirst().type()).isEqualTo("archive");
      assertThat(wanted(scene).getFirst().input().need("member")).isEqualTo("b");
      assertThat(diagnosis(scene).code()).isEqualTo("healthy");
    }
  }

  @Test
  @DisplayName("archive_mode that waits for a start is said of the primary, and not tried again")
  void pending() {
    Scene scene = scene();
    Archiver well = archiver(scene, A);
    says(
        scene,
        A,
        new Archiver(
            "pending",
            well.push(),
            well.fetch(),
            well.script(),
            true,
            "",
            "",
            0,
            Trouble.NONE,
            Level.WELL));
    scene.looks(1);
    assertThat(wanted(scene)).isEmpty();
    assertThat(diagnosis(scene).code()).isEqualTo("degraded");
    assertThat(diagnosis(scene).sentence()).contains("begins when a is started anew");
  }

  @Test
  @DisplayName(
      "postgres/S7, postgres/S20: the slot of an absent replica is an alarm with its remedy, twice as it grows")
  void slot() {
    Scene scene = scene().says(C, gone("present"));
    says(scene, A, archiver(scene, A), slot("c", false, 5L << 30, Level.MUCH));
    scene.looks(1);
    assertThat(diagnosis(scene).code()).isEqualTo("log-piles-up");
    assertThat(diagnosis(scene).severity()).isEqualTo(Severity.WARNING);
    assertThat(diagnosis(scene).sentence())
        .contains("the slot of c keeps much log: bring c back or take it out");
    assertThat(diagnosis(scene).evidence().need("slot.c"))
        .isEqualTo("5.0 GiB, extended, not in use");
    says(scene, A, archiver(scene, A), slot("c", false, 20L << 30, Level.TOO_MUCH));
    scene.looks(1);
    assertThat(diagnosis(scene).code()).isEqualTo("log-overflows");
    assertThat(diagnosis(scene).severity()).isEqualTo(Severity.CRITICAL);
    // The repairs go on.
    assertThat(wanted(scene)).extracting(Wanted::type).contains("start");
    assertThat(KIND.members(scene.spec, scene.state()).get(2).facts().need("slot-bytes"))
        .isEqualTo(Long.toString(20L << 30));
  }

  @Test
  @DisplayName("a level rises at its limit and falls only well below it")
  void noFlapping() {
    assertThat(Level.of(Level.WELL, 99, 100, 400)).isEqualTo(Level.WELL);
    assertThat(Level.of(Level.WELL, 100, 100, 400)).isEqualTo(Level.MUCH);
    assertThat(Level.of(Level.MUCH, 81, 100, 400)).isEqualTo(Level.MUCH);
    assertThat(Level.of(Level.MUCH, 79, 100, 400)).isEqualTo(Level.WELL);
    assertThat(Level.of(Level.TOO_MUCH, 330, 100, 400)).isEqualTo(Level.TOO_MUCH);
    assertThat(Level.of(Level.TOO_MUCH, 310, 100, 400)).isEqualTo(Level.MUCH);
    SlotLimits half = new SlotLimits(400, 1000).within(200);
    assertThat(half).isEqualTo(new SlotLimits(100, 160));
    assertThat(new SlotLimits(400, 1000).within(-1)).isEqualTo(new SlotLimits(400, 1000));
  }

  @Test
  @DisplayName("postgres/S25: an archive that does not take the log is an alarm")
  void failing() {
    Scene scene = scene();
    Archiver well = archiver(scene, A);
    says(
        scene,
        A,
        new Archiver(
            "on",
            well.push(),
            well.fetch(),
            well.script(),
            true,
            "",
            "000000030000000000000002",
            3,
            Trouble.FAILING,
            Level.WELL));
    scene.looks(1);
    assertThat(diagnosis(scene).code()).isEqualTo("log-piles-up");
    assertThat(diagnosis(scene).sentence()).contains("does not take the log");
    assertThat(diagnosis(scene).evidence().need("archive"))
        .isEqualTo("3 files wait, 48 MiB; the last one refused was 000000030000000000000002");
  }

  @Test
  @DisplayName("stopped, the members archive nothing, and it is said until it goes on")
  void stopped() {
    Scene scene = scene().ledger(ArchiveWish.mark(false)).looks(1);
    assertThat(wanted(scene)).hasSize(3);
    assertThat(diagnosis(scene).sentence()).contains("archiving is stopped: cot archive-start");
    scene.ledger(ArchiveWish.mark(true));
    assertThat(wanted(scene).size()).isLessThanOrEqualTo(3);
  }

  private static Details asked(Scene scene, String type, Details input) {
    return KIND.prepare(
        scene.spec, scene.state(), new Command.Begin(new Actor("eve"), type, input, null, false));
  }

  @Test
  @DisplayName(
      "an expiry keeps what slots and members may ask for, and is refused where nobody knows")
  void expiry() {
    Scene scene = scene();
    says(scene, A, archiver(scene, A), slot("b", true, 1, Level.WELL));
    scene.looks(1);
    Details input = asked(scene, "archive-expire", Details.of("older-than", "7d"));
    // b's slot begins in segment 4, everybody's recovery in 5.
    assertThat(input.need("needed")).isEqualTo("000000030000000000000004");
    assertThat(input.need("minutes")).isEqualTo("10080");
    assertThatThrownBy(() -> asked(scene, "archive-expire", Details.of("older-than", "soon")))
        .hasMessageContaining("7d, 12h or 30m");
    scene.says(C, gone("present")).looks(1);
    assertThatThrownBy(() -> asked(scene, "archive-expire", Details.of("older-than", "7d")))
        .hasMessageContaining("nobody knows what c still needs");
    assertThatThrownBy(() -> asked(new Scene().looks(1), "archive-check", Details.NONE))
        .hasMessageContaining("has no archive");
  }
}
