package io.cotidal.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RelayTest {
  private static final int BYTES = 1_000_000;
  private final LocalProcesses processes = new LocalProcesses();
  @TempDir Path folder;

  private Conduit program(String... words) throws Exception {
    return new LocalConduit(processes, Program.of("", List.of(words)));
  }

  @Test
  @DisplayName("all bytes go, either way, and an end is told to the other side")
  void bothWays() throws Exception {
    for (boolean forth : new boolean[] {true, false}) {
      Path file = folder.resolve("heard-" + forth);
      List<Long> paced = new CopyOnWriteArrayList<>();
      Conduit speaker = program("/usr/bin/head", "-c", "" + BYTES, "/dev/zero");
      Conduit hearer = program("/usr/bin/dd", "of=" + file, "status=none");
      try (Relay relay =
          new Relay(forth ? speaker : hearer, forth ? hearer : speaker, paced::add)) {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> Files.exists(file) && Files.size(file) == BYTES);
        // It ends because it was told that there is no more.
        assertThat(hearer.heard().read()).isNegative();
        assertThat(relay.bytes()).isEqualTo(BYTES);
        assertThat(relay.complaint()).isEmpty();
      }
      assertThat(paced.isEmpty()).isNotEqualTo(forth);
      if (forth) {
        assertThat(paced).isSorted();
        assertThat(paced.getLast()).isEqualTo(BYTES);
      }
    }
  }

  @Test
  @DisplayName("a pace holds the source; closing ends both programs, and whoever waits")
  void closed() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch asked = new CountDownLatch(1);
    Conduit source = program("/usr/bin/head", "-c", "" + BYTES, "/dev/zero");
    Conduit target = program("/usr/bin/wc", "-c");
    try (Relay relay =
        new Relay(
            source,
            target,
            _ -> {
              asked.countDown();
              try {
                Deadline.in(Duration.ofMinutes(5)).pause(Duration.ofMinutes(5));
              } finally {
                interrupted.set(Thread.currentThread().isInterrupted());
              }
            })) {
      asked.await();
      assertThat(relay.bytes()).isPositive().isLessThan(BYTES);
    }
    assertThat(interrupted).isTrue();
  }

  @Test
  @DisplayName("what a program complained of is told in one line")
  void complains() throws Exception {
    Conduit source = program("/usr/bin/head", "-c", "1", folder.resolve("none").toString());
    Conduit target = program("/usr/bin/wc", "-c");
    try (Relay relay = new Relay(source, target, _ -> {})) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(relay::complaint, text -> text.contains("No such file"));
    }
  }
}
