package io.cotidal.feeds.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Mode;
import io.cotidal.model.Operation;
import io.cotidal.model.Step;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether a table is made by deltas, by which, and what happens if that comes to nothing. */
@Timeout(30)
class DeltasTest {
  private static final Subject PARCELS = Paper.layer("parcels");

  private static Paper.Manner keeping(int generations) {
    return new Paper.Manner(Mode.MANAGE, 1, generations, true, true);
  }

  /** One that published those data before, one after the other. */
  private static Desk desk(int keep, String... data) {
    return desk(Paper.spec(keeping(keep)), data);
  }

  private static FeedsSpec serving(FeedsSpec spec) {
    FeedsSpec.Transfer how = spec.transfer();
    FeedsSpec.Transfer serves =
        new FeedsSpec.Transfer(
            how.cache(),
            how.budgetBytes(),
            how.identity(),
            how.knownHosts(),
            how.port(),
            how.connect(),
            how.relay(),
            true,
            how.prefix());
    return new FeedsSpec(
        spec.id(),
        spec.mode(),
        spec.repository(),
        spec.choice(),
        serves,
        spec.database(),
        spec.geoservers(),
        spec.status(),
        spec.pace());
  }

  private static Desk desk(FeedsSpec spec, String... data) {
    Desk desk = new Desk(spec, null);
    desk.replica.commit(Paper.workspace("w"));
    desk.start();
    for (String each : data) {
      publish(desk, Paper.layer("parcels", each, "f1"));
    }
    desk.replica.log.clear();
    return desk;
  }

  private static void publish(Desk desk, Thing thing) {
    desk.replica.commit(thing);
    desk.settle().whole();
  }

  private static List<String> made(Desk desk) {
    return desk.replica.log.stream().filter(each -> !each.startsWith("swap")).toList();
  }

  private static PaperReplica.Table table(Desk desk) {
    return Objects.requireNonNull(desk.replica.tables.get("sites.parcels"));
  }

  private static String told(Desk desk) {
    return Objects.requireNonNull(desk.row(PARCELS)).facts().get(Jobs.MADE, "");
  }

  private static List<Step> steps(Desk desk) {
    Operation last =
        desk.store.operations().stream()
            .filter(each -> each.type().equals(Publish.NAME))
            .reduce((_, next) -> next)
            .orElseThrow();
    return last.steps().stream().map(row -> row.step()).toList();
  }

  private static List<String> acts(Desk desk) {
    return steps(desk).stream().map(Step::key).toList();
  }

