package io.cotidal.feeds.plan;

import static io.cotidal.feeds.plan.Desks.PARCELS;
import static io.cotidal.feeds.plan.Desks.begun;
import static io.cotidal.feeds.plan.Desks.layers;
import static io.cotidal.feeds.plan.Desks.log;
import static io.cotidal.feeds.plan.Desks.plain;
import static io.cotidal.feeds.plan.Desks.row;
import static io.cotidal.feeds.plan.Desks.started;
import static io.cotidal.feeds.plan.Desks.writes;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Thing;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is wanted, in which situation, and what comes of it. */
@Timeout(30)
class PlannerTest {
  @Test
  @DisplayName("feeds/S1: a new layer is loaded once, read once, told, and then nothing is done")
  void newLayer() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    assertThat(log(desk)).containsExactly("load sites.parcels d1", "swap sites.parcels d1");
    long before = writes(desk);
    desk.run(100);
    assertThat(writes(desk)).isEqualTo(before);
    desk.start().settle();
    assertThat(writes(desk)).as("by another owner too").isEqualTo(before);
  }

  @Test
  @DisplayName("a changed face is told, and the table is left alone; emptied tiles too")
  void faceOnly() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    List<String> log = log(desk);
    desk.replica.commit(Paper.layer("parcels", "d1", "f2"));
    desk.settle().whole();
    desk.replica.commit(Paper.layer("parcels", "d1", "f2", "e1"));
    desk.settle().whole();
    assertThat(log(desk)).isEqualTo(log);
    assertThat(row(desk, PARCELS).facts().need(Jobs.EMPTIED)).isEqualTo("e1");
    assertThat(begun(desk, Publish.NAME)).isEqualTo(4);
  }

  @Test
  @DisplayName("changed data are loaded beside; data that are kept are only read again")
  void dataChanged() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
    desk.settle().whole();
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.settle().whole();
    assertThat(log(desk))
        .containsExactly(
            "load sites.parcels d1",
            "swap sites.parcels d1",
            "load sites.parcels d2",
            "swap sites.parcels d2",
            "swap sites.parcels d1");
  }

  @Test
  @DisplayName("what is published is not done again before the next look, however many there are")
  void manyBeforeALook() {
    Desk desk = plain(layers(120));
    assertThat(desk.replica.log).hasSize(240).doesNotHaveDuplicates();
    assertThat(begun(desk, Publish.NAME)).isEqualTo(121);
  }

  @Test
  @DisplayName("feeds/S5: two commits during a publication: the newest wins, none is applied twice")
  void twoCommits() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"), Paper.layer("roads", "d1", "f1"));
    for (int boundary = 0; boundary < 12; boundary++) {
      String data = "a" + boundary;
      desk.replica.commit(Paper.layer("parcels", data, "f1"));
      desk.killAfter(boundary);
      try {
        desk.run(20);
      } catch (Killed end) {
        desk.replica.commit(Paper.layer("parcels", data + "x", "f1"));
        desk.replica.commit(Paper.layer("parcels", data + "y", "f2"));
        desk.killAfter(Integer.MAX_VALUE);
        desk.start();
      }
      desk.killAfter(Integer.MAX_VALUE);
      desk.settle().whole();
    }
    List<String> swaps = log(desk).stream().filter(each -> each.startsWith("swap ")).toList();
    assertThat(swaps).doesNotHaveDuplicates().noneMatch(each -> each.endsWith("x"));
  }

  @Test
  @DisplayName("feeds/S5: published and removed between two looks is removed; and the other way")
  void publishedAndRemoved() {
    Desk desk = plain();
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.replica.remove(PARCELS);
    desk.settle().whole();
    assertThat(log(desk)).isEmpty();
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.settle().whole();
    desk.replica.remove(PARCELS);
    desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
    desk.settle().whole();
    assertThat(begun(desk, Withdraw.NAME)).isZero();
  }

  @Test
  @DisplayName("no more is worked on at once than is allowed")
  void sideBySide() {
    Desk desk = started(Paper.Manner.PLAIN, layers(60));
    assertThat(desk.wanted()).hasSizeLessThanOrEqualTo(Planner.SIDE_BY_SIDE);
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S15: a refused job leaves what is published, and holds nobody up")
  void refused() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    Item before = row(desk, PARCELS);
    desk.replica.commit(Paper.thing(PARCELS, new Thing.Wish.Refused("a name with a quote")));
    desk.replica.commit(Paper.layer("roads", "d1", "f1"));
    desk.run(60);
    assertThat(desk.row(PARCELS)).isEqualTo(before);
    assertThat(desk.row(Paper.layer("roads"))).isNotNull();
    assertThat(desk.code()).isEqualTo("jobs-failing");
    assertThat(desk.replica.applied).as("this revision is not applied").isNotEmpty();
    assertThat(desk.replica.applied.orElseThrow()).isNotEqualTo(desk.replica.head());
  }

  @Test
  @DisplayName(
      "documents that are not here are fetched; those that cannot be, after pauses that double")
  void unread() {
    Blob far = new Blob("master", "/meta/parcels.json", "");
    Desk desk = plain();
    desk.replica.troubles.put(far.toString(), "no such file");
    desk.replica.commit(Paper.thing(PARCELS, new Thing.Wish.Unread(List.of(far))));
    desk.run(300);
    // 0, 2, 6, 14, 30, 62, then every minute
    assertThat(begun(desk, Learn.NAME)).isBetween(7L, 12L);
    assertThat(desk.code()).isEqualTo("jobs-failing");
    desk.replica.troubles.clear();
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.run(120);
    assertThat(log(desk)).containsExactly("load sites.parcels d1", "swap sites.parcels d1");
  }

  @Test
  @DisplayName("feeds/S2: a job that fails is tried after pauses that double, others go on at once")
  void backsOff() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    desk.replica.bad.add("d2");
    desk.replica.commit(Paper.layer("parcels", "d2", "f1"), Paper.layer("roads", "d1", "f1"));
    desk.run(300);
    assertThat(desk.replica.log.stream().filter("load sites.parcels d2"::equals).count())
        .isBetween(7L, 12L);
    assertThat(desk.row(Paper.layer("roads"))).isNotNull();
    assertThat(row(desk, PARCELS).facts().need(Jobs.REASON)).isEqualTo("line 7 is broken");
    assertThat(desk.replica.tables.get("sites.parcels")).isNotNull();
    assertThat(desk.kind.due(desk.spec, desk.engine.state())).isLessThan(Long.MAX_VALUE);
    long tries = begun(desk, Publish.NAME);
    desk.command(Note.RETRY, Details.of("job", "sites.parcels"));
    desk.run(1);
    assertThat(begun(desk, Publish.NAME)).as("at once").isEqualTo(tries + 1);
    desk.replica.commit(Paper.layer("parcels", "d3", "f1"));
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S14: a clock that is set by a day changes neither the order nor what is done")
  void clock() {
    for (long seconds : new long[] {86_400, -86_400}) {
      Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
      desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
      desk.run(3);
      desk.step(seconds);
      desk.settle().whole();
      desk.replica.bad.add("d3");
      desk.replica.commit(Paper.layer("parcels", "d3", "f1"));
      desk.run(20);
      desk.step(seconds);
      desk.run(20);
      desk.replica.bad.clear();
      desk.start().settle().whole();
      List<String> swaps = log(desk).stream().filter(each -> each.startsWith("swap")).toList();
      assertThat(swaps)
          .containsExactly(
              "swap sites.parcels d1", "swap sites.parcels d2", "swap sites.parcels d3");
    }
  }

  @Test
  @DisplayName("in mode propose all is written down and nothing is done")
  void proposed() {
    Desk desk = started(Paper.Manner.PROPOSING, layers(40));
    desk.run(30);
    assertThat(desk.replica.log).isEmpty();
    // The layers wait for their workspace.
    assertThat(desk.proposed()).hasSize(1);
    desk.approve(desk.proposed().getFirst().number());
    desk.run(30);
    assertThat(desk.proposed()).hasSize(40);
  }

  @Test
  @DisplayName("a replica whose rows were lost takes what is there for its own, and loads nothing")
  void adopted() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    Desk other = new Desk(desk.spec, null);
    other.replica.tables.putAll(desk.replica.tables);
    other.replica.commit(Paper.workspace("w"), Paper.layer("parcels", "d1", "f1"));
    other.start().settle().whole();
    assertThat(other.replica.log).isEmpty();
  }
}
