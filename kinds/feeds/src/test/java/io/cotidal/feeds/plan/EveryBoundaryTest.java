package io.cotidal.feeds.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.spec.FeedsSpec;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The control plane is killed at every boundary of what it does, in the middle of acts too; and
 * every act fails, loses its answer, or is never heard of. It ends as it would have, the view was
 * never empty once it was there, and nothing is left over.
 */
@Timeout(60)
@DisplayName("feeds/S8, feeds/S13: a replica that is killed, or whose servers fail, at any point")
class EveryBoundaryTest {
  private static final int NEVER = Integer.MAX_VALUE;

  /** What is done. */
  enum Story {
    NEW_LAYER,
    NEW_DATA,
    NEW_FACE,
    EVERYTHING_NEW,
    WITHDRAWN,
    ABSENT,
    ROLLED_BACK,
    ANOTHER_TABLE,
    BROUGHT_FORWARD,
    COPIED,
    DELTAS_THAT_DO_NOT_FIT
  }

  private static Desk before(Story story) {
    Desk desk = new Desk(Paper.spec(Paper.Manner.TWO_TOGETHER), null);
    desk.replica.commit(Paper.workspace("w"));
    if (story != Story.EVERYTHING_NEW && story != Story.NEW_LAYER) {
      desk.replica.commit(Paper.layer("parcels", "d1", "f1"), Paper.layer("roads", "d1", "f1"));
    }
    desk.start().settle();
    boolean keeps = story == Story.BROUGHT_FORWARD || story == Story.DELTAS_THAT_DO_NOT_FIT;
    if (story == Story.ROLLED_BACK || keeps) {
      desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
      desk.settle();
    }
    return desk.whole();
  }

