package io.cotidal.store;

import static io.cotidal.store.Samples.ORDERS;
import static io.cotidal.store.Samples.batch;
import static io.cotidal.store.Samples.commit;
import static io.cotidal.store.Samples.log;
import static io.cotidal.store.Samples.urgent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.cotidal.engine.Store.Batch;
import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.engine.Store.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** On a file system of one megabyte; needs the right to mount one. */
@Timeout(60)
class FullDiskTest {
  @TempDir Path folder;
  private Path disk;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()),
        "needs the right to mount a small file system");
    lines.start();
    logger().addAppender(lines);
  }

  @AfterEach
  void unmount() throws Exception {
    logger().detachAppender(lines);
    run("umount", disk.toString());
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(GroupCommit.class);
  }

  private static boolean run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Test
  @DisplayName(
      "a full disk: nothing half, nothing acknowledged is lost, one line, and it goes on when there is room")
  void fullDisk() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    try (SqlStore store = SqlStore.open(disk.resolve("cotidal.db"))) {
      assertThat(write(store, "first", acknowledged)).isEqualTo(Result.COMMITTED);
      fill();
      Batch failed = null;
      for (int i = 0; i < 200 && failed == null; i++) {
        Batch next = batch(log(ORDERS, "text " + i + " " + "x".repeat(5_000)));
        Result result = commit(store, next);
        if (result == Result.COMMITTED) {
          acknowledged.add(next.id());
        } else {
          assertThat(result).isIn(Result.FAILED, Result.UNKNOWN);
          failed = next;
        }
      }
      assertThat(failed).isNotNull();
      assertThat(commit(store, batch(log(ORDERS, "y".repeat(5_000)))))
          .isNotEqualTo(Result.COMMITTED);
      assertThat(store.problem().orElseThrow()).contains("full");
      assertThat(warnings()).hasSize(1).first().asString().contains("the disk is full");
      String lost = failed.id();
      assertThatThrownBy(() -> store.committed(ORDERS, lost))
          .as("with the disk still full nobody can tell for ever")
          .isInstanceOf(StoreException.class);
      assertThat(store.events(ORDERS, 0, 1_000)).hasSize(acknowledged.size());

      Files.delete(disk.resolve("ballast"));
      assertThat(store.committed(ORDERS, lost)).isFalse();
      assertThat(write(store, "after", acknowledged)).isEqualTo(Result.COMMITTED);
      assertThat(store.problem()).isEmpty();
    }
    try (SqlStore store = SqlStore.open(disk.resolve("cotidal.db"))) {
      assertThat(store.events(ORDERS, 0, 1_000)).hasSize(acknowledged.size());
      assertThat(store.events(ORDERS, 0, 1_000).getLast().event().text()).isEqualTo("after");
      assertThat(store.events(ORDERS, 0, 1_000)).extracting(LoggedEvent::sequence).isSorted();
      assertThat(acknowledged).allMatch(id -> store.committed(ORDERS, id));
    }
  }

  @Test
  @DisplayName("a disk that is full from the start: one sentence, and no backup is left half")
  void noRoomAtAll() throws Exception {
    fill();
    assertThatThrownBy(() -> SqlStore.open(disk.resolve("cotidal.db")))
        .isInstanceOf(StoreException.class)
        .message()
        .contains("disk")
        .doesNotContain("\n");
    try (SqlStore store = SqlStore.open(folder.resolve("cotidal.db"))) {
      assertThatThrownBy(() -> store.backup(disk.resolve("backup.db")))
          .isInstanceOf(StoreException.class);
      assertThat(disk.resolve("backup.db")).doesNotExist();
    }
  }

  @Test
  @DisplayName(
      "a full disk: the reserve is given up and failovers are journalled still; with room again, everything")
  void reserve() throws Exception {
    assertThat(run("mount", "-o", "remount,size=6m", disk.toString())).isTrue();
    Path reserve = disk.resolve("cotidal.db.reserve");
    long bytes = 1 << 20;
    try (SqlStore store =
        SqlStore.open(disk.resolve("cotidal.db"), Retention.DEFAULT, Waiting.LIMIT, bytes)) {
      await().until(() -> Files.exists(reserve) && Files.size(reserve) == bytes);
      assertThat(commit(store, batch(log(ORDERS, "first")))).isEqualTo(Result.COMMITTED);
      fill();
      Result result = Result.COMMITTED;
      for (int i = 0; i < 200 && result == Result.COMMITTED; i++) {
        result = commit(store, batch(log(ORDERS, "text " + i + " " + "x".repeat(5_000))));
      }
      assertThat(result).isIn(Result.FAILED, Result.UNKNOWN);
      assertThat(reserve).doesNotExist();
      for (int i = 0; i < 20; i++) {
        Batch failover = urgent(ORDERS, log(ORDERS, "failover " + i + " " + "y".repeat(5_000)));
        assertThat(commit(store, failover)).isEqualTo(Result.COMMITTED);
        assertThat(store.committed(ORDERS, failover.id())).isTrue();
      }
      assertThat(store.committed(ORDERS, "no such batch")).isFalse();
      assertThat(commit(store, batch(log(ORDERS, "ordinary")))).isEqualTo(Result.FAILED);
      assertThat(store.problem().orElseThrow()).contains("full");

      Files.delete(disk.resolve("ballast"));
      await().until(() -> Files.exists(reserve) && Files.size(reserve) == bytes);
      await().until(() -> commit(store, batch(log(ORDERS, "ordinary"))) == Result.COMMITTED);
      assertThat(store.problem()).isEmpty();
    }
  }

  private static Result write(SqlStore store, String text, List<String> acknowledged) {
    Batch next = batch(log(ORDERS, text));
    Result result = commit(store, next);
    if (result == Result.COMMITTED) {
      acknowledged.add(next.id());
    }
    return result;
  }

  private List<String> warnings() {
    return lines.list.stream()
        .filter(each -> each.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private void fill() {
    byte[] block = new byte[4_096];
    new Random(1).nextBytes(block);
    try (OutputStream out = Files.newOutputStream(disk.resolve("ballast"))) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
