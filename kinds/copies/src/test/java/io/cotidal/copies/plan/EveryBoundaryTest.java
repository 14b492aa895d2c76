package io.cotidal.copies.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.OperationState;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The control plane is killed at every boundary of an operation, in the middle of acts too, and
 * another one goes on from the rows: it ends as it would have, and nothing is left over.
 */
@Timeout(60)
class EveryBoundaryTest {
  private static final int NEVER = Integer.MAX_VALUE;

  /** What is done. */
  enum Story {
    IMPORT(0),
    IMPORT_OF_A_BAD_DUMP(0),
    IMPORT_OF_AN_ARCHIVE(0),
    REFRESH(0),
    REFRESH_THAT_CANNOT_BE_PUBLISHED(0),
    CREATE(0),
    CREATE_FROM_A_SPARE(1),
    CREATE_FROM_A_DEAD_SPARE(1),
    RESET(0),
    RESET_TO_THE_CURRENT(0),
    STOP(0),
    RENEW(0),
    COMPARE(0),
    DELETE(0),
    SPARES(3);

    private final int spares;

    Story(int spares) {
      this.spares = spares;
    }
  }

  private static Desk before(Story story) {
    CopiesSpec dumps = Paper.spec(Paper.spares(story.spares));
    Desk desk = new Desk(story == Story.IMPORT_OF_AN_ARCHIVE ? Paper.archived(dumps) : dumps, null);
    if (story == Story.IMPORT_OF_A_BAD_DUMP || story == Story.IMPORT_OF_AN_ARCHIVE) {
      desk.host.dump = "";
    }
    desk.start();
    if (story == Story.IMPORT || story == Story.SPARES) {
      return desk;
    }
    desk.settle();
    if (story.name().matches("RE.*|STOP|COMPARE|DELETE")) {
      desk.command(Create.NAME, Details.of(Acts.NAME, "mine"));
      desk.settle();
      assertThat(desk.copy("mine")).isNotNull();
    }
    if (story == Story.REFRESH
        || story == Story.RESET_TO_THE_CURRENT
        || story == Story.REFRESH_THAT_CANNOT_BE_PUBLISHED) {
      desk.host.fingerprint = "2";
    }
    if (story == Story.RESET_TO_THE_CURRENT) {
      desk.operator(Import.NAME, Details.NONE);
      desk.settle();
      assertThat(desk.store.ledger().get(Shelf.CURRENT, "")).isEqualTo("g2");
    }
    if (story == Story.REFRESH_THAT_CANNOT_BE_PUBLISHED) {
      desk.host.publishes = false;
    }
    if (story == Story.CREATE_FROM_A_DEAD_SPARE) {
      desk.host.deadSpare = desk.items(Shelf.SPARE).getFirst().name();
    }
    return desk;
  }

  private static void asked(Story story, Desk desk) {
    Details mine = Details.of(Acts.NAME, "mine");
    switch (story) {
      case IMPORT, SPARES -> {}
      case IMPORT_OF_A_BAD_DUMP ->
          desk.operator(Import.NAME, Details.of(Acts.DUMP, PaperHost.BAD_DUMP));
      case IMPORT_OF_AN_ARCHIVE ->
          desk.operator(Import.NAME, Details.of(RecoveryTarget.TO_NAME, "before_migration"));
      case REFRESH, REFRESH_THAT_CANNOT_BE_PUBLISHED -> desk.operator(Import.NAME, Details.NONE);
      case CREATE, CREATE_FROM_A_SPARE, CREATE_FROM_A_DEAD_SPARE -> desk.command(Create.NAME, mine);
      case RESET -> desk.command(Reset.NAME, mine);
      case RESET_TO_THE_CURRENT -> desk.command(Reset.NAME, mine.with("refresh", true));
      case STOP -> desk.command(Start.STOP, mine);
      case RENEW -> desk.command(Renew.NAME, mine.with(Create.TTL, "2h"));
      case COMPARE -> desk.command(Compare.NAME, mine);
      case DELETE -> desk.command(Remove.DELETE, mine);
    }
  }

