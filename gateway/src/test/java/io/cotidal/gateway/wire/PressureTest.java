package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Who sends faster than the other reads")
@Timeout(120)
class PressureTest {
  private static final int BLOCK = 65_536;

  /** What the kernel's buffers of four sockets and the gateway's own may hold together. */
  private static final long BOUND = 48L << 20;

  private static final long MOST_MEMORY = 16L << 20;

  private static void pour(RawSocket to, long bytes, AtomicLong sent) throws IOException {
    byte[] block = new byte[BLOCK];
    for (long left = bytes; left > 0; left -= BLOCK) {
      to.send(block);
      sent.addAndGet(BLOCK);
    }
  }

  private static void swallow(RawSocket from, long bytes) throws IOException {
    byte[] block = new byte[BLOCK];
    for (long left = bytes; left > 0; ) {
      int read = from.in().read(block, 0, (int) Math.min(left, BLOCK));
      assertThat(read).isPositive();
      left -= read;
    }
  }

  private static void untilItStands(AtomicLong sent) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          long before = sent.get();
          await().pollDelay(Duration.ofMillis(400)).until(() -> true);
          return sent.get() == before && before > 0;
        });
  }

  @Test
  @DisplayName("a reader that stops stops the site, and memory stays flat; then all of it comes")
  void slowReader() throws Exception {
    long length = 256L << 20;
    AtomicLong sent = new AtomicLong();
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
              pour(client, length, sent);
              client.head();
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.kept(RawSocket.narrow(stage.gateway().port(), BLOCK));
      client.lines("GET / HTTP/1.1", "Host: a");
      client.head();
      untilItStands(sent);
      assertThat(sent.get()).isLessThan(BOUND);
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
          .isLessThan(MOST_MEMORY);
      swallow(client, length);
      assertThat(sent.get()).isEqualTo(length);
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
          .isLessThan(MOST_MEMORY);
      client.lines("GET / HTTP/1.1", "Host: a", "Connection: close");
    }
  }

  @Test
  @DisplayName("a site that stops stops the client, and memory stays flat; then all of it comes")
  void slowSite() throws Exception {
    long length = 256L << 20;
    AtomicLong sent = new AtomicLong();
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              await().atMost(Duration.ofMinutes(1)).until(() -> !self[0].bodies().isEmpty());
              swallow(client, length);
              client.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
      Thread feeder =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  pour(client, length, sent);
                } catch (IOException e) {
                  sent.set(-1);
                }
              });
      untilItStands(sent);
      assertThat(sent.get()).isLessThan(BOUND);
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
          .isLessThan(MOST_MEMORY);
      site.bodies().add("go");
      feeder.join();
      assertThat(sent.get()).isEqualTo(length);
      assertThat(client.answer("PUT").status()).isEqualTo(201);
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
          .isLessThan(MOST_MEMORY);
    }
  }
}
