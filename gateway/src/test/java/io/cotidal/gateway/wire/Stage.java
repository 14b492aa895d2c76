package io.cotidal.gateway.wire;

import static org.awaitility.Awaitility.await;

import io.cotidal.gateway.door.Doorkeeper;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.wire.Settings.Limits;
import io.cotidal.gateway.wire.Settings.Patience;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A gateway before a site, and what asks it. Closing it sees to it that no buffer is left over. */
final class Stage implements AutoCloseable {
  static final Doorkeeper OPEN = Ruling.Pass::new;

  /** Small enough that tests reach them. */
  static final Limits LIMITS = new Limits(65_536, 500, 16, 16, 8L << 20, 1);

  /** Short enough to wait for; those that no test waits for are long. */
  static final Patience LONG =
      new Patience(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(2));

  static final Duration SHORT = Duration.ofMillis(300);

  static {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  private final Gateway gateway;
  private final List<RawSocket> clients = new ArrayList<>();

  Stage(Gateway gateway) {
    this.gateway = gateway;
  }

  static Stage of(ScriptedSite site) throws IOException {
    return of(site, OPEN);
  }

  static Stage of(ScriptedSite site, Doorkeeper doorkeeper) throws IOException {
    return new Stage(Gateway.start(settings(site.address()), doorkeeper));
  }

  static Stage of(Settings settings) throws IOException {
    return new Stage(Gateway.start(settings, OPEN));
  }

  static Settings settings(InetSocketAddress site) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new Settings(any, site, LIMITS, LONG);
  }

  Gateway gateway() {
    return gateway;
  }

  /** A new connection to the gateway. */
  RawSocket client() throws IOException {
    return kept(RawSocket.to(gateway.port()));
  }

  /** One more that is closed with the rest. */
  RawSocket kept(RawSocket client) {
    clients.add(client);
    return client;
  }

  /** Asks with a connection of its own. */
  RawSocket.Got ask(String... lines) throws IOException {
    return client().lines(lines).answer(lines[0].split(" ")[0]);
  }

  /** Buffers that somebody still holds. */
  static long held() {
    long held = 0;
    for (PoolArenaMetric arena : PooledByteBufAllocator.DEFAULT.metric().directArenas()) {
      held += arena.numActiveAllocations();
    }
    for (PoolArenaMetric arena : PooledByteBufAllocator.DEFAULT.metric().heapArenas()) {
      held += arena.numActiveAllocations();
    }
    return held;
  }

  @Override
  public void close() throws IOException {
    for (RawSocket client : clients) {
      client.close();
    }
    gateway.close();
    await("every buffer is given back").atMost(Duration.ofSeconds(20)).until(() -> held() == 0);
  }
}