  private static boolean done(Story story, Desk desk) {
    Item mine = desk.copy("mine");
    return switch (story) {
      case IMPORT, SPARES -> false;
      case IMPORT_OF_A_BAD_DUMP, COMPARE, REFRESH_THAT_CANNOT_BE_PUBLISHED, RESET -> false;
      case IMPORT_OF_AN_ARCHIVE -> !desk.store.ledger().get(Shelf.CURRENT, "").isEmpty();
      case REFRESH -> desk.store.ledger().get(Shelf.CURRENT, "").equals("g2");
      case CREATE, CREATE_FROM_A_SPARE, CREATE_FROM_A_DEAD_SPARE -> mine != null;
      case RESET_TO_THE_CURRENT -> mine != null && Shelf.generation(mine).equals("g2");
      case STOP -> mine != null && mine.is(Shelf.STOPPED);
      case RENEW -> mine != null && mine.expiresMicros() > 0;
      case DELETE -> mine == null;
    };
  }

  /**
   * Runs the story, killed at {@code boundary}, and its successor killed {@code second} boundaries
   * later; false if it ended before the first.
   */
  private static boolean run(Story story, int boundary, int second) {
    Desk desk = before(story);
    desk.killAfter(boundary);
    int kills = 0;
    while (true) {
      try {
        if (kills == 0) {
          asked(story, desk);
        }
        desk.settle();
        break;
      } catch (Desk.Killed end) {
        kills++;
        desk.killAfter(kills == 1 ? second : NEVER);
        desk.start();
      }
    }
    desk.killAfter(NEVER);
    if (!done(story, desk)) {
      // Whoever got no answer asks again; what was done is not done twice.
      asked(story, desk);
      desk.settle();
    }
    ended(story, desk);
    return kills > 0;
  }

  private static void ended(Story story, Desk desk) {
    desk.host.deadSpare = null;
    desk.whole();
    assertThat(desk.approved).as("what a person had to approve").isZero();
    assertThat(desk.store.operations())
        .noneMatch(operation -> operation.state() == OperationState.ATTENTION);
    boolean wanted = story != Story.IMPORT && story != Story.SPARES;
    boolean fails =
        story == Story.IMPORT_OF_A_BAD_DUMP || story == Story.REFRESH_THAT_CANNOT_BE_PUBLISHED;
    if (wanted && !fails && story != Story.COMPARE && story != Story.RESET) {
      assertThat(done(story, desk)).as("%s came to its end", story).isTrue();
    }
    if (fails) {
      assertThat(desk.store.operations().getLast().state()).isEqualTo(OperationState.FAILED);
      assertThat(desk.store.operations().getLast().note()).isNotEmpty();
      assertThat(desk.items(Shelf.GENERATION)).hasSize(story == Story.IMPORT_OF_A_BAD_DUMP ? 0 : 1);
      return;
    }
    assertThat(desk.store.ledger().get(Shelf.CURRENT, "")).isNotEmpty();
    assertThat(desk.items(Shelf.SPARE)).hasSize(story.spares);
    if (story == Story.RESET_TO_THE_CURRENT) {
      assertThat(desk.items(Shelf.GENERATION)).as("g1 is unused and goes").hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("copies/B5: killed at every boundary, the next one brings it to the same end")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary, NEVER)) {
      boundary++;
    }
    assertThat(boundary).as("boundaries of %s", story).isGreaterThan(1);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("copies/B5: killed, and the next one killed too")
  void killedTwice(Story story) {
    Random random = new Random(story.name().hashCode());
    for (int boundary = random.nextInt(3);
        run(story, boundary, 1 + random.nextInt(12));
        boundary += 1 + random.nextInt(2)) {}
  }
}
