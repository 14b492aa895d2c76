package io.cotidal.app.feeds;

import static io.cotidal.app.feeds.ReplicaDesk.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.copies.CommandLine;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A replica of its own whose filter begins to keep out what is published. */
final class FilterStory {
  private static final List<String> NAMES = List.of("commons", "forts", "graves", "huts");

  private final FeedsScene scene;
  private final FeedsLab lab;

  FilterStory(FeedsScene scene) {
    this.scene = scene;
    this.lab = scene.lab;
  }

  private void filter(String mode, String lambda) throws Exception {
    scene.besides(
        "narrow",
        lab.replica(
            "narrow",
            Map.of(
                "mode",
                mode,
                "channels",
                "narrow",
                "database",
                "narrow",
                "more",
                "filters: {features: \"lambda job: " + lambda + "\"}")));
  }

  private String rows(String name) throws Exception {
    try {
      return lab.value("narrow", "SELECT count(*) FROM narrow." + name);
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  private void publish() throws Exception {
    for (String name : NAMES) {
      lab.master.table("narrow", name, 15, name);
      lab.master.publish(
          "narrow", name, lab.master.dump("narrow", name), Map.of("channel", "\"narrow\""));
    }
  }

  void tell() throws Exception {
    scene.database("narrow");
    String head = lab.commit("narrow", this::publish);
    try {
      filter("manage", "True");
      ReplicaDesk desk = scene.desk("narrow");
      desk.settled(head);
      assertThat(NAMES).allSatisfy(name -> assertThat(rows(name)).isEqualTo("15"));

      filter("propose", "job['name'] != 'graves'");
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(scene.cot("plan", "show", "feeds/narrow").out())
                  .contains("withdraw", "layer/narrow.graves", "job['name'] != 'graves'"));
      assertThat(rows("graves")).isEqualTo("15");
      filter("manage", "job['name'] != 'graves'");
      desk.settled(head);
      assertThat(rows("graves")).isEqualTo("42P01");
      assertThat(desk.wfs("narrow:graves")).isNotEmpty();
      assertThat(desk.wfs("narrow:forts")).isEmpty();
      assertThat(scene.cot("feed", "explain", "narrow.graves", "--feed", "narrow").out())
          .contains("a filter keeps it out: job['name'] != 'graves'");

      // Of three that are left, two are one too many.
      filter("manage", "job['name'] == 'commons'");
      await().atMost(LONG).until(() -> proposals().size() == 2);
      await().atMost(LONG).until(() -> desk.api().code().equals("behind"));
      assertThat(rows("forts")).isEqualTo("15");
      await()
          .atMost(LONG)
          .until(() -> {
            approve();
            return List.of(rows("forts"), rows("huts")).equals(List.of("42P01", "42P01"));
          });
      desk.settled(head);
      assertThat(List.of(rows("commons"), rows("forts"), rows("huts")))
          .containsExactly("15", "42P01", "42P01");

      filter("manage", "True");
      await().atMost(LONG).until(() -> rows("graves").equals("15") && rows("forts").equals("15"));
    } finally {
      scene.besides("narrow", "");
    }
  }

  private List<String> proposals() {
    return scene.cot("plan", "list", "feeds/narrow", "-o", "name").out().lines().toList();
  }

  /** Says yes to each proposal. */
  private void approve() {
    for (String each : proposals()) {
      CommandLine.Result said = scene.cot("plan", "approve", each, "--yes", "--wait");
      // A look that came late is another fact: the same is proposed anew.
      assertThat(said.exit() == 0 || said.err().contains("superseded")).as("%s", said).isTrue();
    }
  }
}
