package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.DaemonProcess;
import io.cotidal.app.Main;
import io.cotidal.app.ResourceApi;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A daemon that is killed again and again while the master publishes. */
@Tag("slow")
@Timeout(900)
@DisplayName("feeds/S13: kill -9 of the daemon at fifty moments of chance")
final class FeedsCrashIT {
  private static final int KILLS = 50;
  private static final int LONGEST = 2_500;
  private static final Duration LONG = Duration.ofSeconds(60);

  /** The view is read all the time: what readers were refused is kept. */
  private static final class Reader implements AutoCloseable {
    private final FeedsLab lab;
    private final AtomicLong reads = new AtomicLong();
    private final AtomicReference<String> refused = new AtomicReference<>("");
    private final Thread thread;
    private volatile boolean ended;

    Reader(FeedsLab lab) {
      this.lab = lab;
      this.thread = Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (Connection connection = lab.postgis.connect(FeedsLab.DATABASE);
          Statement statement = connection.createStatement()) {
        while (!ended) {
          try (ResultSet rows =
              statement.executeQuery(
                  "SELECT count(DISTINCT category), count(*) FROM sites.parcels")) {
            rows.next();
            if (rows.getLong(1) != 1 || rows.getLong(2) != 200) {
              refused.compareAndSet("", "a mixture: " + rows.getLong(1) + "/" + rows.getLong(2));
            }
          }
          reads.incrementAndGet();
          LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
      } catch (SQLException e) {
        refused.compareAndSet("", String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void close() {
      ended = true;
      try {
        thread.join(LONG);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Process start(FeedsLab lab) throws IOException {
    List<String> command = DaemonProcess.java(List.of());
    command.addAll(List.of(Main.class.getName(), "serve", "--config", lab.file().toString()));
    return lab.registry.start(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(lab.folder.resolve("log").toFile())));
  }

  private static void settled(FeedsLab lab, String head) {
    // The token is there once the daemon is.
    await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> {
          ResourceApi api =
              ResourceApi.of(
                  lab.port,
                  Files.readString(lab.folder.resolve("admin.token")).strip(),
                  "feeds/" + FeedsLab.REPLICA);
          assertThat(api.view().at("diagnosis").text("sentence")).contains(head);
          assertThat(api.code()).isEqualTo("healthy");
        });
  }

  @Test
  @DisplayName("the next one comes to the same end; readers notice nothing, and no table is left")
  void killed() throws Exception {
    long seed = System.nanoTime();
    System.out.println("measured: feeds/S13: seed " + seed);
    Random random = new Random(seed);
    try (FeedsLab lab = FeedsLab.open()) {
      lab.configure("");
      lab.publish("sites", "parcels", 200, "round 0");
      lab.publish("sites", "roads", 30, "round 0");
      String head = lab.master.commit("round 0");
      Process daemon = start(lab);
      settled(lab, head);
      try (Reader reader = new Reader(lab)) {
        for (int i = 1; i <= KILLS; i++) {
          lab.publish("sites", "parcels", 200, "round " + i);
          if (i % 5 == 0) {
            lab.master.remove("sites", "roads");
          } else if (i % 5 == 1) {
            lab.publish("sites", "roads", 30, "round " + i);
          }
          head = lab.master.commit("round " + i);
          LockSupport.parkNanos(Duration.ofMillis(random.nextInt(LONGEST)).toNanos());
          daemon.destroyForcibly();
          assertThat(daemon.waitFor(10, TimeUnit.SECONDS)).isTrue();
          daemon = start(lab);
        }
        settled(lab, head);
        assertThat(lab.rows("sites.parcels")).isEqualTo("round " + KILLS + " 200");
        assertThat(reader.refused.get()).isEmpty();
        assertThat(reader.reads.get()).isPositive();
      }
      // The one that is read, and those that are kept for a roll-back.
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(lab.tables("sites_data"))
                  .filteredOn(table -> table.startsWith("parcels"))
                  .hasSizeBetween(1, 3));
      assertThat(lab.tables("sites_data")).noneMatch(table -> table.startsWith("roads"));
      daemon.destroy();
      assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
