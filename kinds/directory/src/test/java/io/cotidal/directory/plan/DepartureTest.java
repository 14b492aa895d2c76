package io.cotidal.directory.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.directory.observe.Csn;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DepartureTest {
  /** So many half seconds are more than the grace. */
  private static final int GRACE = 130;

  private static Desk built(String graph, String names) {
    Desk desk = new Desk(Paper.spec("", graph, false, ""), true, null);
    String[] each = names.split(" ");
    for (String name : each) {
      desk.world.add(name, name.equals(each[0]) ? 100 : 1);
    }
    desk.start();
    desk.named(names);
    desk.settle();
    assertThat(desk.code()).as(desk.verdict()).isEqualTo("healthy");
    return desk;
  }

  @Test
  @DisplayName("directory/D3: a source that does not answer takes nobody away, however long")
  void unavailable() {
    Desk desk = built("fullmesh", "a b c");
    int before = desk.world.writes.size();
    for (String why : List.of("404", "500", "timeout", "garbage", "an empty list")) {
      desk.unavailable(why);
      desk.run(2 * GRACE);
    }
    assertThat(desk.code()).isEqualTo("discovery-degraded");
    assertThat(desk.verdict()).contains("an empty list");
    assertThat(desk.engine.state().source().failures()).isEqualTo(5);
    assertThat(desk.world.writes).hasSize(before);
  }

  @Test
  @DisplayName("directory/D3: before its first answer nothing is known and nothing is done")
  void neverAnswered() {
    Desk desk = new Desk(Paper.spec("", "fullmesh", false, ""), true, null);
    desk.start();
    desk.unavailable("refused");
    desk.run(10);
    assertThat(desk.code()).isEqualTo("source-unavailable");
    assertThat(desk.wanted()).isEmpty();
  }

  @Test
  @DisplayName("directory/D4: two of five that are lacking for a moment keep what they have")
  void forAMoment() {
    Desk desk = built("fullmesh", "a b c d e");
    int before = desk.world.writes.size();
    desk.named("a b c");
    desk.run(GRACE / 2);
    desk.named("a b c d e");
    desk.run(GRACE);
    assertThat(desk.world.writes).hasSize(before);
    assertThat(desk.code()).isEqualTo("healthy");
  }

  @Test
  @DisplayName(
      "directory/D4: two of five that stay away are held by the brake until somebody approves")
  void brake() {
    Desk desk = built("fullmesh", "a b c d e");
    int before = desk.world.writes.size();
    desk.named("a b c");
    desk.run(2 * GRACE);
    assertThat(desk.world.writes).hasSize(before);
    assertThat(desk.code()).isEqualTo("removing");
    assertThat(desk.verdict()).contains("d,e left; held: 2 of 5");
    List<Operation> held = desk.of(Remove.NAME, OperationState.PROPOSED).toList();
    assertThat(held).hasSize(2);
    desk.approve(held.getFirst());
    desk.run(4);
    assertThat(desk.of(Remove.NAME, OperationState.DONE)).hasSize(1);
    assertThat(desk.world.wrong).isEmpty();
  }

  @Test
  @DisplayName("directory/D7: who left is gone both ways, and out of everybody's vector")
  void removed() {
    Desk desk = built("fullmesh", "a b c");
    PaperServer c = desk.world.get("c");
    int id = Objects.requireNonNull(c.id);
    desk.named("a b");
    desk.run(GRACE).settle();
    assertThat(c.orders).isEmpty();
    for (String name : List.of("a", "b")) {
      assertThat(desk.world.get(name).orders).noneMatch(order -> order.to == c);
      assertThat(desk.world.get(name).vector).doesNotContainKey(id);
    }
    assertThat(desk.store.ledger().get("retired." + id, "")).startsWith("c@");
    assertThat(desk.store.ledger().has("id.c")).isFalse();
    assertThat(desk.world.wrong).isEmpty();
    assertThat(desk.code()).isEqualTo("healthy");
    desk.world.add("d", 1);
    desk.named("a b d");
    desk.settle();
    assertThat(desk.world.get("d").id)
        .as("an id that was given back is not given again")
        .isGreaterThan(id);
    assertThat(desk.world.wrong).isEmpty();
  }

  @Test
  @DisplayName("directory/D8: while another is down the edges go, and the clean-up waits for it")
  void oneDown() {
    Desk desk = built("fullmesh", "a b c d");
    PaperServer d = desk.world.get("d");
    PaperServer b = desk.world.get("b");
    int id = Objects.requireNonNull(d.id);
    d.up = false;
    b.up = false;
    desk.named("a b c");
    desk.run(GRACE + 40);
    assertThat(desk.world.get("a").orders).noneMatch(order -> order.to == d);
    assertThat(desk.world.get("c").orders).noneMatch(order -> order.to == d);
    assertThat(desk.world.get("a").vector).containsKey(id);
    assertThat(desk.of(Remove.NAME, OperationState.WAITING).map(Operation::note))
        .singleElement()
        .asString()
        .startsWith("b must answer");
    b.up = true;
    desk.settle();
    assertThat(b.orders).noneMatch(order -> order.to == d);
    assertThat(desk.world.get("a").vector).doesNotContainKey(id);
    assertThat(desk.world.wrong).isEmpty();
    assertThat(desk.code()).isEqualTo("healthy");
  }

  @Test
  @DisplayName("directory/D7: while a path is stalled the edges go, and the clean-up waits for it")
  void stalled() {
    Desk desk = built("fullmesh", "a b c d");
    PaperServer a = desk.world.get("a");
    PaperServer d = desk.world.get("d");
    int id = Objects.requireNonNull(d.id);
    // As if what its changelog begins with were something that nobody else has.
    a.begins.put(99, new Csn(1, 0, 99, 0));
    desk.named("a b c");
    desk.run(GRACE + 10);
    assertThat(a.orders).noneMatch(order -> order.to == d);
    assertThat(a.vector).containsKey(id);
    assertThat(desk.of(Remove.NAME, OperationState.WAITING).map(Operation::note))
        .singleElement()
        .asString()
        .contains("must work: until then the id of d");
    a.begins.remove(99);
    desk.settle();
    assertThat(a.vector).doesNotContainKey(id);
    assertThat(desk.world.wrong).isEmpty();
    assertThat(desk.code()).isEqualTo("healthy");
  }

  @Test
  @DisplayName(
      "directory/D22: a ring loses one: made before it is broken, with proofs in the journal")
  void ring() {
    Desk desk = built("ring", "a b c d e f");
    PaperServer c = desk.world.get("c");
    desk.named("a b d e f");
    desk.run(GRACE).settle();
    assertThat(desk.world.wrong).isEmpty();
    assertThat(desk.world.get("b").order(desk.world.get("d"))).isNotNull();
    assertThat(desk.world.servers.values())
        .allMatch(server -> server == c || server.orders.size() == 2);
    assertThat(desk.evidence("proof"))
        .isNotEmpty()
        .allMatch(proof -> proof.contains("strongly connected"));
    assertThat(desk.world.proof().survivesAnyLoss()).isTrue();
    assertThat(desk.code()).isEqualTo("healthy");
  }
}
