package io.cotidal.feeds.report;

import static io.cotidal.feeds.report.ReportsTest.failed;
import static io.cotidal.feeds.report.ReportsTest.polled;
import static io.cotidal.feeds.report.ReportsTest.published;
import static io.cotidal.feeds.report.ReportsTest.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.report.Delivery.Obstacle;
import io.cotidal.feeds.report.Told.FailedToPublish;
import io.cotidal.feeds.report.Told.TaskDone;
import io.cotidal.feeds.report.Told.Withdrawn;
import io.cotidal.lab.StoreServer;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("feeds: reports at a real master")
final class ReportsIT extends ReportsLab {
  @Test
  void theThreeTablesSayWhatTheReplicaSaid() throws Exception {
    try (Reports reports = reports()) {
      reports.tell(published("sites.parcels", ""));
      reports.tell(failed("sites.roads", "md5 differs"));
      reports.tell(task("remote.photo", false));
      reports.tell(polled(Optional.of(AT.plusSeconds(5)), "1 of 2"));
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(4));
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(0));
    }
    assertThat(
            rows(
                "SELECT name, listen_channels, register_time, last_poll_time, last_sync_time, last_sync_message, code_version FROM monitor_slaveserver"))
        .containsExactly(
            "perth \"1\"'|geoserver,kmi|2026-03-01 10:00:00+00|2026-03-01 10:00:00+00|2026-03-01 10:00:05+00|1 of 2|0.1");
    assertThat(
            rows(
                "SELECT publish, spatial_type, deploied_job_id, deploied_job_batch_id, deploy_time, preview_file, sync_job_id, sync_job_batch_id, sync_message, sync_time FROM monitor_publishsyncstatus ORDER BY 1"))
        .containsExactly(
            "sites.parcels|POLYGON|12|b1|2026-03-01 10:00:00|p.png",
            "sites.roads|POLYGON|13|b2|md5 differs|2026-03-01 10:00:00+00");
    assertThat(
            rows(
                "SELECT task_type, task_name, action, sync_succeed, sync_message FROM monitor_tasksyncstatus"))
        .containsExactly("wms_layer|remote.photo|publish|f|no such layer");
  }

  @Test
  void aSuccessClearsTheFailureAndAFailureKeepsTheSuccess() throws Exception {
    String all =
        "SELECT deploied_job_batch_id AS d, sync_job_batch_id AS s FROM monitor_publishsyncstatus";
    try (Reports reports = reports()) {
      reports.tell(published("sites.parcels", ""));
      reports.tell(failed("sites.parcels", "no"));
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(2));
      assertThat(rows(all)).containsExactly("b1|b2");
      reports.tell(published("sites.parcels", ""));
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(1));
      assertThat(rows(all)).containsExactly("b1");
      reports.tell(new Withdrawn(AT, "sites.parcels"));
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(1));
      assertThat(rows(all)).isEmpty();
    }
  }

  @Test
  @DisplayName("feeds/S20: while the master is down reports queue, then they are delivered once")
  void downThenUp() throws Exception {
    try (Reports reports = reports()) {
      reports.tell(polled(Optional.empty(), ""));
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(1));
      server.processes().kill();
      reports.tell(published("sites.parcels", ""));
      reports.tell(task("a", true));
      Delivery down = deliver(reports);
      assertThat(down)
          .isInstanceOfSatisfying(
              Delivery.Waiting.class,
              waiting -> {
                assertThat(waiting.obstacle()).isEqualTo(Obstacle.UNREACHABLE);
                assertThat(waiting.left()).isEqualTo(2);
                assertThat(waiting.reason()).doesNotContain("\n").contains("127.0.0.1");
              });
    }
    server.again();
    try (Reports reports = reports()) {
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(2));
      assertThat(reports.waiting()).isZero();
      server.processes().kill();
      server.again();
      reports.tell(task("b", true));
      assertThat(deliver(reports))
          .as("over a session that ended")
          .isEqualTo(new Delivery.Delivered(1));
    }
    assertThat(rows("SELECT count(*) FROM monitor_tasksyncstatus")).containsExactly("2");
    assertThat(rows("SELECT count(*) FROM monitor_publishsyncstatus")).containsExactly("1");
  }

  @Test
  void aFrozenMasterCostsNoMoreThanTheDeadline() throws Exception {
    try (Reports reports = reports()) {
      reports.tell(task("a", true));
      server.processes().freeze();
      Delivery frozen;
      try {
        frozen = reports.deliver(Deadline.in(Duration.ofMillis(300)));
      } finally {
        server.processes().thaw();
      }
      assertThat(frozen)
          .isInstanceOfSatisfying(
              Delivery.Waiting.class,
              waiting -> assertThat(waiting.obstacle()).isEqualTo(Obstacle.UNREACHABLE));
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(1));
    }
  }

  @Test
  void aKillBetweenCommitAndRemovalMakesNoDuplicates() throws Exception {
    Path before = folder.resolve("before");
    try (Reports reports = reports()) {
      reports.tell(polled(Optional.of(AT), "good"));
      reports.tell(published("a.b", ""));
      reports.tell(failed("a.b", "then not"));
      reports.tell(new Withdrawn(AT, "a.c"));
      reports.tell(task("x", true));
      copy(folder.resolve("queue"), before);
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(5));
    }
    List<String> once = everything();
    try (Reports again = new Reports(status("perth \"1\"'", server.password()), before)) {
      assertThat(deliver(again)).isEqualTo(new Delivery.Delivered(5));
    }
    assertThat(everything()).isEqualTo(once).hasSize(3);
  }

  @Test
  void whatIsInTheWayIsToldApart() throws Exception {
    try (Reports wrong =
        new Reports(status("r", new Secret("not it, canary-7")), folder.resolve("wrong"))) {
      wrong.tell(task("x", true));
      assertThat(deliver(wrong))
          .isInstanceOfSatisfying(
              Delivery.Waiting.class,
              waiting -> {
                assertThat(waiting.obstacle()).isEqualTo(Obstacle.NOT_LET_IN);
                assertThat(waiting.reason()).contains("password").doesNotContain("canary-7");
              });
    }
    try (Reports reports = reports()) {
      reports.tell(task("x", true));
      server.execute(StoreServer.NAME, "DROP TABLE \"Borg master\".monitor_tasksyncstatus");
      assertThat(deliver(reports))
          .isInstanceOfSatisfying(
              Delivery.Waiting.class,
              waiting -> {
                assertThat(waiting.obstacle()).isEqualTo(Obstacle.TABLES);
                assertThat(waiting.reason()).contains("table monitor_tasksyncstatus is missing");
              });
      server.execute(StoreServer.NAME, TABLES);
      server.execute(
          StoreServer.NAME, "REVOKE INSERT ON \"Borg master\".monitor_tasksyncstatus FROM cotidal");
      assertThat(deliver(reports))
          .isInstanceOfSatisfying(
              Delivery.Waiting.class,
              waiting -> assertThat(waiting.obstacle()).isEqualTo(Obstacle.TABLES));
      server.execute(
          StoreServer.NAME, "GRANT ALL ON \"Borg master\".monitor_tasksyncstatus TO cotidal");
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(1));
    }
  }

  @Test
  void hostileTextsAreOnlyTextsAndMessagesAreCut() throws Exception {
    String hostile =
        "'; DROP TABLE monitor_slaveserver; -- $$ \\ %s {} ? \u00fc\ud83d\ude00 \0 \ud800";
    try (Reports reports = reports()) {
      reports.tell(
          new FailedToPublish(
              AT, hostile, hostile, "no number", "b".repeat(500), hostile.repeat(50)));
      reports.tell(new TaskDone(AT, hostile, hostile, "publish", true, hostile, "p".repeat(200)));
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(2));
    }
    assertThat(rows("SELECT publish FROM monitor_publishsyncstatus"))
        .containsExactly(Clean.text(hostile));
    assertThat(
            rows(
                "SELECT char_length(sync_message), char_length(sync_job_batch_id), sync_job_id FROM monitor_publishsyncstatus"))
        .containsExactly("40|64");
    assertThat(rows("SELECT sync_message FROM monitor_tasksyncstatus"))
        .containsExactly(Clean.text(hostile));
  }

  @Test
  void aRecordThatTheMasterRefusesHoldsNobodyUp() throws Exception {
    try (Reports reports = reports()) {
      reports.tell(task("a", true));
      reports.tell(task("n".repeat(300), true));
      reports.tell(task("b", true));
      assertThat(deliver(reports))
          .isInstanceOfSatisfying(
              Delivery.Waiting.class,
              waiting -> {
                assertThat(waiting.obstacle()).isEqualTo(Obstacle.RECORDS);
                assertThat(waiting.sent()).isEqualTo(2);
                assertThat(waiting.left()).isEqualTo(1);
              });
    }
    assertThat(rows("SELECT task_name FROM monitor_tasksyncstatus ORDER BY id"))
        .containsExactly("a", "b");
  }

  @Test
  void theOrderIsKept() throws Exception {
    try (Reports reports = reports()) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 450; i++) {
        names.add("n" + i * 7919 % 1000);
        reports.tell(task(names.getLast(), true));
      }
      assertThat(deliver(reports)).isEqualTo(new Delivery.Delivered(450));
      assertThat(rows("SELECT task_name FROM monitor_tasksyncstatus ORDER BY id")).isEqualTo(names);
    }
  }

  @Test
  @DisplayName("feeds/S20: fifty replicas tell the same master at once")
  void aFleet() throws Exception {
    List<Callable<Delivery>> fleet = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String name = "replica-" + i;
      fleet.add(() -> {
        try (Reports reports =
            new Reports(status(name, server.password()), folder.resolve("fleet").resolve(name))) {
          reports.tell(polled(Optional.of(AT), "good"));
          reports.tell(published("sites.parcels", ""));
          reports.tell(task("x", true));
          return deliver(reports);
        }
      });
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Delivery> each : threads.invokeAll(fleet)) {
        assertThat(each.get()).isEqualTo(new Delivery.Delivered(3));
      }
    }
    assertThat(rows("SELECT count(DISTINCT name), count(*) FROM monitor_slaveserver"))
        .containsExactly("50|50");
    assertThat(
            rows("SELECT count(DISTINCT slave_server_id), count(*) FROM monitor_publishsyncstatus"))
        .containsExactly("50|50");
  }
}