  @Test
  @DisplayName("a kept generation is brought forward, and the dump is not fetched")
  void forward() {
    Desk desk = desk(1, "d1", "d2");
    publish(desk, Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
    assertThat(made(desk)).containsExactly("forward sites.parcels d1>d2 d2>d3");
    assertThat(told(desk)).startsWith("by 2 deltas upon g");
    assertThat(acts(desk)).contains("fetch forward").doesNotContain(Work.IN_FULL, Acts.STAGE);
    assertThat(steps(desk))
        .filteredOn(step -> step.key().equals(Acts.FETCH))
        .allMatch(step -> step.arguments().need(Acts.CHANGED).equals("false"));
    publish(desk, Paper.offering("parcels", "d4", "d2>d3", "d3>d4"));
    assertThat(made(desk)).last().isEqualTo("forward sites.parcels d2>d3 d3>d4");
    assertThat(table(desk).generations.values()).containsExactlyInAnyOrder("d3", "d4");
  }

  @Test
  @DisplayName("a way back is not used up: what is served is copied until one more is too many")
  void waysBackStay() {
    Desk desk = desk(2, "d1");
    publish(desk, Paper.offering("parcels", "d2", "d1>d2"));
    publish(desk, Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
    publish(desk, Paper.offering("parcels", "d4", "d1>d2", "d2>d3", "d3>d4"));
    assertThat(made(desk))
        .containsExactly(
            "copy sites.parcels d1>d2",
            "copy sites.parcels d2>d3",
            "forward sites.parcels d1>d2 d2>d3 d3>d4");
    desk.rollBack(PARCELS);
    desk.settle();
    assertThat(table(desk).digest()).isEqualTo("d3");
  }

  @Test
  @DisplayName("where nothing is kept, what is served is copied")
  void nothingKept() {
    Desk desk = desk(0, "d1", "d2");
    publish(desk, Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
    assertThat(made(desk)).containsExactly("copy sites.parcels d2>d3");
    assertThat(told(desk)).startsWith("by a delta upon a copy of g");
  }

  @Test
  @DisplayName("deltas that lead on from nothing that is here, or in a circle, are passed over")
  void noWay() {
    Desk desk = desk(1, "d1", "d2");
    publish(desk, Paper.offering("parcels", "d5", "d3>d4", "d4>d5", "d2>d1", "d1>d2", "d2>d2"));
    assertThat(made(desk)).containsExactly("load sites.parcels d5");
    assertThat(told(desk)).isEqualTo("in full: none of the deltas leads on from what was here");
    publish(desk, Paper.layer("parcels", "d6", "f1"));
    assertThat(told(desk)).as("none was offered").isEmpty();
  }

  @Test
  @DisplayName("the first publication is in full, whatever is offered")
  void first() {
    Desk desk = desk(1);
    publish(desk, Paper.offering("parcels", "d2", "d1>d2"));
    assertThat(made(desk)).containsExactly("load sites.parcels d2");
  }

  @Test
  @DisplayName("who serves others fetches the dump besides, and goes by deltas all the same")
  void serves() {
    Desk desk = desk(serving(Paper.spec(keeping(1))), "d1", "d2");
    publish(desk, Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
    assertThat(made(desk)).containsExactly("forward sites.parcels d1>d2 d2>d3");
    assertThat(steps(desk))
        .filteredOn(step -> step.key().equals(Acts.FETCH))
        .allMatch(step -> step.arguments().need(Acts.CHANGED).equals("true"));
  }

  @Test
  @DisplayName("the fewest deltas that lead there are taken")
  void shortest() {
    Desk desk = desk(0, "d1");
    publish(desk, Paper.offering("parcels", "d4", "d1>d2", "d2>d3", "d3>d4", "d1>d3"));
    assertThat(made(desk)).containsExactly("copy sites.parcels d1>d3 d3>d4");
  }

  @Test
  @DisplayName("what does not fit what is kept may fit what is served; if none fits: in full, once")
  void fallsBack() {
    Desk desk = desk(1, "d1", "d2");
    desk.replica.bad.add("d1>d2");
    publish(desk, Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
    assertThat(made(desk)).containsExactly("copy sites.parcels d2>d3");
    desk.replica.bad.add("d3>d4");
    publish(desk, Paper.offering("parcels", "d4", "d2>d3", "d3>d4"));
    assertThat(made(desk)).last().isEqualTo("load sites.parcels d4");
    assertThat(told(desk)).isEqualTo("in full: d3>d4 does not fit d3");
    int operations = desk.store.operations().size();
    desk.run(100);
    assertThat(desk.store.operations()).as("and then it rests").hasSize(operations);
  }

  @Test
  @DisplayName("one that is not at the master is passed over, with the reason")
  void missing() {
    Desk desk = desk(1, "d1", "d2");
    desk.replica.missing.add("d2>d3");
    publish(desk, Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
    assertThat(made(desk)).containsExactly("load sites.parcels d3");
    assertThat(told(desk)).isEqualTo("in full: no such file at the master");
    assertThat(acts(desk)).contains("fetch forward", "fetch copy", Work.IN_FULL, Acts.STAGE);
  }

  @Test
  @DisplayName(
      "two commits one after the other: the second waits for a look, and goes by deltas too")
  void soon() {
    Desk desk = desk(1, "d1", "d2");
    desk.replica.commit(Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
    desk.run(2);
    desk.replica.commit(Paper.offering("parcels", "d4", "d2>d3", "d3>d4"));
    desk.settle().whole();
    assertThat(made(desk)).noneMatch(each -> each.startsWith("load"));
    assertThat(made(desk).getLast()).endsWith("d3>d4");
  }

  @Test
  @DisplayName("feeds/S13: a roll-back that is asked for meanwhile comes after, to what is whole")
  void rollBackMeanwhile() {
    for (int boundary = 0; boundary < 20; boundary++) {
      Desk desk = desk(1, "d1", "d2");
      desk.replica.commit(Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
      desk.killAfter(boundary);
      try {
        desk.run(5);
      } catch (Killed end) {
        desk.killAfter(Integer.MAX_VALUE);
        desk.start();
        desk.rollBack(PARCELS);
      }
      desk.killAfter(Integer.MAX_VALUE);
      desk.settle();
      assertThat(desk.replica.wrong).isEmpty();
      assertThat(table(desk).digest()).as("boundary %s", boundary).isIn("d1", "d2", "d3");
      publish(desk, Paper.layer("parcels", "d9", "f1"));
    }
  }
}
