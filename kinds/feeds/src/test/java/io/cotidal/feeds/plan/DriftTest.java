package io.cotidal.feeds.plan;

import static io.cotidal.feeds.plan.Desks.PARCELS;
import static io.cotidal.feeds.plan.Desks.one;
import static io.cotidal.feeds.plan.Desks.plain;
import static io.cotidal.feeds.plan.Desks.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("what somebody changes by hand, and what a person rolls back")
final class DriftTest {
  @Test
  @DisplayName("feeds/S19: a layer or a view that somebody takes away or edits is put back")
  void drift() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"), Paper.layer("roads", "d1", "f1"));
    one(desk).prints.remove(PARCELS.key());
    one(desk).prints.put("layer/sites.roads", "somebody's");
    desk.settle().whole();
    desk.replica.dropView("sites.parcels");
    desk.settle().whole();
    assertThat(desk.replica.log).as("nothing is loaded for it").hasSize(5);
  }

  @Test
  @DisplayName("feeds/S19: a view that is back is not all: before its GeoServer knows, it is ahead")
  void notYet() {
    int back = 0;
    for (int boundary = 0; ; boundary++) {
      Desk desk = plain(Paper.layer("parcels", "d1", "f1")).settle();
      desk.replica.dropView("sites.parcels");
      desk.killAfter(boundary);
      try {
        desk.settle();
        break;
      } catch (Killed _) {
        desk.look();
        if (desk.engine.state().open().findAny().isPresent()) {
          assertThat(desk.code()).isEqualTo("behind");
          back += desk.replica.faults(desk.spec).isEmpty() ? 1 : 0;
        }
      }
    }
    assertThat(back).as("moments with the view back and work to do").isPositive();
  }

  @Test
  @DisplayName("feeds/S19: rules of access that somebody changes are put back")
  void driftOfRules() {
    Desk desk = plain(Paper.rules("r"));
    desk.settle().whole();
    one(desk).prints.put("rules/" + Paper.CHANNEL, "somebody's");
    desk.settle().whole();
    assertThat(one(desk).prints).doesNotContainValue("somebody's");
  }

  @Test
  @DisplayName("feeds/S19: without repair it is told, and nothing is done before its job changes")
  void driftTold() {
    Desk desk = settled(Paper.Manner.TELLING, Paper.layer("parcels", "d1", "f1"));
    one(desk).prints.put(PARCELS.key(), "somebody's");
    desk.replica.dropView("sites.parcels");
    desk.run(60);
    assertThat(desk.wanted()).isEmpty();
    assertThat(desk.code()).isEqualTo("drifted");
    assertThat(new Explanations(desk.spec, desk.engine.state()).explain("sites.parcels").lines())
        .anySatisfy(line -> assertThat(line.toString()).contains("somebody changed", "repair"));
    desk.replica.commit(Paper.layer("parcels", "d1", "f2"));
    desk.settle().whole();
  }

  @Test
  @DisplayName(
      "what was rolled back from is not published again, but newer data are; retry ends it")
  void held() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
    desk.settle().whole();
    desk.rollBack(PARCELS);
    desk.settle();
    PaperReplica.Table table = Objects.requireNonNull(desk.replica.tables.get("sites.parcels"));
    assertThat(table.digest()).isEqualTo("d1");
    assertThat(desk.code()).isEqualTo("healthy");
    desk.replica.commit(Paper.layer("parcels", "d2", "f2"));
    desk.settle();
    assertThat(table.digest()).as("a new face changes no data").isEqualTo("d1");
    desk.replica.dropView("sites.parcels");
    desk.settle();
    assertThat(table.digest()).as("it is held at what it was rolled back to").isEqualTo("d1");
    desk.command(Note.RETRY, Details.of("job", PARCELS.key()));
    desk.settle().whole();
    desk.rollBack(PARCELS);
    desk.settle();
    desk.replica.commit(Paper.layer("parcels", "d3", "f2"));
    desk.settle().whole();
  }
}
