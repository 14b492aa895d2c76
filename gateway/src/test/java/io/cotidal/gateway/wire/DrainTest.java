package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.gateway.wire.RawSocket.Got;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The end of a gateway")
@Timeout(60)
class DrainTest {
  private static CompletableFuture<Boolean> closing(Gateway gateway, Duration length) {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            ended.complete(gateway.close(Deadline.in(length)));
          } catch (InterruptedException e) {
            ended.completeExceptionally(e);
          }
        });
    return ended;
  }

  @Test
  @DisplayName("waits for what has begun; idle connections end, and none is made")
  void waits() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              go.await();
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              client.head();
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket idle = stage.client();
      RawSocket busy = stage.client().lines("GET / HTTP/1.1", "Host: a");
      await().until(() -> site.heads().size() == 1);
      CompletableFuture<Boolean> ended = closing(stage.gateway(), Duration.ofSeconds(30));
      assertThat(idle.rest()).isEmpty();
      idle.close();
      assertThatThrownBy(stage::client).isInstanceOf(IOException.class);
      assertThat(ended).isNotDone();
      go.countDown();
      Got got = busy.answer("GET");
      assertThat(got.body()).isEqualTo("ok");
      assertThat(got.field("Connection")).isEqualTo("close");
      assertThat(busy.rest()).isEmpty();
      busy.close();
      assertThat(ended.join()).isTrue();
      await().until(() -> site.open() == 0);
    }
  }

  @Test
  @DisplayName("does not wait for ever: what has not ended is broken off")
  void breaksOff() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok");
              client.rest();
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client().lines("GET / HTTP/1.1", "Host: a");
      client.head();
      assertThat(closing(stage.gateway(), Duration.ofMillis(300)).join()).isFalse();
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
      await().until(() -> site.open() == 0);
    }
  }

  @Test
  @DisplayName("a port that is taken is said in one line")
  void taken() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing()) {
      Settings settings = new Settings(site.address(), site.address(), Stage.LIMITS, Stage.LONG);
      assertThatThrownBy(() -> Gateway.start(settings, Stage.OPEN))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on")
          .hasMessageContaining(":" + site.address().getPort());
    }
  }
}
