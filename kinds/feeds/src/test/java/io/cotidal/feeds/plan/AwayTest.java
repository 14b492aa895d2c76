package io.cotidal.feeds.plan;

import static io.cotidal.feeds.plan.Desks.PARCELS;
import static io.cotidal.feeds.plan.Desks.begun;
import static io.cotidal.feeds.plan.Desks.layers;
import static io.cotidal.feeds.plan.Desks.log;
import static io.cotidal.feeds.plan.Desks.one;
import static io.cotidal.feeds.plan.Desks.plain;
import static io.cotidal.feeds.plan.Desks.row;
import static io.cotidal.feeds.plan.Desks.settled;
import static io.cotidal.feeds.plan.Desks.started;
import static io.cotidal.feeds.plan.Desks.two;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.OperationState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("who does not answer, and what waits for it")
final class AwayTest {
  @Test
  @DisplayName("feeds/S7: one GeoServer away: the table is loaded, and read when all answer")
  void awayTogether() {
    Desk desk = settled(Paper.Manner.TWO_TOGETHER, Paper.layer("parcels", "d1", "f1"));
    desk.replica.away.add(Paper.TWO);
    desk.replica.commit(Paper.layer("parcels", "d2", "f2"));
    desk.run(200);
    assertThat(log(desk)).endsWith("load sites.parcels d2");
    assertThat(one(desk).prints).containsEntry(PARCELS.key(), "pf1");
    assertThat(desk.engine.state().open())
        .singleElement()
        .satisfies(open -> assertThat(open.note()).isEqualTo("two does not answer"));
    desk.replica.away.clear();
    desk.settle().whole();
    assertThat(log(desk)).hasSize(4);
  }

  @Test
  @DisplayName("feeds/S7: not together: who answers is told at once, the other when it is back")
  void awayApart() {
    Desk desk = settled(Paper.Manner.TWO_APART, Paper.layer("parcels", "d1", "f1"));
    desk.replica.away.add(Paper.TWO);
    desk.run(30);
    desk.replica.commit(Paper.layer("parcels", "d1", "f2"));
    desk.run(60);
    desk.replica.commit(Paper.layer("parcels", "d2", "f3"), Paper.layer("new", "d1", "f1"));
    desk.run(60);
    assertThat(log(desk)).contains("swap sites.parcels d2", "swap sites.new d1");
    assertThat(one(desk).prints).containsEntry(PARCELS.key(), "pf3");
    assertThat(two(desk).prints).containsEntry(PARCELS.key(), "pf1");
    assertThat(desk.replica.applied).isNotEqualTo(Optional.of(desk.replica.head()));
    desk.replica.away.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S7: many that wait for a GeoServer hold up nobody who need not")
  void manyWait() {
    Desk desk = plain(layers(60));
    desk.replica.away.add(Paper.ONE);
    for (int i = 0; i < 60; i++) {
      desk.replica.commit(Paper.layer("t" + i, "d2", "f1"));
    }
    desk.run(60);
    long waiting =
        desk.engine.state().open().filter(each -> each.state() == OperationState.WAITING).count();
    assertThat(waiting).isEqualTo(Planner.SIDE_BY_SIDE);
    desk.replica.commit(Paper.roles("o1"));
    desk.run(30);
    assertThat(row(desk, new Subject(Sort.ROLES, "roles", "")).is(Jobs.PUBLISHED)).isTrue();
    desk.replica.away.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName("nothing goes because a file cannot be read, or because nothing was pulled yet")
  void unavailableIsNotEmpty() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    desk.replica.unreadable.add("geo/layers/sites.parcels.json: line 3");
    desk.replica.vanish(PARCELS);
    desk.run(60);
    assertThat(desk.replica.tables).hasSize(1);
    desk.replica.away.add(FeedsSpec.REPOSITORY);
    desk.run(60);
    assertThat(desk.wanted()).isEmpty();
    assertThat(desk.code()).isEqualTo("unclear");
  }

  @Test
  @DisplayName("nothing is planned without a database that was seen")
  void noDatabase() {
    Desk desk = started(Paper.Manner.PLAIN);
    desk.settle();
    desk.replica.away.add(FeedsSpec.DATABASE);
    desk.run(30);
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.run(30);
    assertThat(desk.wanted()).isEmpty();
    assertThat(desk.code()).isEqualTo("unclear");
    desk.replica.away.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName(
      "a table under another name while a GeoServer is away: the old one stays until it is back")
  void anotherNameApart() {
    Desk desk = settled(Paper.Manner.TWO_APART, Paper.layer("parcels", "d1", "f1"));
    desk.replica.away.add(Paper.TWO);
    desk.run(30);
    for (String schema : List.of("other", "third")) {
      desk.replica.commit(
          Paper.thing(PARCELS, new Thing.Wish.Publish(Paper.body(schema), "d1", "f1", "")));
      desk.run(60);
    }
    assertThat(desk.replica.tables)
        .containsOnlyKeys("sites.parcels", "other.parcels", "third.parcels");
    assertThat(begun(desk, Publish.NAME)).as("nothing is done over and over").isEqualTo(4);
    desk.replica.away.clear();
    desk.settle().whole();
  }
}
