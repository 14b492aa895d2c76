package io.cotidal.feeds.plan;

import static io.cotidal.feeds.plan.Desks.PARCELS;
import static io.cotidal.feeds.plan.Desks.SITES;
import static io.cotidal.feeds.plan.Desks.log;
import static io.cotidal.feeds.plan.Desks.one;
import static io.cotidal.feeds.plan.Desks.plain;
import static io.cotidal.feeds.plan.Desks.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("what must be in force before something else may be")
final class OrderTest {
  @Test
  @DisplayName("a layer waits for its workspace, for rules and roles, in whichever way they fail")
  void guards() {
    Desk desk =
        started(
            Paper.Manner.PLAIN,
            Paper.rules("r"),
            Paper.roles("o"),
            Paper.layer("parcels", "d1", "f1"));
    desk.replica.bad.add("rules/" + Paper.CHANNEL);
    desk.run(30);
    assertThat(log(desk)).isEmpty();
    assertThat(desk.code()).isEqualTo("jobs-failing");
    desk.replica.bad.clear();
    Thing rules = Paper.rules("r");
    desk.replica.commit(Paper.thing(rules.subject(), new Thing.Wish.Refused("no rule at line 3")));
    desk.run(30);
    assertThat(log(desk)).isEmpty();
    desk.replica.commit(rules);
    desk.replica.commit(Paper.thing(SITES, new Thing.Wish.Refused("no such access")));
    desk.run(80);
    assertThat(log(desk)).as("its workspace is not understood").isEmpty();
    desk.replica.commit(Paper.workspace("w"));
    desk.settle().whole();
  }

  @Test
  @DisplayName("a cascaded layer waits for its store, a group for its members")
  void rests() {
    Desk desk =
        started(
            Paper.Manner.PLAIN,
            Paper.store("far", "s"),
            Paper.cascaded("sky", "far", "c"),
            Paper.layer("parcels", "d1", "f1"),
            Paper.group("all", "g", PARCELS, new Subject(Sort.WMS_LAYER, "sites", "sky")));
    desk.replica.bad.add("wms-store/sites.far");
    desk.run(30);
    assertThat(one(desk).prints).containsOnlyKeys(PARCELS.key(), SITES.key());
    desk.replica.bad.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S18: of two jobs that name one table the one that has it keeps it")
  void oneTable() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    Subject thief = new Subject(Sort.LAYER, "a", "parcels");
    desk.replica.commit(
        Paper.thing(thief, new Thing.Wish.Publish(Paper.body("sites"), "d9", "f9", "")));
    desk.run(60);
    assertThat(desk.row(thief)).isNull();
    assertThat(log(desk)).hasSize(2);
    desk.replica.remove(PARCELS);
    desk.settle().whole();
    assertThat(log(desk)).endsWith("swap sites.parcels d9");
  }

  @Test
  @DisplayName("a table under another name: the new one is told, then the old one goes")
  void anotherName() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"), Paper.layer("roads", "d1", "f1"));
    desk.replica.commit(
        Paper.thing(PARCELS, new Thing.Wish.Publish(Paper.body("other"), "d1", "f1", "")),
        Paper.thing(
            Paper.layer("roads"), new Thing.Wish.Publish(Paper.body("sites"), "", "f1", "")));
    desk.settle().whole();
    assertThat(desk.replica.tables).containsOnlyKeys("other.parcels");
  }
}