  private static void told(Story story, Desk desk) {
    switch (story) {
      case NEW_LAYER -> desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
      case NEW_DATA -> desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
      case NEW_FACE -> desk.replica.commit(Paper.layer("parcels", "d1", "f2", "e1"));
      case EVERYTHING_NEW ->
          desk.replica.commit(
              Paper.roles("o"),
              Paper.rules("r"),
              Paper.layer("parcels", "d1", "f1"),
              Paper.store("far", "s"),
              Paper.cascaded("sky", "far", "c"),
              Paper.group("all", "g", Paper.layer("parcels")));
      case WITHDRAWN -> desk.replica.remove(Paper.layer("parcels"));
      case ABSENT -> desk.replica.vanish(Paper.layer("parcels"));
      case ROLLED_BACK -> desk.rollBack(Paper.layer("parcels"));
      case BROUGHT_FORWARD ->
          desk.replica.commit(Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
      case COPIED -> desk.replica.commit(Paper.offering("parcels", "d2", "d1>d2"));
      case DELTAS_THAT_DO_NOT_FIT -> {
        desk.replica.bad.add("d2>d3");
        desk.replica.commit(Paper.offering("parcels", "d3", "d1>d2", "d2>d3"));
      }
      case ANOTHER_TABLE -> {
        Body.Layer body = Paper.body("other");
        desk.replica.commit(
            Paper.thing(Paper.layer("parcels"), new Thing.Wish.Publish(body, "d1", "f1", "")));
      }
    }
  }

  private static void ended(Story story, Desk desk) {
    if (story != Story.ROLLED_BACK) {
      desk.whole();
      return;
    }
    // A roll-back that was not heard of is asked for again.
    PaperReplica.Table table = desk.replica.tables.get("sites.parcels");
    assertThat(table).isNotNull();
    if (!table.digest().equals("d1")) {
      desk.rollBack(Paper.layer("parcels"));
      desk.settle();
    }
    assertThat(table.digest()).isEqualTo("d1");
    assertThat(desk.replica.wrong).isEmpty();
    assertThat(desk.code()).isEqualTo("healthy");
    desk.replica.commit(Paper.layer("parcels", "d3", "f1"));
    desk.settle().whole();
  }

  /** False if it ended before the first boundary. */
  private static boolean run(Story story, int boundary, int second) {
    Desk desk = before(story);
    desk.killAfter(boundary);
    int kills = 0;
    boolean asked = false;
    while (true) {
      try {
        if (!asked) {
          asked = true;
          told(story, desk);
        }
        watch(story, desk);
        break;
      } catch (Killed end) {
        kills++;
        desk.killAfter(kills == 1 ? second : NEVER);
        desk.start();
      }
    }
    desk.killAfter(NEVER);
    ended(story, desk);
    return kills > 0;
  }

  private static void watch(Story story, Desk desk) {
    boolean goes = story == Story.WITHDRAWN || story == Story.ABSENT;
    PaperReplica.Table table = desk.replica.tables.get("sites.parcels");
    desk.settle();
    if (table != null && !goes && story != Story.ANOTHER_TABLE) {
      assertThat(desk.replica.tables.get("sites.parcels"))
          .as("it was never dropped")
          .isSameAs(table);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("feeds/S13: killed at every boundary, the next one brings it to the same end")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary, NEVER)) {
      boundary++;
    }
    assertThat(boundary).as("boundaries of %s", story).isGreaterThan(8);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("feeds/S13: killed, and the next one killed too")
  void killedTwice(Story story) {
    Random random = new Random(story.name().hashCode());
    for (int boundary = random.nextInt(3);
        run(story, boundary, 1 + random.nextInt(14));
        boundary += 1 + random.nextInt(2)) {}
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "feeds/S8: an act at every place fails, or its answer is lost, or it is never heard of")
  void everyAct(Story story) {
    for (Flights.Fault fault : Flights.Fault.values()) {
      for (int at = 0; fails(story, fault, at); at++) {}
    }
  }

  private static boolean fails(Story story, Flights.Fault fault, int at) {
    Desk desk = before(story);
    desk.flights.fault = fault;
    desk.flights.faultAt = at;
    told(story, desk);
    watch(story, desk);
    boolean met = desk.flights.faultAt < 0;
    desk.flights.faultAt = -1;
    ended(story, desk);
    return met;
  }

  @ParameterizedTest
  @EnumSource(names = {"NEW_DATA", "NEW_FACE", "NEW_LAYER"})
  @DisplayName(
      "feeds/S8: a GeoServer that never takes it leaves readers what they had, and says so")
  void neverTaken(Story story) {
    Desk desk = before(story);
    desk.replica.bad.add(Paper.layer("parcels").key());
    told(story, desk);
    desk.run(40);
    String digest =
        desk.replica.tables.containsKey("sites.parcels")
            ? desk.replica.tables.get("sites.parcels").digest()
            : "";
    assertThat(digest).isEqualTo(story == Story.NEW_LAYER ? "" : "d1");
    assertThat(desk.code()).isEqualTo("jobs-failing");
    assertThat(desk.replica.wrong).isEmpty();
    assertThat(desk.replica.log.stream().filter("load sites.parcels d2"::equals).count())
        .as("what is loaded stays for the next try")
        .isLessThanOrEqualTo(1);
    desk.replica.bad.clear();
    desk.settle().whole();
  }

  @ParameterizedTest
  @EnumSource(names = {"NEW_DATA", "NEW_LAYER", "WITHDRAWN"})
  @DisplayName("a database that goes away in the middle, and comes back")
  void databaseAway(Story story) {
    for (int boundary = 0; boundary < 30; boundary++) {
      Desk desk = before(story);
      desk.killAfter(boundary);
      try {
        told(story, desk);
        desk.settle();
      } catch (Killed end) {
        desk.killAfter(NEVER);
        desk.replica.away.add(FeedsSpec.DATABASE);
        desk.start().run(30);
        desk.replica.away.clear();
        desk.settle();
      }
      desk.killAfter(NEVER);
      ended(story, desk);
    }
  }
}
