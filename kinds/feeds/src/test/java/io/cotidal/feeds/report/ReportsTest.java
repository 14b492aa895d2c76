package io.cotidal.feeds.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.report.Told.FailedToPublish;
import io.cotidal.feeds.report.Told.Polled;
import io.cotidal.feeds.report.Told.Published;
import io.cotidal.feeds.report.Told.TaskDone;
import io.cotidal.feeds.report.Told.Withdrawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
@DisplayName("feeds: reports wait on the disk, one a topic")
final class ReportsTest {
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir Path folder;

  private Queue open() throws ReportException {
    return Queue.open(folder.resolve("queue"));
  }

  private static List<Told> waiting(Queue queue) {
    return queue.waiting().stream().map(Slip::told).toList();
  }

  static Published published(String publish, String message) {
    return new Published(AT, publish, "POLYGON", "12", "b1", message, "p.png");
  }

  static FailedToPublish failed(String publish, String message) {
    return new FailedToPublish(AT, publish, "POLYGON", "13", "b2", message);
  }

  static Polled polled(Optional<Instant> synced, String message) {
    return new Polled(AT, "0.1", new TreeSet<>(List.of("kmi", "geoserver")), synced, message);
  }

  static TaskDone task(String name, boolean ok) {
    return new TaskDone(AT, "wms_layer", name, "publish", ok, ok ? "" : "no such layer", "");
  }

  @Test
  void everySortSurvivesTheProcessInItsOrder() throws Exception {
    List<Told> all =
        List.of(
            published("a.b", "good \u00fc \ud83d\ude00 \"'\\\n\u0001"),
            failed("a.b", "bad"),
            new Withdrawn(AT, "a.c"),
            polled(Optional.of(AT), "all is well"),
            polled(Optional.empty(), "").over(polled(Optional.of(AT), "x")),
            task("remote.photo", true));
    for (Told told : all.subList(0, 4)) {
      open().put(told);
    }
    open().put(all.get(5));
    assertThat(waiting(open()))
        .containsExactly(all.get(0), all.get(1), all.get(2), all.get(3), all.get(5));
  }

  @Test
  void theNewerReplacesTheOlder() throws Exception {
    Queue queue = open();
    queue.put(task("x", false));
    queue.put(published("a.b", "first"));
    queue.put(task("y", true));
    queue.put(published("a.b", "second"));
    queue.put(task("x", true));
    assertThat(waiting(queue))
        .containsExactly(task("y", true), published("a.b", "second"), task("x", true));
    assertThat(waiting(open())).isEqualTo(waiting(queue));
  }

  @Test
  void aFailureDoesNotHideTheSuccessThatTheMasterDoesNotKnowYet() throws Exception {
    Queue queue = open();
    queue.put(published("a.b", "is there"));
    queue.put(failed("a.b", "the next one is not"));
    assertThat(waiting(queue)).hasSize(2);
    queue.put(published("a.b", "but now"));
    assertThat(waiting(queue)).containsExactly(published("a.b", "but now"));
    queue.put(failed("a.b", "again"));
    queue.put(new Withdrawn(AT, "a.b"));
    assertThat(waiting(queue)).containsExactly(new Withdrawn(AT, "a.b"));
  }

  @Test
  void aPollKeepsTheSynchronisationThatWasNotToldYet() throws Exception {
    Queue queue = open();
    queue.put(polled(Optional.of(AT.minusSeconds(60)), "3 published"));
    queue.put(polled(Optional.empty(), ""));
    assertThat(waiting(queue))
        .containsExactly(polled(Optional.of(AT.minusSeconds(60)), "3 published"));
  }

  @Test
  void theFolderIsBounded() throws Exception {
    Queue queue = open();
    for (int i = 0; i < 200; i++) {
      queue.put(failed("a.b" + i % 3, "try " + i));
    }
    assertThat(files()).hasSize(3);
  }

  @Test
  void aSpoiltRecordIsSetAsideAndTheOthersStay() throws Exception {
    Queue queue = open();
    queue.put(task("x", true));
    queue.put(task("y", true));
    Path first = files().getFirst();
    byte[] bytes = Files.readAllBytes(first);
    bytes[bytes.length - 3] = (byte) 0xff;
    Files.write(first, bytes);
    assertThat(waiting(open())).hasSize(1);
    assertThat(files()).anyMatch(file -> file.toString().endsWith(".told.spoilt"));
  }

  @Test
  void aReplacedRecordIsNotTakenForDelivered() throws Exception {
    Queue queue = open();
    queue.put(task("x", false));
    List<Slip> sent = queue.waiting();
    queue.put(task("x", true));
    queue.told(sent);
    assertThat(waiting(open())).containsExactly(task("x", true));
  }

  @Test
  void whatNoDatabaseHoldsIsReplaced() throws Exception {
    Queue queue = open();
    queue.put(failed("a.b", "zero \0 half \ud800 " + "x".repeat(100_000)));
    String message = ((FailedToPublish) waiting(open()).getFirst()).message();
    assertThat(message).startsWith("zero \ufffd half \ufffd x").hasSize(Slip.LONGEST);
  }

  @Test
  void aFolderThatCannotBeUsedIsSaidInOneLine() throws Exception {
    Files.writeString(folder.resolve("queue"), "a file");
    assertThatThrownBy(this::open)
        .isInstanceOf(ReportException.class)
        .hasMessageContaining("queue")
        .hasMessageNotContaining("\n");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> list = Files.list(folder.resolve("queue"))) {
      return list.sorted().toList();
    }
  }
}
