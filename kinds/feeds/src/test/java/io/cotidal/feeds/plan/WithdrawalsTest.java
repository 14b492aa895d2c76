package io.cotidal.feeds.plan;

import static io.cotidal.feeds.plan.Desks.PARCELS;
import static io.cotidal.feeds.plan.Desks.SITES;
import static io.cotidal.feeds.plan.Desks.begun;
import static io.cotidal.feeds.plan.Desks.layers;
import static io.cotidal.feeds.plan.Desks.one;
import static io.cotidal.feeds.plan.Desks.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("what is taken away by itself, and what only when a person says so")
final class WithdrawalsTest {
  @Test
  @DisplayName("feeds/S11: a remove job takes all away by itself, however many they are")
  void removed() {
    Desk desk = plain(layers(12));
    for (int i = 0; i < 12; i++) {
      desk.replica.remove(Paper.layer("t" + i));
    }
    desk.settle().whole();
    assertThat(desk.replica.tables).isEmpty();
    assertThat(desk.approved).isZero();
  }

  @Test
  @DisplayName("feeds/S11: a group lets go of its member first")
  void groupFirst() {
    Desk desk =
        plain(
            Paper.layer("parcels", "d1", "f1"),
            Paper.layer("roads", "d1", "f1"),
            Paper.group("all", "g", PARCELS, Paper.layer("roads")));
    desk.replica.commit(Paper.group("all", "g2", Paper.layer("roads")));
    desk.replica.remove(PARCELS);
    desk.settle().whole();
    assertThat(begun(desk, Withdraw.NAME)).as("none was tried too early").isEqualTo(1);
    desk.replica.remove(new Subject(Sort.GROUP, "sites", "all"));
    desk.replica.remove(Paper.layer("roads"));
    desk.settle().whole();
    assertThat(begun(desk, Withdraw.NAME)).isEqualTo(3);
  }

  @Test
  @DisplayName(
      "feeds/S12: a filter takes a few out by itself; more wait for a person, and go on waiting")
  void excluded() {
    Desk desk = plain(layers(19));
    for (int i = 0; i < 6; i++) {
      desk.replica.excluded.put(Paper.layer("t" + i), "job['auth_level'] == 0");
    }
    desk.settle().whole();
    assertThat(desk.replica.tables).hasSize(13);
    for (int i = 6; i < 11; i++) {
      desk.replica.excluded.put(Paper.layer("t" + i), "job['auth_level'] == 0");
    }
    desk.run(60);
    assertThat(desk.replica.tables).as("five of fourteen").hasSize(13);
    assertThat(desk.proposed()).hasSize(5).allMatch(each -> each.type().equals(Withdraw.NAME));
    assertThat(desk.proposed().getFirst().reason()).contains("auth_level", "approve each");
    approveOne(desk);
    approveOne(desk);
    desk.run(60);
    assertThat(desk.replica.tables).as("the other three do not follow by themselves").hasSize(11);
    assertThat(desk.proposed()).hasSize(3);
    desk.replica.excluded.clear();
    desk.settle().whole();
    assertThat(desk.replica.tables).hasSize(19);
    assertThat(desk.store.items().values()).noneMatch(each -> each.sort().equals(Absent.GONE));
  }

  private static void approveOne(Desk desk) {
    desk.approve(desk.proposed().getFirst().number());
    desk.run(30);
  }

  @Test
  @DisplayName(
      "feeds/S12: an approval holds while another job is withdrawn and others get new data")
  void approvalHolds() {
    Desk desk = plain(layers(4));
    desk.replica.excluded.put(Paper.layer("t0"), "no");
    desk.replica.excluded.put(Paper.layer("t1"), "no");
    desk.run(30);
    List<Long> numbers = desk.proposed().stream().map(each -> each.number()).toList();
    assertThat(numbers).hasSize(2);
    desk.approve(numbers.getFirst());
    desk.run(15);
    desk.replica.commit(Paper.layer("t2", "d2", "f2"));
    desk.run(30);
    assertThat(desk.proposed().stream().map(each -> each.number()).toList())
        .containsExactly(numbers.getLast());
  }

  @Test
  @DisplayName("feeds/S12: of fewer than ten one may go, and never the last")
  void excludedOfFew() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"), Paper.layer("roads", "d1", "f1"));
    desk.replica.vanish(PARCELS);
    desk.settle().whole();
    desk.replica.vanish(Paper.layer("roads"));
    desk.replica.vanish(SITES);
    desk.run(60);
    assertThat(desk.replica.tables).as("both of two").hasSize(1);
  }

  @Test
  @DisplayName("rules that no file says any more stay until a person lets them go")
  void guardsStay() {
    Thing[] many = layers(20);
    Desk desk = plain(many);
    desk.replica.commit(Paper.rules("r"));
    desk.settle().whole();
    desk.replica.vanish(Paper.rules("r").subject());
    desk.run(60);
    assertThat(desk.proposed()).hasSize(1);
    assertThat(one(desk).prints).containsKey("rules/" + Paper.CHANNEL);
  }
}
