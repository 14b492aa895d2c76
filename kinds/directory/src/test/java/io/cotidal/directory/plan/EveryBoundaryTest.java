package io.cotidal.directory.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The control plane is killed at every boundary of an operation, in the middle of acts too, and
 * another one goes on from the rows: it ends as it would have, and nothing is lost or left over.
 */
@Timeout(180)
final class EveryBoundaryTest {
  private static final int NEVER = Integer.MAX_VALUE;

  /** What is done. */
  enum Story {
    BUILD_OF_FIVE,
    JOIN,
    REMOVE,
    RELINK,
    REINITIALISE,
    ROTATE
  }

  private static Desk before(Story story) {
    String names = story == Story.BUILD_OF_FIVE ? "a b c d e" : "a b c d";
    Desk desk = new Desk(Paper.spec(names, "ring", false, ""));
    for (String name : "a b c d e".split(" ")) {
      desk.world.add(name, name.equals("b") ? 100 : 1);
    }
    desk.start();
    return story == Story.BUILD_OF_FIVE ? desk : desk.settle();
  }

  private static void asked(Story story, Desk desk) {
    switch (story) {
      case BUILD_OF_FIVE -> {}
      case JOIN -> desk.configured("a b c d e");
      case REMOVE -> {
        desk.configured("a b c");
        desk.run(130);
      }
      case RELINK -> desk.world.get("a").orders.clear();
      case REINITIALISE -> desk.ask(Reinitialise.NAME, Details.of(Reinitialise.MEMBER, "c"));
      case ROTATE -> desk.world.password = "second";
    }
  }

  private static boolean run(Story story, int boundary, int second) {
    Desk desk = before(story);
    desk.killAfter(boundary);
    int kills = 0;
    boolean over = false;
    while (!over) {
      try {
        if (kills == 0 || story == Story.JOIN || story == Story.REMOVE) {
          asked(story, desk);
        }
        desk.settle();
        over = true;
      } catch (Desk.Killed end) {
        kills++;
        desk.killAfter(kills == 1 ? second : NEVER);
        desk.start();
      }
    }
    ended(story, desk);
    return kills > 0;
  }

  private static void ended(Story story, Desk desk) {
    assertThat(desk.world.wrong).isEmpty();
    assertThat(desk.code()).as(desk.verdict()).isEqualTo("healthy");
    Set<Integer> ids = new HashSet<>();
    for (var server : desk.world.named) {
      PaperServer one = Objects.requireNonNull(desk.world.servers.get(server.id()));
      assertThat(one.entries).as("%s", one).hasSize(100);
      assertThat(one.orders).as("agreements of %s", one).hasSize(2);
      assertThat(ids.add(Objects.requireNonNull(one.id))).as("ids are distinct").isTrue();
      assertThat(one.vector.keySet()).as("ids of %s", one).hasSize(desk.world.named.size());
    }
    assertThat(desk.world.proof().survivesAnyLoss()).isTrue();
    if (story == Story.ROTATE) {
      assertThat(desk.world.get("d").account).isEqualTo("second");
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("directory/D23: killed at every boundary, the next one brings it to the same end")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary, NEVER)) {
      boundary++;
    }
    assertThat(boundary).as("boundaries of %s", story).isGreaterThan(4);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("directory/D23: killed, and the next one killed too")
  void killedTwice(Story story) {
    Random random = new Random(story.name().hashCode());
    for (int boundary = random.nextInt(3);
        run(story, boundary, 1 + random.nextInt(20));
        boundary += 1 + random.nextInt(4)) {}
  }
}
