package io.cotidal.copies.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Reply;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Histories by chance: people ask for everything at once, acts run side by side, end in any order,
 * fail, lose their answers, are interrupted; the control plane dies at any boundary. A failing
 * history is found again by its seed: {@code -Dcotidal.seed=N}.
 */
@Timeout(120)
class HistoriesTest {
  private static final int HISTORIES = 500;
  private static final int MORE = 5_000;
  private static final List<String> NAMES = List.of("one", "two", "three");

  private static CopiesSpec spec(Random random) {
    return Paper.spec(
        new CopiesSpec.Allowance(
            random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(1 + random.nextInt(20)),
            Duration.ZERO,
            Duration.ZERO,
            2 + random.nextInt(3),
            100,
            random.nextInt(3)));
  }

  private static void something(Desk desk, Random random) {
    Details one = Details.of(Acts.NAME, NAMES.get(random.nextInt(NAMES.size())));
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4 -> desk.command(Create.NAME, one);
      case 5, 6, 7 -> desk.command(Remove.DELETE, one);
      case 8 -> desk.command(Reset.NAME, one);
      case 9 -> desk.command(Reset.NAME, one.with("refresh", true));
      case 10 -> desk.command(Start.STOP, one);
      case 11 -> desk.command(Start.START, one);
      case 12 -> desk.command(Renew.NAME, one.with(Create.TTL, "5s"));
      case 13 -> desk.command(Compare.NAME, one);
      case 14, 15 -> {
        desk.host.fingerprint = "f" + random.nextInt();
        desk.operator(Import.NAME, Details.NONE);
      }
      case 16 -> desk.operator(Import.NAME, Details.of(Acts.DUMP, PaperHost.BAD_DUMP));
      case 17, 18 -> {
        Optional<Operation> open = desk.engine.state().open().findFirst();
        open.ifPresent(operation -> desk.cancel(operation.number()));
      }
      case 19 ->
          desk.host.places.values().stream()
              .skip(random.nextInt(5))
              .findFirst()
              .filter(place -> place.whole)
              .ifPresent(place -> place.server = Standing.GONE);
      case 20 -> desk.host.publishes = random.nextInt(3) > 0;
      default -> desk.killAfter(random.nextInt(30));
    }
  }

  /** What of a history shows that it was worth while. */
  private record Told(int kills, int refusals, int done, int declined) {
    Told and(Told other) {
      return new Told(
          kills + other.kills,
          refusals + other.refusals,
          done + other.done,
          declined + other.declined);
    }
  }

  private static Told history(long seed) {
    Random random = new Random(seed);
    Desk desk = new Desk(spec(random), random);
    int kills = 0;
    desk.start();
    for (int round = 0; round < 120; round++) {
      try {
        if (random.nextInt(3) == 0) {
          something(desk, random);
        }
        desk.drive();
        for (int i = random.nextInt(4); i > 0; i--) {
          desk.land();
          desk.drive();
        }
        desk.pass(random.nextInt(10) == 0 ? 20_000 : 50);
        assertThat(desk.host.wrong).isEmpty();
      } catch (Desk.Killed end) {
        kills++;
        desk.killAfter(Integer.MAX_VALUE);
        desk.start();
      }
    }
    desk.killAfter(Integer.MAX_VALUE);
    desk.host.publishes = true;
    desk.settle();
    // A folder is a leftover once it is a minute old.
    desk.pass(70_000);
    desk.settle();
    desk.whole();
    long done = desk.replies.stream().filter(Reply.Accepted.class::isInstance).count();
    return new Told(kills, desk.host.refused, (int) done, desk.replies.size() - (int) done);
  }

  @Test
  @DisplayName("copies/B5: histories by chance end with nothing half, nothing left, nothing lost")
  void histories() {
    run(HISTORIES);
  }

  @Test
  @Tag("slow")
  @Timeout(600)
  @DisplayName("copies/B5: many more histories by chance")
  void manyMore() {
    run(MORE);
  }

  private static void run(int histories) {
    long only = Long.getLong("cotidal.seed", -1);
    long first = only >= 0 ? only : 20_261_121L;
    long last = only >= 0 ? only : first + histories;
    Told told = new Told(0, 0, 0, 0);
    for (long seed = first; seed <= last; seed++) {
      try {
        told = told.and(history(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    if (only < 0) {
      assertThat(told.kills()).as("%s", told).isGreaterThan(histories);
      assertThat(told.done()).as("%s", told).isGreaterThan(10 * histories);
      assertThat(told.declined()).as("%s", told).isGreaterThan(histories);
    }
  }
}
