package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.remote.Deadline;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Large bodies, and slow readers beside quick ones")
@Timeout(300)
class StreamIT {
  private static final int BLOCK = 262_144;
  private static final long GIB = 1L << 30;

  /** Whatever the length of a body. */
  private static final long MOST_MEMORY = 24L << 20;

  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String LARGE = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";

  /** A site of bodies that long. */
  private static ScriptedSite site(ScriptedSite[] self, long length) throws IOException {
    self[0] =
        new ScriptedSite(client -> {
          for (String head = self[0].head(client); !head.isEmpty(); head = self[0].head(client)) {
            if (head.startsWith("PUT")) {
              swallow(client, length);
              client.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
            } else if (head.startsWith("GET /large")) {
              client.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
              pour(client, length);
            } else {
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
          }
        });
    return self[0];
  }

  private static void pour(RawSocket to, long bytes) throws IOException {
    byte[] block = new byte[BLOCK];
    for (long left = bytes; left > 0; left -= BLOCK) {
      to.send(block);
    }
  }

  private static void swallow(RawSocket from, long bytes) throws IOException {
    byte[] block = new byte[BLOCK];
    for (long left = bytes; left > 0; ) {
      int read = from.in().read(block, 0, (int) Math.min(left, BLOCK));
      if (read < 0) {
        throw new IOException(left + " bytes are missing");
      }
      left -= read;
    }
  }

  @Test
  @DisplayName("objects/S12: a GiB down and a GiB up at once go through in flat memory")
  void oneGib() throws Exception {
    both(GIB);
  }

  @Test
  @Tag("slow")
  @DisplayName("objects/S12: 5 GiB down and 5 GiB up at once go through in flat memory")
  void fiveGib() throws Exception {
    both(5 * GIB);
  }

  private static void both(long length) throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    AtomicLong most = new AtomicLong();
    AtomicBoolean over = new AtomicBoolean();
    try (ScriptedSite site = site(self, length);
        Stage stage = Stage.of(site)) {
      Thread watch =
          Thread.ofVirtual()
              .start(() -> {
                Deadline deadline = Deadline.in(Duration.ofMinutes(5));
                while (!over.get() && !deadline.over()) {
                  most.accumulateAndGet(memory(), Math::max);
                  try {
                    deadline.pause(Duration.ofMillis(20));
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              });
      RawSocket up = stage.client();
      List<Exception> troubles = new ArrayList<>();
      Thread feeder =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  up.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
                  pour(up, length);
                } catch (IOException e) {
                  troubles.add(e);
                }
              });
      RawSocket down = stage.client().send(LARGE);
      assertThat(down.head()).startsWith("HTTP/1.1 200");
      swallow(down, length);
      feeder.join();
      assertThat(up.answer("PUT").status()).isEqualTo(201);
      over.set(true);
      watch.join();
      assertThat(troubles).isEmpty();
      assertThat(most.get()).isLessThan(MOST_MEMORY);
      assertThat(stage.gateway().counters().sent()).isEqualTo(length);
    }
  }

  private static long memory() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  @Test
  @DisplayName("objects/S12: 50 slow readers of large bodies do not hold up the others")
  void slowReaders() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site = site(self, GIB);
        Stage stage = Stage.of(Stage.settings(site.address()).with(Settings.Limits.USUAL))) {
      RawSocket quick = stage.client();
      latency(quick);
      long alone = latency(quick);
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        RawSocket slow = stage.kept(RawSocket.narrow(stage.gateway().port(), 65_536)).send(LARGE);
        assertThat(slow.head()).startsWith("HTTP/1.1 200");
        readers.add(Thread.ofVirtual().start(() -> sip(slow)));
      }
      long beside = latency(quick);
      readers.forEach(Thread::interrupt);
      for (Thread reader : readers) {
        reader.join();
      }
      // Of medians: a machine that does something else for a moment is not the gateway's fault.
      assertThat(Duration.ofNanos(beside))
          .isLessThan(Duration.ofNanos(alone).multipliedBy(10).plus(Duration.ofMillis(30)));
      // A read, a write and what is on its way, for each of them.
      assertThat(memory()).isLessThan(50 * (1L << 20) + MOST_MEMORY);
    }
  }

  private static void sip(RawSocket slow) {
    Deadline deadline = Deadline.in(Duration.ofMinutes(2));
    try {
      while (!deadline.over()) {
        slow.read(1_000);
        deadline.pause(Duration.ofMillis(100));
      }
    } catch (IOException | InterruptedException e) {
      // It has been slow for long enough.
    }
  }

  /** The median of many requests, in nanoseconds. */
  private static long latency(RawSocket client) throws IOException {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long begin = System.nanoTime();
      assertThat(client.send(GET).answer("GET").body()).isEqualTo("ok");
      all.add(System.nanoTime() - begin);
    }
    return all.stream().sorted().toList().get(all.size() / 2);
  }
}
