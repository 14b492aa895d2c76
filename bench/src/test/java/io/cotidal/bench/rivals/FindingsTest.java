package io.cotidal.bench.rivals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class FindingsTest {
  private final List<Round> rounds = new ArrayList<>();

  private FindingsTest add(Entry entry, Fault fault, int count, long gap, long lost) {
    for (int i = 0; i < count; i++) {
      rounds.add(round(entry, fault, gap + i, lost));
    }
    return this;
  }

  private static Round round(Entry entry, Fault fault, long gap, long lost) {
    return new Round(
        "2026-01-01T00:00:00Z",
        "abc",
        "bench/run failover-rivals",
        7,
        entry.word(),
        fault.word(),
        true,
        "a",
        "b",
        gap,
        lost,
        0,
        true,
        5_000,
        "0.1 0.1 0.1");
  }

  private Contest contest() {
    List<Contest> all = Contest.of(rounds);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private FindingsTest everybody(Fault fault, long gap) {
    for (Entry entry : Entry.values()) {
      if (entry != Entry.COTIDAL && entry.without(fault).isEmpty()) {
        add(entry, fault, 5, gap, 0);
      }
    }
    return this;
  }

  @Test
  @DisplayName("ahead of everybody, often enough, and under the bar: met")
  void met() {
    everybody(Fault.NODE_DEAD, 20_000).add(Entry.COTIDAL, Fault.NODE_DEAD, 20, 700, 0);
    assertThat(contest().missed()).isEmpty();
    assertThat(new Findings(Contest.of(rounds)).table())
        .contains("node dead, quorum")
        .contains("met");
    assertThat(new Findings(Contest.of(rounds)).met()).as("one cell is not all").isFalse();
  }

  @Test
  @DisplayName("a rival that lost a row once is shown, and nobody must be ahead of it")
  void unsafe() {
    everybody(Fault.NODE_FROZEN, 20_000).add(Entry.COTIDAL, Fault.NODE_FROZEN, 20, 2_000, 0);
    rounds.add(round(Entry.REPMGR_TUNED, Fault.NODE_FROZEN, 100, 1));
    assertThat(contest().missed()).isEmpty();
    assertThat(new Findings(Contest.of(rounds)).table())
        .contains("repmgr 5.3.3, tuned", "Cotidal as it comes (quorum: 1)");
    Standing repmgr =
        contest().standings().stream()
            .filter(each -> each.entry() == Entry.REPMGR_TUNED)
            .findFirst()
            .orElseThrow();
    assertThat(repmgr.safe()).isFalse();
    assertThat(repmgr.gaps().n()).isEqualTo(6);
  }

  @Test
  @DisplayName("behind a safe rival, over the bar, lost rows, too few rounds: each is said")
  void missed() {
    add(Entry.COTIDAL, Fault.NODE_DEAD, 3, 1_500, 1);
    add(Entry.PATRONI, Fault.NODE_DEAD, 5, 1_000, 0);
    assertThat(contest().missed())
        .contains(
            "only 3 of 20 rounds of ours",
            "3 lost, 0 dual",
            "p95 1502 ms, not under 1000",
            "not ahead of Patroni 3.0.2, defaults",
            "only 0 of 5 rounds of repmgr 5.3.3, tuned");
  }

  @Test
  @DisplayName("what the prober cannot tell from nothing is not behind; a move without need is")
  void cut() {
    everybody(Fault.CUT_CONTROL, 20).add(Entry.COTIDAL, Fault.CUT_CONTROL, 20, 50, 0);
    assertThat(contest().missed()).containsExactly("20 moves, and there was no need for any");
  }

  @Test
  @DisplayName("parts that were measured at different times add up, line by line")
  void parts() throws Exception {
    Round one = round(Entry.COTIDAL, Fault.SWITCHOVER, 200, 0);
    Round two = round(Entry.PATRONI, Fault.SWITCHOVER, 1_400, 0);
    List<Round> read = Kept.parse(List.of(Kept.line(one), "", Kept.line(two)));
    assertThat(read).containsExactly(one, two);
    Findings findings = new Findings(Contest.of(read));
    assertThat(findings.json(Map.of("date", "today")))
        .startsWith("{\"bench\":\"failover-rivals\",\"cells\":[{\"cell\":\"switchover, quorum\"")
        .contains("\"ours\":{\"n\":1,\"p50\":200")
        .contains("\"Patroni 3.0.2, defaults\":{\"n\":1,\"p50\":1400")
        .contains("\"repmgr 5.3.3, defaults\":{\"left out\"")
        .endsWith("\"date\":\"today\"}");
  }

  @Test
  @DisplayName("a line that is no round is refused by its number")
  void noRound() {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> Kept.parse(List.of("", "{\"round\":"))))
        .hasMessageContaining("line 2");
  }
}
