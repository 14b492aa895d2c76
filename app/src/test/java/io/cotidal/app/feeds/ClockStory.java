package io.cotidal.app.feeds;

import static io.cotidal.app.feeds.ReplicaDesk.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** A master whose clock is days wrong, now before and now after the others. */
final class ClockStory {
  private static final String JOB = "layer/clocks.parcels";
  private static final String WRITTEN = "HEAD:kmi/layers/clocks.parcels.json";

  private final FeedsScene scene;
  private final FeedsLab lab;
  private final ReplicaDesk desk;

  ClockStory(FeedsScene scene) {
    this.scene = scene;
    this.lab = scene.lab;
    this.desk = scene.desk;
  }

  void tell() throws Exception {
    Instant now = Instant.now();
    desk.inForce(publish("early", 20, now.plus(1, ChronoUnit.DAYS)), JOB);
    assertThat(lab.rows("clocks.parcels")).isEqualTo("rows 20");
    publish("very early", 21, now.plus(2, ChronoUnit.DAYS));
    desk.inForce(publish("late", 22, now.minus(2, ChronoUnit.DAYS)), JOB);
    assertThat(lab.rows("clocks.parcels")).isEqualTo("rows 22");
    String last = lab.master.repository().run("show", WRITTEN);
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(last)
                .contains("\"job_id\": " + scene.report("deploied_job_id", "clocks.parcels")));
    // The master's database thinks in another zone.
    assertThat(scene.report("abs(extract(epoch FROM now() - deploy_time)) < 600", "clocks.parcels"))
        .isEqualTo("t");
  }

  /** Publishes rows by a clock that shows {@code when}. */
  private String publish(String message, int rows, Instant when) throws Exception {
    String time = "\"" + when.toString().replace('T', ' ').replace("Z", "") + "\"";
    return lab.commit(
        message,
        when,
        () -> {
          lab.master.table("clocks", "parcels", rows, "rows");
          lab.master.publish(
              "clocks",
              "parcels",
              lab.master.dump("clocks", "parcels"),
              Map.of("publish_time", time, "publication_date", time));
        });
  }
}
