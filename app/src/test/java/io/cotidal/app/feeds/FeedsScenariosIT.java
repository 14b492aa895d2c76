package io.cotidal.app.feeds;

import static io.cotidal.app.feeds.ReplicaDesk.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.copies.CommandLine;
import io.cotidal.cli.api.Node;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What must go well when things go wrong, whole, under one daemon; in any order. Stories that leave
 * servers and disks alone are told side by side, each with workspaces of its own.
 */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("a replica in trouble")
final class FeedsScenariosIT {
  private FeedsScene scene;
  private FeedsLab lab;
  private ReplicaDesk desk;
  private SideBySide gentle;

  @BeforeAll
  void open() throws Exception {
    scene = FeedsScene.open();
    lab = scene.lab;
    desk = scene.desk;
    gentle =
        new SideBySide()
            .with("faults", new FaultStory(scene)::tell)
            .with("filter", new FilterStory(scene)::tell)
            .with("clocks", new ClockStory(scene)::tell)
            .with("columns", new ColumnStory(scene)::tell)
            .with("older jobs", new OlderJobsStory(scene)::tell);
  }

  @AfterAll
  void close() throws Exception {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  @DisplayName(
      "feeds/S3: the master's SSH server dies in mid file: an unknown key is refused, the rest is"
          + " fetched")
  void dies() throws Exception {
    new TransferStories(scene).dies();
  }

  @Test
  @DisplayName(
      "feeds/S4: the disk is full: readers keep what they had, room is given back, others go on")
  void full() throws Exception {
    new TransferStories(scene).full();
  }

  @Test
  @DisplayName(
      "feeds/S18: a replica serves another while the master's files are away; equal names do not"
          + " meet")
  void relay() throws Exception {
    new TransferStories(scene).relay();
  }

  @Test
  @DisplayName(
      "feeds/S7: a GeoServer is away: no table is exchanged; it is back: all is finished by itself")
  void away() throws Exception {
    lab.publish("away", "parcels", 30, "first");
    desk.inForce(lab.master.commit("first"), "layer/away.parcels");
    scene.geoserver.cut();
    String head;
    try {
      lab.publish("away", "parcels", 31, "second");
      head = lab.master.commit("second");
      Node waiting =
          desk.operation("layer/away.parcels", each -> each.text("state").equals("waiting"));
      assertThat(waiting.text("note")).contains("geoserver does not answer");
      assertThat(desk.api().code()).isEqualTo("unclear");
      // It is loaded beside what is read, and nobody sees it.
      assertThat(lab.tables("away_data")).hasSize(2);
      assertThat(lab.rows("away.parcels")).isEqualTo("first 30");
    } finally {
      scene.geoserver.mend();
    }
    desk.inForce(head, "layer/away.parcels");
    assertThat(lab.rows("away.parcels")).isEqualTo("second 31");
    assertThat(desk.wfs("away:parcels")).isEmpty();
    CommandLine.Result back =
        scene.cot("feed", "rollback", "away.parcels", "--feed", FeedsLab.REPLICA, "--wait");
    assertThat(back.exit()).as("%s", back).isZero();
    assertThat(lab.rows("away.parcels")).isEqualTo("first 30");
  }

  @Test
  @DisplayName(
      "feeds/S8, feeds/S9: GeoServer answers 500 at any change: all old or all new; readers of"
          + " twenty publications see no error")
  void faults() throws Exception {
    gentle.hear("faults");
  }

  @Test
  @DisplayName(
      "feeds/S10: a long reader is waited for, nobody queues behind, and it is tried again")
  void longReader() throws Exception {
    String job = "layer/slow.parcels";
    lab.publish("slow", "parcels", 40, "first");
    desk.inForce(lab.master.commit("first"), job);
    String head;
    try (Audience others = new Audience(lab, desk);
        Connection connection = lab.postgis.connect(FeedsLab.DATABASE);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.executeQuery("SELECT count(*) FROM slow.parcels").close();
      lab.publish("slow", "parcels", 41, "second");
      head = lab.master.commit("second");
      others.reads(
          "SELECT category || count(*) FROM slow.parcels GROUP BY category",
          List.of("first40", "second41"));
      Node swaps =
          desk.operation(
              job,
              each ->
                  each.text("state").equals("running")
                      && each.list("steps").stream().anyMatch(FeedsScenariosIT::exchanges));
      assertThat(swaps.text("type")).isEqualTo("publish");
      // Each exchange that gives up has kept others waiting for a moment, and then lets them go on.
      await().atMost(LONG).until(() -> others.slower(Duration.ofMillis(200)) > 1);
      assertThat(lab.rows("slow.parcels")).isEqualTo("first 40");
      connection.rollback();
      desk.inForce(head, job);
      assertThat(others.troubles()).isEmpty();
      System.out.println("measured: feeds/S10: others beside a long reader: " + others.measured());
    }
    assertThat(lab.rows("slow.parcels")).isEqualTo("second 41");
  }

  private static boolean exchanges(Node step) {
    return step.text("state").equals("intended")
        && step.at("step").text("sentence").contains("read generation");
  }

  @Test
  @DisplayName(
      "feeds/S12: a filter begins to keep out: it is shown, then withdrawn; more wait for a person")
  void filter() throws Exception {
    gentle.hear("filter");
  }

  @Test
  @DisplayName("feeds/S14: clocks are a day wrong: the history says what is newest; times are UTC")
  void clocks() throws Exception {
    gentle.hear("clocks");
  }

  @Test
  @DisplayName(
      "feeds/S16: columns come, go, change: readers of others see no error, rights and views stay")
  void columns() throws Exception {
    gentle.hear("columns");
  }

  @Test
  @DisplayName(
      "feeds/S17: older masters' jobs, a removal with metadata alone, metadata that were replaced")
  void older() throws Exception {
    gentle.hear("older jobs");
  }

  @Test
  @DisplayName(
      "feeds/S20: reports wait while the master is down, and arrive once; who is silent is late")
  void fleet() throws Exception {
    scene.reports(false);
    try {
      lab.publish("told", "parcels", 10, "first");
      desk.inForce(lab.master.commit("told"), "layer/told.parcels");
      await()
          .atMost(LONG)
          .until(
              () -> scene.cot("status", "feeds/parks").out().contains("not currently accepting"));
    } finally {
      scene.reports(true);
    }
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(
                    scene.report("count(*) || ' ' || max(deploied_job_batch_id)", "told.parcels"))
                .startsWith("1 LAB-"));
    scene.told(
        """
        INSERT INTO monitor_slaveserver (name, listen_channels, last_poll_time)
        SELECT 'other' || i, 'kmi',
          CASE WHEN i = 7 THEN now() - interval '1 hour' ELSE now() + interval '1 hour' END
        FROM generate_series(1, 49) i RETURNING 1
        """);
    Node fleet = desk.api().ask("fleet", Map.of());
    assertThat(fleet.list("lines")).hasSize(50);
    assertThat(fleet.list("lines"))
        .filteredOn(line -> line.text("verdict").equals("no"))
        .extracting(line -> line.text("subject"))
        .contains("other7")
        .doesNotContain("other8");
    assertThat(scene.cot("feed", "jobs").out()).contains("layer/told.parcels");
  }
}
