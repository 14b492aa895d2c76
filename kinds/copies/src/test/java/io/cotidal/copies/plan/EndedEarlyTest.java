package io.cotidal.copies.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.engine.Reply;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is cancelled, pushed aside or over its time leaves nothing half. */
@Timeout(30)
class EndedEarlyTest {
  private static final Details MINE = Details.of(Acts.NAME, "mine");

  /** Acts wait until they are told to go on. */
  private static Desk desk(int spares) {
    Desk desk = new Desk(Paper.spec(Paper.spares(spares)), new Random(1));
    return desk.start().settle();
  }

  private static Operation last(Desk desk) {
    return desk.store.operations().getLast();
  }

  @Test
  @DisplayName(
      "copies/B11: a copy that is deleted while it is made is gone, and its folder with it")
  void deletedWhileMade() {
    Desk desk = desk(0);
    desk.command(Create.NAME, MINE);
    desk.drive();
    desk.land();
    assertThat(desk.host.places).as("half made").hasSize(2);
    desk.command(Remove.DELETE, MINE);
    desk.settle();
    assertThat(desk.copy("mine")).isNull();
    desk.whole();
    assertThat(desk.store.operations().get(1).state()).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  @DisplayName(
      "copies/B11: deleted while a dead spare is replaced, the place made instead goes too")
  void deletedWhileReplaced() {
    Desk desk = desk(1);
    desk.host.deadSpare = desk.items(Shelf.SPARE).getFirst().name();
    desk.command(Create.NAME, MINE);
    desk.drive();
    String spare = Shelf.id(Objects.requireNonNull(desk.copy("mine")));
    for (int i = 0;
        i < 100 && Shelf.id(Objects.requireNonNull(desk.copy("mine"))).equals(spare);
        i++) {
      desk.land();
      desk.pass(50);
    }
    String instead = Shelf.id(Objects.requireNonNull(desk.copy("mine")));
    assertThat(instead).isNotEqualTo(spare);
    desk.command(Remove.DELETE, MINE);
    desk.settle();
    assertThat(desk.host.places).doesNotContainKeys(spare, instead);
    desk.whole();
  }

  @Test
  @DisplayName("copies/B11: deleted twice, the second time there is nothing")
  void deletedTwice() {
    Desk desk = desk(0);
    desk.command(Create.NAME, MINE);
    desk.settle();
    desk.command(Remove.DELETE, MINE);
    desk.settle();
    desk.command(Remove.DELETE, MINE);
    desk.drive();
    assertThat(desk.replies.getLast()).isInstanceOf(Reply.Declined.class);
  }

  @Test
  @DisplayName(
      "copies/B9: a reset that is cancelled between two attempts leaves a copy that says so")
  void resetCancelled() {
    Desk desk = desk(0);
    desk.command(Create.NAME, MINE);
    desk.settle();
    desk.host.places.get(desk.host.lies("g1")).whole = false;
    desk.command(Reset.NAME, MINE);
    desk.drive();
    desk.land();
    desk.drive();
    long number = last(desk).number();
    desk.cancel(number);
    desk.drive();
    desk.host.wrong.clear();
    assertThat(last(desk).state()).isEqualTo(OperationState.CANCELLED);
    assertThat(Objects.requireNonNull(desk.copy("mine")).state()).isEqualTo(Shelf.BROKEN);
    desk.host.places.get(desk.host.lies("g1")).whole = true;
    desk.command(Reset.NAME, MINE);
    desk.settle();
    desk.whole();
    assertThat(Objects.requireNonNull(desk.copy("mine")).state()).isEqualTo(Shelf.READY);
  }

  @Test
  @DisplayName("copies/B9: a second reset, or a deletion, in the middle of a reset is a conflict")
  void conflict() {
    Desk desk = desk(0);
    desk.command(Create.NAME, MINE);
    desk.settle();
    desk.command(Reset.NAME, MINE);
    desk.drive();
    desk.land();
    desk.command(Reset.NAME, MINE);
    desk.drive();
    assertThat(desk.replies.getLast()).isInstanceOf(Reply.Conflict.class);
    desk.command(Remove.DELETE, MINE);
    desk.drive();
    assertThat(desk.replies.getLast()).isInstanceOf(Reply.Conflict.class);
    desk.settle();
    desk.whole();
  }

  @Test
  @DisplayName("copies/B3: of twenty who ask for one name at once, one gets it")
  void oneName() {
    Desk desk = desk(0);
    for (int i = 0; i < 20; i++) {
      desk.command(Create.NAME, MINE);
    }
    desk.settle();
    assertThat(desk.replies.stream().filter(Reply.Accepted.class::isInstance)).hasSize(1);
    assertThat(desk.items(Shelf.COPY)).hasSize(1);
    desk.whole();
  }

  @Test
  @DisplayName("copies/D3: of two imports at once one runs, the other is a conflict")
  void twoImports() {
    Desk desk = desk(0);
    desk.host.fingerprint = "2";
    desk.operator(Import.NAME, Details.NONE);
    desk.operator(Import.NAME, Details.NONE);
    desk.drive();
    assertThat(desk.replies.getLast()).isInstanceOf(Reply.Conflict.class);
    desk.settle();
    assertThat(desk.items(Shelf.GENERATION)).extracting(item -> item.name()).containsExactly("g2");
  }

  @Test
  @DisplayName("copies/B8: a server that dies is started again, with the data as it was")
  void serverDies() {
    Desk desk = desk(0);
    desk.command(Create.NAME, MINE);
    desk.settle();
    String id = Shelf.id(Objects.requireNonNull(desk.copy("mine")));
    desk.host.places.get(id).server = Standing.GONE;
    desk.settle();
    desk.whole();
    assertThat(last(desk).type()).isEqualTo(Start.START);
  }

  @Test
  @DisplayName("Spares are made side by side with everything else, each once")
  void sparesOnce() {
    Desk desk = desk(3);
    assertThat(desk.items(Shelf.SPARE)).hasSize(3);
    assertThat(desk.store.operations())
        .filteredOn(operation -> operation.type().equals(MakeSpare.NAME))
        .hasSize(3);
    assertThat(desk.store.operations()).noneMatch(each -> each.type().equals(Remove.COLLECT));
  }
}
