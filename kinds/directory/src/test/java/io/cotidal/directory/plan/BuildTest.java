package io.cotidal.directory.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.directory.observe.Agreement.Status;
import io.cotidal.directory.observe.Csn;
import io.cotidal.engine.Reply;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class BuildTest {
  private static Desk desk(String names) {
    return new Desk(Paper.spec(names));
  }

  private static void whole(Desk desk) {
    assertThat(desk.world.wrong).isEmpty();
    assertThat(desk.code()).as(desk.verdict()).isEqualTo("healthy");
    assertThat(desk.wanted()).isEmpty();
  }

  @Test
  @DisplayName("directory/D1: the full one is the seed, whoever is named first; it loses nothing")
  void fullOverEmpty() {
    Desk desk = desk("a b");
    desk.world.add("a", 1);
    desk.world.add("b", 208);
    desk.start().settle();
    assertThat(desk.world.get("a").entries).hasSize(208);
    assertThat(desk.world.get("b").entries).hasSize(208);
    assertThat(desk.world.fillings).containsExactly("b>a");
    assertThat(desk.of(Build.NAME).findFirst().map(Operation::reason))
        .hasValueSatisfying(reason -> assertThat(reason).contains("b holds 208 entries"));
    whole(desk);
  }

  @Test
  @DisplayName("directory/D1: an empty one that was found first gives way to the full one")
  void emptyFoundFirst() {
    Desk desk = desk("a");
    desk.world.add("a", 1);
    desk.world.add("b", 208);
    desk.start().settle();
    desk.configured("a b");
    desk.settle();
    assertThat(desk.world.get("a").entries).hasSize(208);
    assertThat(desk.world.get("b").entries).hasSize(208);
    whole(desk);
  }

  @Test
  @DisplayName("directory/D2: two full ones with nothing in common: refused, nothing is written")
  void twoFull() {
    Desk desk = desk("a b");
    desk.world.add("a", 208);
    desk.world.add("b", 17);
    desk.start().run(40);
    assertThat(desk.code()).isEqualTo("data-conflict");
    assertThat(desk.verdict()).contains("a holds 208 entries", "b holds 17 entries");
    assertThat(desk.wanted()).isEmpty();
    assertThat(desk.store.operations()).isEmpty();
    assertThat(desk.world.writes).isEmpty();
  }

  @Test
  @DisplayName(
      "directory/D2: a full stranger is left out, and overwritten only when a person says so")
  void stranger() {
    Desk desk = desk("a b");
    desk.world.add("a", 208);
    desk.world.add("b", 1);
    desk.world.add("c", 5);
    desk.start().settle();
    desk.configured("a b c");
    desk.run(20);
    assertThat(desk.code()).isEqualTo("data-conflict");
    assertThat(desk.world.get("c").entries).hasSize(5);
    assertThat(desk.ask(Reinitialise.NAME, Details.of(Reinitialise.MEMBER, "c")))
        .isInstanceOf(Reply.Accepted.class);
    desk.settle();
    assertThat(desk.world.get("c").entries).hasSize(208);
    whole(desk);
  }

  @Test
  @DisplayName("nobody is filled while one that may hold the data does not answer")
  void waitsForTheMute() {
    Desk desk = desk("a b c");
    desk.world.add("a", 1);
    desk.world.add("b", 1);
    desk.world.add("c", 300).up = false;
    desk.start().run(20);
    assertThat(desk.code()).isEqualTo("seed-unclear");
    assertThat(desk.world.writes).isEmpty();
    desk.world.get("c").up = true;
    desk.settle();
    assertThat(desk.world.get("a").entries).hasSize(300);
    whole(desk);
  }

  @Test
  @DisplayName("eight empty ones: one graph of steps, filled side by side")
  void eight() {
    Desk desk = desk("a b c d e f g h");
    for (String name : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      desk.world.add(name, 1);
    }
    desk.start().settle();
    whole(desk);
    assertThat(desk.world.fillings).hasSize(7).allMatch(filling -> filling.startsWith("a>"));
    assertThat(desk.of(Build.NAME)).hasSize(1);
    assertThat(desk.store.operations()).hasSize(1);
  }

  @Test
  @DisplayName("directory/D10: a replica id that another has is found before anything is agreed on")
  void sameId() {
    Desk desk = desk("a b");
    desk.world.add("a", 208);
    desk.world.add("b", 1);
    PaperServer c = desk.world.add("c", 1);
    desk.start().settle();
    c.id = desk.world.get("b").id;
    c.generation = "other";
    c.vector.put(Objects.requireNonNull(c.id), null);
    int before = desk.world.writes.size();
    desk.configured("a b c");
    desk.run(20);
    assertThat(desk.code()).isEqualTo("same-id");
    assertThat(desk.verdict()).contains("b and c");
    assertThat(desk.world.writes).hasSize(before);
  }

  @Test
  @DisplayName("directory/D11: clones of one image are refused, both names are told")
  void clones() {
    Desk desk = desk("a b");
    desk.world.add("a", 208);
    desk.world.add("b", 1).machine = "generator of a";
    desk.start().run(20);
    assertThat(desk.code()).isEqualTo("same-image");
    assertThat(desk.verdict()).contains("a and b");
    assertThat(desk.world.writes).isEmpty();
  }

  @Test
  @DisplayName("directory/D9: a hundred restarts between allotment and use: ids stay distinct")
  void restarts() {
    Random random = new Random(20_261_121);
    for (int round = 0; round < 100; round++) {
      Desk desk = desk("a b c");
      desk.world.add("a", 1 + random.nextInt(2) * 100);
      desk.world.add("b", 1);
      desk.world.add("c", 1);
      boolean killed = true;
      desk.killAfter(random.nextInt(25));
      while (killed) {
        try {
          desk.start().settle();
          killed = false;
        } catch (Desk.Killed end) {
          desk.killAfter(random.nextInt(60));
        }
      }
      desk.killAfter(Integer.MAX_VALUE);
      Set<Integer> ids = new HashSet<>();
      desk.world.servers.values().forEach(server -> ids.add(Objects.requireNonNull(server.id)));
      assertThat(ids).as("round %d", round).hasSize(3);
      whole(desk);
    }
  }

  @Test
  @DisplayName(
      "directory/D17: one that does not answer stops nobody else, and is asked for nothing")
  void unreachable() {
    Desk desk = desk("a b c");
    desk.world.add("a", 208);
    desk.world.add("b", 1);
    desk.world.add("c", 1).up = false;
    desk.start().run(30);
    assertThat(desk.world.get("b").entries).hasSize(208);
    assertThat(desk.wanted()).isEmpty();
    assertThat(desk.code()).isEqualTo("degraded");
    desk.world.get("c").up = true;
    desk.settle();
    whole(desk);
    desk.world.get("b").up = false;
    int before = desk.world.writes.size();
    desk.start().run(30);
    assertThat(desk.world.writes).as("a restart with one away changes nothing").hasSize(before);
  }

  @Test
  @DisplayName("directory/D18: agreements of others stay as they are, unless they are adopted")
  void foreign() {
    Desk desk = desk("a b");
    PaperServer a = desk.world.add("a", 208);
    PaperServer b = desk.world.add("b", 1);
    PaperServer elsewhere = desk.world.add("elsewhere", 1);
    desk.start().settle();
    PaperServer.Order stray = new PaperServer.Order("by hand", elsewhere, false);
    a.orders.add(stray);
    b.orders.removeIf(order -> order.to == a);
    PaperServer.Order back = new PaperServer.Order("meToA", a, false);
    back.password = a.account;
    b.orders.add(back);
    desk.settle();
    assertThat(a.orders).contains(stray);
    assertThat(b.orders).containsExactly(back);
    assertThat(desk.ask(Adopt.NAME, Details.NONE)).isInstanceOf(Reply.Accepted.class);
    desk.settle();
    assertThat(back.owned).isTrue();
    assertThat(stray.owned).isFalse();
    assertThat(desk.world.wrong).isEmpty();
  }

  @Test
  @DisplayName("agreements whose names the configuration gives are adopted unasked")
  void adopted() {
    Desk desk = new Desk(Paper.spec("a b", "fullmesh", false, "meTo"));
    PaperServer a = desk.world.add("a", 208);
    desk.world.add("b", 1);
    desk.start().settle();
    Objects.requireNonNull(a.order(desk.world.get("b"))).owned = false;
    PaperServer.Order order = new PaperServer.Order("meTob", desk.world.get("b"), false);
    order.password = a.account;
    a.orders.clear();
    a.orders.add(order);
    desk.settle();
    assertThat(order.owned).isTrue();
    whole(desk);
  }

  @Test
  @DisplayName("directory/D19: whose missing changes are purged is filled anew, from a healthy one")
  void purged() {
    Desk desk = new Desk(Paper.spec("a b c", "fullmesh", true, ""));
    desk.world.add("a", 208);
    PaperServer b = desk.world.add("b", 1);
    desk.world.add("c", 1);
    desk.start().settle();
    desk.world.get("a").purgedFor = b;
    desk.world.get("c").purgedFor = b;
    desk.world.write(desk.world.get("a"), "missed by b");
    desk.settle();
    assertThat(desk.of(Reinitialise.NAME, OperationState.DONE)).isNotEmpty();
    assertThat(b.entries).contains("missed by b");
    assertThat(desk.world.wrong).isEmpty();
  }

  @Test
  @DisplayName(
      "directory/D22: what was written while members were filled comes from who wrote it, and the way there is taken away again")
  void between() {
    Desk desk = new Desk(Paper.spec("a b c d", "ring", false, ""));
    for (String name : List.of("a", "b", "c", "d")) {
      desk.world.add(name, name.equals("a") ? 20 : 1);
    }
    desk.start().settle();
    PaperServer a = desk.world.get("a");
    PaperServer c = desk.world.get("c");
    Integer first = a.id;
    assertThat(first).isNotNull();
    desk.world.write(a, "early");
    desk.world.replicate();
    Csn early = a.vector.get(first);
    desk.world.write(a, "between");
    desk.world.replicate();
    // As if its suppliers had been filled only then.
    for (String name : List.of("b", "d")) {
      desk.world.get(name).begins.put(first, a.vector.get(first));
    }
    c.entries.remove("between");
    c.vector.put(first, early);
    desk.settle();
    assertThat(c.entries).as(desk.verdict()).contains("between");
    assertThat(desk.of(Reinitialise.NAME)).isEmpty();
    assertThat(a.order(c)).as("the way there").isNull();
    assertThat(c.orders).hasSize(2);
    whole(desk);
  }

  @Test
  @DisplayName(
      "directory/D22: a way too many is taken away, and a proof succeeds, though a server keeps quiet about a replica that it knows")
  void quiet() {
    Desk desk = new Desk(Paper.spec("a b c d", "ring", false, ""));
    for (String name : List.of("a", "b", "c", "d")) {
      desk.world.add(name, name.equals("a") ? 20 : 1);
    }
    desk.start().settle();
    PaperServer a = desk.world.get("a");
    PaperServer c = desk.world.get("c");
    assertThat(a.order(c)).isNull();
    desk.world.write(a, "seen everywhere");
    desk.world.replicate();
    c.quiet.add(Objects.requireNonNull(a.id));
    desk.run(1);
    PaperServer.Order more = new PaperServer.Order("more", c, true);
    more.password = desk.world.password;
    a.orders.add(more);
    desk.settle();
    assertThat(a.order(c)).as(desk.verdict()).isNull();
    whole(desk);
    desk.ask(Prove.NAME, Details.NONE);
    desk.settle();
    assertThat(desk.of(Prove.NAME, OperationState.DONE)).hasSize(1);
    assertThat(desk.evidence(Prove.CONVERGED)).containsExactly("true");
  }

  @Test
  @DisplayName(
      "directory/D22: a way too many goes once its consumer has caught up, though nothing else changes")
  void caughtUp() {
    Desk desk = new Desk(Paper.spec("a b c d", "ring", false, ""));
    for (String name : List.of("a", "b", "c", "d")) {
      desk.world.add(name, name.equals("a") ? 20 : 1);
    }
    desk.start().settle();
    PaperServer a = desk.world.get("a");
    PaperServer c = desk.world.get("c");
    desk.world.write(a, "seen everywhere");
    desk.run(1);
    List<PaperServer.Order> ways = new ArrayList<>();
    for (String name : List.of("b", "d")) {
      ways.add(Objects.requireNonNull(desk.world.get(name).order(c)));
    }
    ways.forEach(way -> way.paused = true);
    desk.world.write(a, "on its way");
    desk.run(2);
    PaperServer.Order more = new PaperServer.Order("more", c, true);
    more.password = desk.world.password;
    more.paused = true;
    ways.add(more);
    a.orders.add(more);
    desk.run(2);
    assertThat(a.order(c)).as("c may need it").isNotNull();
    assertThat(desk.code()).isEqualTo("healthy");
    ways.forEach(way -> way.paused = false);
    desk.run(6);
    assertThat(a.order(c)).isNull();
    desk.settle();
    whole(desk);
  }

  @Test
  @DisplayName("directory/D19: not without being asked, where the configuration says so")
  void purgedByApproval() {
    Desk desk = desk("a b");
    desk.world.add("a", 208);
    PaperServer b = desk.world.add("b", 1);
    desk.start().settle();
    desk.world.get("a").purgedFor = b;
    desk.run(20);
    assertThat(desk.code()).isEqualTo("needs-reinitialisation");
    assertThat(desk.world.fillings).hasSize(1);
    Operation proposed =
        desk.of(Reinitialise.NAME, OperationState.PROPOSED).findFirst().orElseThrow();
    desk.approve(proposed);
    desk.settle();
    assertThat(desk.world.fillings).hasSize(2);
    whole(desk);
  }

  @Test
  @DisplayName("directory/D1: a filling that was broken off is begun anew, from whoever can")
  void brokenOff() {
    Desk desk = desk("a b c");
    PaperServer a = desk.world.add("a", 208);
    PaperServer b = desk.world.add("b", 1);
    desk.world.add("c", 1);
    desk.start().settle();
    b.empty();
    b.filling = true;
    b.filler = a;
    desk.run(20);
    assertThat(desk.code()).isEqualTo("building");
    assertThat(desk.world.fillings).as("somebody fills it").hasSize(2);
    a.up = false;
    desk.settle();
    assertThat(desk.world.fillings).last().isEqualTo("c>b");
    assertThat(b.entries).hasSize(208);
    a.up = true;
    desk.settle();
    whole(desk);
  }

  @Test
  @DisplayName("directory/D20: a one-way edge is told with its pair, and made good")
  void oneWay() {
    Desk desk = desk("a b");
    desk.world.add("a", 208);
    PaperServer b = desk.world.add("b", 1);
    desk.start().settle();
    b.orders.clear();
    desk.look();
    assertThat(desk.code()).isEqualTo("not-strongly-connected");
    assertThat(desk.verdict()).contains("what is written at b does not reach a");
    desk.settle();
    whole(desk);
  }

  @Test
  @DisplayName("directory/D5: who is back is sent to at once, and is not filled anew")
  void back() {
    Desk desk = desk("a b c");
    desk.world.add("a", 208);
    PaperServer b = desk.world.add("b", 1);
    desk.world.add("c", 1);
    desk.start().settle();
    b.up = false;
    desk.world.write(desk.world.get("a"), "missed");
    desk.run(20);
    assertThat(desk.code()).isEqualTo("degraded");
    b.up = true;
    desk.run(4);
    assertThat(b.entries).contains("missed");
    assertThat(desk.world.fillings).hasSize(2);
    desk.settle();
    whole(desk);
  }

  @Test
  @DisplayName(
      "directory/D1: who lacks what nobody has in its changelog any more is told after a while, and filled anew if a person agrees")
  void lost() {
    Desk desk = new Desk(Paper.spec("a b c", "fullmesh", true, ""));
    PaperServer a = desk.world.add("a", 208);
    PaperServer b = desk.world.add("b", 1);
    PaperServer c = desk.world.add("c", 1);
    desk.start().settle();
    int fillings = desk.world.fillings.size();
    int id = Objects.requireNonNull(a.id);
    for (PaperServer each : List.of(a, b)) {
      Objects.requireNonNull(each.order(c)).paused = true;
    }
    desk.world.seconds = desk.now().micros() / 1_000_000;
    desk.world.write(a, "reached b alone");
    desk.world.replicate();
    for (PaperServer each : List.of(a, b)) {
      // As if it had been filled since.
      each.begins.put(id, Objects.requireNonNull(each.vector.get(id)));
      Objects.requireNonNull(each.order(c)).paused = false;
    }
    desk.run(2);
    assertThat(desk.code()).as("it may pass").isEqualTo("degraded");
    desk.run(240);
    assertThat(desk.code()).as(desk.verdict()).isEqualTo("needs-reinitialisation");
    assertThat(desk.world.fillings).as("not by itself").hasSize(fillings);
    desk.approve(desk.of(Reinitialise.NAME, OperationState.PROPOSED).findFirst().orElseThrow());
    desk.settle();
    assertThat(c.entries).as(desk.verdict()).contains("reached b alone");
    assertThat(desk.world.fillings).hasSize(fillings + 1);
    whole(desk);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "SUCCEEDED", "NONE_YET"})
  @DisplayName(
      "directory/D5: a supplier that gave up, or only says that all is well, is told to go on")
  void gaveUp(Status status) {
    Desk desk = desk("a b");
    PaperServer a = desk.world.add("a", 208);
    PaperServer b = desk.world.add("b", 1);
    desk.start().settle();
    desk.world.seconds = desk.now().micros() / 1_000_000 - 1_000;
    if (status != Status.NONE_YET) {
      desk.world.write(a, "sent");
      desk.run(1);
    }
    PaperServer.Order order = Objects.requireNonNull(a.order(b));
    order.status = status;
    order.paused = true;
    desk.world.write(a, "not sent");
    desk.run(80);
    assertThat(b.entries).as(desk.verdict()).contains("not sent");
    desk.settle();
    whole(desk);
    assertThat(desk.of(Poke.NAME, OperationState.DONE)).isNotEmpty();
  }

  @Test
  @DisplayName("directory/D19: who is away for half the time that changes are kept is warned of")
  void away() {
    Desk desk = desk("a b");
    desk.world.add("a", 20);
    desk.world.add("b", 1);
    desk.world.changelog = 60;
    desk.start().settle();
    desk.world.get("b").up = false;
    desk.run(40);
    assertThat(desk.verdict()).contains("b ").doesNotContain("filled anew");
    desk.run(40);
    assertThat(desk.verdict()).contains("its suppliers keep changes for 60 s", "filled anew");
  }

  @Test
  @DisplayName("directory/D12: a password that is configured anew is set on every edge")
  void rotated() {
    Desk desk = desk("a b c");
    desk.world.add("a", 208);
    desk.world.add("b", 1);
    desk.world.add("c", 1);
    desk.start().settle();
    desk.world.password = "second";
    desk.settle();
    desk.world
        .servers
        .values()
        .forEach(server -> {
          assertThat(server.account).isEqualTo("second");
          assertThat(server.orders).allMatch(order -> order.password.equals("second"));
        });
    whole(desk);
  }

  @Test
  @DisplayName("directory/D13: a wrong password on one edge is told of that edge, and mended")
  void refused() {
    Desk desk = desk("a b c");
    PaperServer a = desk.world.add("a", 208);
    PaperServer b = desk.world.add("b", 1);
    desk.world.add("c", 1);
    desk.start().settle();
    PaperServer.Order order = Objects.requireNonNull(a.order(b));
    order.password = "wrong";
    desk.world.replicate();
    assertThat(order.status).isEqualTo(Status.CREDENTIALS);
    desk.look();
    assertThat(desk.verdict()).isEqualTo("credentials: a → b: invalid credentials");
    desk.settle();
    whole(desk);
  }

  @Test
  @DisplayName("a proof: canaries everywhere, all changes, all contents")
  void proven() {
    Desk desk = desk("a b c");
    desk.world.add("a", 208);
    desk.world.add("b", 1);
    desk.world.add("c", 1);
    desk.start().settle();
    assertThat(desk.ask(Prove.NAME, Details.of(Prove.DIGEST, "true")))
        .isInstanceOf(Reply.Accepted.class);
    desk.settle();
    assertThat(desk.of(Prove.NAME, OperationState.DONE)).hasSize(1);
    assertThat(desk.evidence(Prove.CONVERGED)).containsExactly("true");
    desk.world
        .get("c")
        .orders
        .forEach(order -> {
          // Somebody else's: not mended.
          order.owned = false;
          order.password = "wrong";
        });
    desk.world.replicate();
    desk.look();
    desk.ask(Prove.NAME, Details.NONE);
    desk.run(4);
    assertThat(desk.of(Prove.NAME, OperationState.FAILED).map(Operation::note))
        .singleElement()
        .asString()
        .contains("not converged", "written at c");
  }
}
