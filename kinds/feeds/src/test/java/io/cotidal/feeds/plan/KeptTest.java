package io.cotidal.feeds.plan;

import static io.cotidal.feeds.plan.Desks.generations;
import static io.cotidal.feeds.plan.Desks.plain;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("generations that nobody reads, as many as may be kept")
final class KeptTest {
  @Test
  @DisplayName("what is cleaned is never what is read, nor one that is kept")
  void cleaned() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    for (int i = 2; i < 6; i++) {
      desk.replica.commit(Paper.layer("parcels", "d" + i, "f1"));
      desk.settle().whole();
    }
    PaperReplica.Table table = Objects.requireNonNull(desk.replica.tables.get("sites.parcels"));
    assertThat(table.generations.values()).containsExactlyInAnyOrder("d4", "d5");
    assertThat(Kept.number("g1234")).isEqualTo(1234);
  }

  @Test
  @DisplayName("what is kept takes no more room than it may: the oldest goes, what is read stays")
  void budget() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    List<String> later = List.of("roads d1", "roads d2", "parcels d2");
    for (String each : later) {
      String[] words = each.split(" ", 2);
      desk.replica.commit(Paper.layer(words[0], words[1], "f1"));
      desk.settle().whole();
    }
    assertThat(generations(desk, "sites.parcels")).containsExactlyInAnyOrder("d1", "d2");
    assertThat(generations(desk, "sites.roads")).containsExactlyInAnyOrder("d1", "d2");
    desk.replica.bytes = Paper.BUDGET / 2 + 1;
    desk.settle().whole();
    assertThat(generations(desk, "sites.parcels")).as("its spare one is older").containsOnly("d2");
    assertThat(generations(desk, "sites.roads")).containsExactlyInAnyOrder("d1", "d2");
    desk.replica.bytes = Paper.BUDGET + 1;
    desk.settle().whole();
    assertThat(generations(desk, "sites.roads")).containsOnly("d2");
    desk.replica.commit(Paper.layer("roads", "d3", "f1"));
    desk.settle().whole();
    assertThat(generations(desk, "sites.roads")).containsOnly("d3");
  }
}
