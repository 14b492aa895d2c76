package io.cotidal.copies.plan;

import static io.cotidal.copies.plan.Scene.HOUR;
import static io.cotidal.copies.plan.Scene.NOW;
import static io.cotidal.copies.plan.Scene.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.spec.CopiesSpec.Allowance;
import io.cotidal.copies.spec.Schedule;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PlannerTest {
  private static final CopiesSpec SPEC = Paper.spec(Paper.PLENTY);
  private static final CopiesSpec IDLE =
      Paper.spec(
          new Allowance(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(10), 1000, 1000, 0));
  private static final CopiesSpec SPARES = Paper.spec(Paper.spares(2));
  private static final CopiesSpec HOURLY =
      Paper.spec(Paper.PLENTY, Optional.of(Schedule.parse("0 * * * *")));

  private static List<String> wanted(CopiesSpec spec, Scene scene) {
    return new CopiesKind()
        .plan(spec, scene.state()).stream()
            .map(want -> want.type() + " " + want.input().get(Acts.NAME, "-"))
            .toList();
  }

  private static long due(CopiesSpec spec, Scene scene) {
    return new CopiesKind().due(spec, scene.state());
  }

  private static Lock[] locks(String sort, String name) {
    return Changes.lock(sort, name).toArray(new Lock[0]);
  }

  @Test
  @DisplayName("copies/B10: a copy whose time is over goes, one with time or without end stays")
  void expiry() {
    Scene scene =
        Scene.ready()
            .copy("over", "c1-aaaaa", Shelf.READY, NOW)
            .copy("soon", "c2-aaaaa", Shelf.READY, NOW + 1)
            .copy("never", "c3-aaaaa", Shelf.READY, 0)
            .copy("stopped", "c4-aaaaa", Shelf.STOPPED, NOW - HOUR)
            .copy("broken", "c5-aaaaa", Shelf.BROKEN, NOW - HOUR);
    assertThat(wanted(SPEC, scene))
        .containsExactlyInAnyOrder("delete over", "delete stopped", "delete broken");
    assertThat(due(SPEC, scene)).isEqualTo(NOW + 1);
  }

  @Test
  @DisplayName(
      "copies/B10: an expiry is due although the schedule was due before and found nothing")
  void dueAfterAnIdleSchedule() {
    Scene scene =
        Scene.ready()
            .generation("g1", Shelf.READY, seen("1"), NOW - 10 * HOUR)
            .dump("1")
            .copy("soon", "c2-aaaaa", Shelf.READY, NOW + 5);
    assertThat(wanted(HOURLY, scene)).isEmpty();
    assertThat(due(HOURLY, scene)).isEqualTo(NOW + 5);
  }

  private static Details seen(String fingerprint) {
    return Details.of(Acts.DUMP, "/dumps/good.sql").with(Acts.FINGERPRINT, fingerprint);
  }

  @Test
  @DisplayName("copies/B5: what was left half-way goes; what somebody works on is left alone")
  void halfWay() {
    Scene scene =
        Scene.ready()
            .copy("half", "c1-aaaaa", Shelf.CREATING, 0)
            .copy("going", "c2-aaaaa", Shelf.DELETING, 0)
            .copy("made", "c7-aaaaa", Shelf.CREATING, 0)
            .operation(7, Create.NAME, OperationState.RUNNING, locks(Shelf.COPY, "made"));
    assertThat(wanted(SPEC, scene)).containsExactlyInAnyOrder("delete half", "delete going");
  }

  @Test
  @DisplayName("copies/B8: a copy whose server is gone is started again; an unseen one is not")
  void restart() {
    Scene scene =
        Scene.ready()
            .copy("dead", "c1-aaaaa", Shelf.READY, 0)
            .server("c1-aaaaa", Standing.GONE, 0)
            .copy("young", "c2-aaaaa", Shelf.READY, 0)
            .copy("well", "c3-aaaaa", Shelf.READY, 0)
            .server("c3-aaaaa", Standing.RUNNING, 0)
            .copy("stopped", "c4-aaaaa", Shelf.STOPPED, 0)
            .server("c4-aaaaa", Standing.GONE, 0);
    assertThat(wanted(SPEC, scene)).containsExactly("start dead");
    assertThat(new CopiesKind().diagnose(SPEC, scene.state()).sentence()).contains("dead");
  }

  @Test
  @DisplayName("copies/B4: a look that began before a copy was made does not have it started again")
  void madeSinceTheLook() {
    Scene scene =
        Scene.ready()
            .copy("fresh", "c1-aaaaa", Shelf.READY, 0)
            .server("c1-aaaaa", Standing.GONE, 0)
            .operation(1, Create.NAME, OperationState.DONE, Details.of(Acts.ID, "c1-aaaaa"));
    assertThat(wanted(SPEC, scene)).isEmpty();
    assertThat(new CopiesKind().diagnose(SPEC, scene.state()).code()).isEqualTo("healthy");
  }

  @Test
  @DisplayName("A copy without a session for as long as is allowed is stopped, and no sooner")
  void idle() {
    Scene scene =
        Scene.ready()
            .copy("idle", "c1-aaaaa", Shelf.READY, 0)
            .server("c1-aaaaa", Standing.RUNNING, NOW - 600 * SECOND)
            .copy("nearly", "c2-aaaaa", Shelf.READY, 0)
            .server("c2-aaaaa", Standing.RUNNING, NOW - 599 * SECOND)
            .copy("used", "c3-aaaaa", Shelf.READY, 0)
            .server("c3-aaaaa", Standing.RUNNING, 0);
    assertThat(wanted(IDLE, scene)).containsExactly("stop idle");
    assertThat(due(IDLE, scene)).isEqualTo(NOW + SECOND);
    assertThat(wanted(SPEC, scene)).as("without a limit").isEmpty();
  }

  @Test
  @DisplayName("Spares are refilled one by one, and only where there is memory and room for them")
  void refill() {
    Scene one = Scene.ready().spare("c1-aaaaa", "g1", Shelf.READY);
    assertThat(wanted(SPARES, one)).containsExactly("warm -");
    assertThat(wanted(SPARES, one.spare("c2-aaaaa", "g1", Shelf.READY))).isEmpty();
    assertThat(wanted(SPARES, Scene.ready().memory(1))).isEmpty();
    assertThat(wanted(SPARES, Scene.ready().free(1))).isEmpty();
    assertThat(wanted(SPARES, new Scene())).as("no generation").isEmpty();
  }

  private static List<String> slots(CopiesSpec spec, Scene scene) {
    return new CopiesKind()
        .plan(spec, scene.state()).stream()
            .filter(want -> want.type().equals(MakeSpare.NAME))
            .map(want ->
                want.input().get(MakeSpare.AFTER, "") + "/" + want.input().get(MakeSpare.SLOT, ""))
            .toList();
  }

  @Test
  @DisplayName("copies/B12: as many spares are made at once as servers start at once, none twice")
  void sideBySide() {
    CopiesSpec fifty = Paper.spec(Paper.spares(50));
    assertThat(slots(fifty, Scene.ready())).containsExactly("0/0", "0/1");
    assertThat(slots(Paper.spec(Paper.spares(1)), Scene.ready())).containsExactly("0/0");
    assertThat(slots(fifty, Scene.ready().memory(64L * 1_048_576 * 3))).containsExactly("0/0");
    Scene making =
        Scene.ready()
            .spare("c7-aaaaa", "g1", Shelf.READY)
            .spare("c9-aaaaa", "g1", Shelf.CREATING)
            .operation(9, MakeSpare.NAME, OperationState.RUNNING, MakeSpare.lock(0));
    assertThat(slots(fifty, making))
        .as("the one being made has come to nothing yet")
        .containsExactly("7/1");
  }

  @Test
  @DisplayName("copies/B12: while a spare is handed out, and shortly after, none is made")
  void refillWaits() {
    assertThat(slots(SPARES, Scene.ready().handOut(4, "c3-aaaaa", OperationState.RUNNING)))
        .isEmpty();
    Scene handed = Scene.ready().handOut(4, "c3-aaaaa", OperationState.DONE);
    assertThat(slots(SPARES, handed)).isEmpty();
    assertThat(due(SPARES, handed)).isBetween(NOW + 1, NOW + SECOND);
    assertThat(slots(SPARES, handed.later(SECOND))).containsExactly("3/0", "3/1");
  }

  @Test
  @DisplayName("copies/A2: that an import failed is told as long as no later one is published")
  void failureOutlivesItsOperation() {
    CopiesKind kind = new CopiesKind();
    Scene failed = Scene.ready().ledger(Shelf.FAILURE, " line 7 is broken");
    assertThat(kind.diagnose(SPEC, failed.state()).sentence()).endsWith("failed: line 7 is broken");
    Scene cancelled = failed.operation(9, Import.NAME, OperationState.CANCELLED);
    assertThat(kind.diagnose(SPEC, cancelled.state()).code()).isEqualTo("import-failed");
    assertThat(kind.diagnose(SPEC, Scene.ready().state()).code()).isEqualTo("healthy");
  }

  @Test
  @DisplayName("Memory that becomes free is news: spares wait for it")
  void memoryIsNews() {
    CopiesKind kind = new CopiesKind();
    assertThat(kind.essence(SPARES, Scene.ready().memory(1).facts()))
        .isNotEqualTo(kind.essence(SPARES, Scene.ready().facts()));
    assertThat(kind.essence(SPARES, Scene.ready().memory(1L << 39).facts()))
        .isEqualTo(kind.essence(SPARES, Scene.ready().memory(1L << 38).facts()));
  }

  @Test
  @DisplayName("Spares that are old, half or dead go; one that is being made stays")
  void spares() {
    Scene scene =
        Scene.ready()
            .generation("g2")
            .ledger(Shelf.CURRENT, "g2")
            .spare("c1-aaaaa", "g1", Shelf.READY)
            .spare("c2-aaaaa", "g2", Shelf.CREATING)
            .spare("c3-aaaaa", "g2", Shelf.READY)
            .server("c3-aaaaa", Standing.GONE, 0)
            .spare("c4-aaaaa", "g2", Shelf.READY)
            .server("c4-aaaaa", Standing.PAUSED, 0)
            .spare("c9-aaaaa", "g2", Shelf.CREATING)
            .operation(
                9,
                MakeSpare.NAME,
                OperationState.RUNNING,
                Details.of(Acts.ID, "c9-aaaaa"),
                MakeSpare.lock(0));
    assertThat(wanted(SPARES, scene))
        .containsExactlyInAnyOrder("collect c1-aaaaa", "collect c2-aaaaa", "collect c3-aaaaa");
  }

  @Test
  @DisplayName("copies/D2: a generation goes when nothing is made of it any more, and not before")
  void generations() {
    Scene scene = Scene.ready().generation("g2").generation("g3").ledger(Shelf.CURRENT, "g3");
    assertThat(wanted(SPEC, scene)).containsExactlyInAnyOrder("collect g1", "collect g2");
    scene.copy("mine", "c1-aaaaa", Shelf.STOPPED, 0).spare("c2-aaaaa", "g2", Shelf.READY);
    assertThat(wanted(SPARES, scene)).contains("collect c2-aaaaa").doesNotContain("collect g1");
    assertThat(wanted(SPARES, scene)).doesNotContain("collect g2");
    Scene importing =
        Scene.ready()
            .generation("g2", Shelf.CREATING, Details.NONE, NOW)
            .operation(5, Import.NAME, OperationState.RUNNING, new Lock("import", true));
    assertThat(wanted(SPEC, importing)).as("one that is being imported").isEmpty();
  }

  @Test
  @DisplayName(
      "copies/B5: a folder of nothing goes; one of an item, or of an open operation, stays")
  void leftovers() {
    Scene scene =
        Scene.ready()
            .leftover("g1")
            .copy("mine", "c1-aaaaa", Shelf.READY, 0)
            .leftover("c1-aaaaa")
            .leftover("c5-aaaaa")
            .leftover("c6-aaaaa")
            .leftover("c7-aaaaa")
            .operation(5, Compare.NAME, OperationState.RUNNING, beside("c5-aaaaa"))
            .operation(4, Compare.NAME, OperationState.CANCELLED, beside("c6-aaaaa"));
    List<Wanted> wanted = new CopiesKind().plan(SPEC, scene.state());
    assertThat(wanted)
        .extracting(want -> want.input().need(Acts.NAME))
        .containsExactly("c6-aaaaa", "c7-aaaaa");
    assertThat(wanted)
        .as("what no operation is known to have made waits for a person")
        .extracting(Wanted::automatic)
        .containsExactly(true, false);
  }

  private static Details beside(String id) {
    return Details.of(Compare.BESIDE, id);
  }

  @Test
  @DisplayName("copies/A1: a dump is imported where there is no generation, and by the schedule")
  void imports() {
    assertThat(wanted(SPEC, new Scene().dump("1"))).containsExactly("import -");
    assertThat(wanted(SPEC, new Scene())).isEmpty();
    assertThat(wanted(SPEC, new Scene().dump("1").free(1))).as("a full volume").isEmpty();
    Scene old = Scene.ready().generation("g1", Shelf.READY, seen("1"), NOW - 10 * HOUR).dump("2");
    assertThat(wanted(SPEC, old)).as("without a schedule").isEmpty();
    assertThat(wanted(HOURLY, old)).containsExactly("import -");
    assertThat(wanted(HOURLY, old.ledger(Shelf.SCHEDULED, NOW))).as("begun already").isEmpty();
    assertThat(due(HOURLY, old)).isGreaterThan(NOW).isLessThanOrEqualTo(NOW + HOUR);
  }

  @Test
  @DisplayName(
      "copies/D1: a replica is taken from at once, then by the schedule if it has moved on")
  void replicas() {
    CopiesSpec taken = Paper.taken(SPEC);
    CopiesSpec hourly = Paper.taken(HOURLY);
    CopiesKind kind = new CopiesKind();
    Scene none = new Scene().replica("2@0/10");
    assertThat(wanted(taken, none)).containsExactly("import -");
    assertThat(kind.plan(taken, none.state()).getFirst().input())
        .isEqualTo(Details.of(Acts.FROM, "postgres/orders"));
    assertThat(wanted(taken, new Scene())).as("no replica fits").isEmpty();
    Details facts = Details.of(Acts.DUMP, "postgres/orders").with(Acts.FINGERPRINT, "2@0/10");
    Scene old = Scene.ready().generation("g1", Shelf.READY, facts, NOW - 10 * HOUR);
    assertThat(wanted(hourly, old.replica("2@0/10"))).as("at the same position").isEmpty();
    assertThat(wanted(taken, old.replica("2@0/20"))).as("without a schedule").isEmpty();
    assertThat(wanted(hourly, old.replica("2@0/20"))).containsExactly("import -");
    assertThat(kind.essence(hourly, old.replica("2@0/20").facts()))
        .as("a position that moves changes no basis")
        .isEqualTo(kind.essence(hourly, old.replica("2@0/30").facts()));
  }

  @Test
  @DisplayName("copies/E6: on a volume that takes no writes, or tells nothing, nothing is wanted")
  void readOnly() {
    Scene scene = Scene.ready().copy("over", "c1-aaaaa", Shelf.READY, NOW).dump("2");
    assertThat(wanted(SPEC, scene)).isNotEmpty();
    assertThat(wanted(SPEC, scene.readOnly())).isEmpty();
    assertThat(new CopiesKind().diagnose(SPEC, scene.state()).code()).isEqualTo("volume-read-only");
    assertThat(wanted(SPEC, Scene.ready().copy("over", "c1-aaaaa", Shelf.READY, NOW).blind()))
        .isEmpty();
  }

  @Test
  @DisplayName("Each state of a template has its diagnosis")
  void diagnoses() {
    CopiesKind kind = new CopiesKind();
    assertThat(kind.diagnose(SPEC, Scene.ready().state()).code()).isEqualTo("healthy");
    assertThat(kind.diagnose(SPEC, Scene.ready().blind().state()).code()).isEqualTo("unclear");
    assertThat(kind.diagnose(SPEC, new Scene().state()).code()).isEqualTo("no-generation");
    assertThat(kind.diagnose(SPEC, Scene.ready().free(1).state()).code()).isEqualTo("volume-full");
    Scene importing = new Scene().operation(1, Import.NAME, OperationState.RUNNING);
    assertThat(kind.diagnose(SPEC, importing.state()).code()).isEqualTo("importing");
    Scene failed = Scene.ready().operation(1, Import.NAME, OperationState.FAILED);
    assertThat(kind.diagnose(SPEC, failed.state()).code()).isEqualTo("import-failed");
    assertThat(kind.diagnose(SPEC, failed.state()).sentence()).contains("line 7 is broken");
    Scene again = failed.operation(2, Import.NAME, OperationState.DONE);
    assertThat(kind.diagnose(SPEC, again.state()).code()).isEqualTo("healthy");
  }
}
