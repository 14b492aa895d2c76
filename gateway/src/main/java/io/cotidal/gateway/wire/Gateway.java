package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Doorkeeper;
import io.cotidal.gateway.door.Peer;
import io.cotidal.remote.Deadline;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A streaming proxy before one site. Bytes go through as they come; a head is changed only as HTTP
 * wants it of a proxy, and as the doorkeeper says. Thread-safe.
 */
public final class Gateway implements AutoCloseable {
  private static final int BACKLOG = 1_024;
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final long END_MILLIS = 5_000;

  private final EventLoopGroup group;
  private final Map<EventExecutor, Loop> loops;
  private final Tally tally;
  private final Channel server;

  private Gateway(
      EventLoopGroup group, Map<EventExecutor, Loop> loops, Tally tally, Channel server) {
    this.group = group;
    this.loops = loops;
    this.tally = tally;
    this.server = server;
  }

  /**
   * Starts one.
   *
   * @throws IOException if it cannot listen there, or another site is not to be asked like that
   */
  public static Gateway start(Settings settings, Doorkeeper doorkeeper) throws IOException {
    return start(settings, doorkeeper, Transport.best());
  }

  /** Starts one on sockets of that kind. */
  static Gateway start(Settings settings, Doorkeeper doorkeeper, Transport transport)
      throws IOException {
    int asked = settings.limits().loops();
    int count = asked > 0 ? asked : Runtime.getRuntime().availableProcessors();
    List<Upstream> peers = new ArrayList<>();
    for (Peer peer : settings.peers()) {
      peers.add(Upstream.of(peer));
    }
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory("gateway", true), transport.handlers().get());
    Tally tally = new Tally();
    String name = Integer.toUnsignedString(new SecureRandom().nextInt(), 36);
    int readAhead = ReadSize.all(PlatformDependent.maxDirectMemory(), count);
    Loop.House house =
        new Loop.House(settings, doorkeeper, tally, transport, name, count, readAhead, peers);
    Map<EventExecutor, Loop> loops = new HashMap<>();
    for (EventExecutor each : group) {
      loops.put(each, new Loop(house, (EventLoop) each, loops.size()));
    }
    ChannelFuture bound = listen(settings, transport, group, loops).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var _ = group.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS);
      throw new IOException(
          "cannot listen on "
              + settings.listen()
              + ": "
              + bound.cause().getMessage()
              + "; end what listens there, or give another address",
          bound.cause());
    }
    return new Gateway(group, loops, tally, bound.channel());
  }

  private static ChannelFuture listen(
      Settings settings,
      Transport transport,
      EventLoopGroup group,
      Map<EventExecutor, Loop> loops) {
    return new ServerBootstrap()
        .group(group)
        .channelFactory(transport.servers())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                Loop loop = loops.get(channel.eventLoop());
                if (loop == null) {
                  throw new IllegalStateException("a loop that nobody made");
                }
                channel.pipeline().addLast(new ClientConnection(loop));
              }
            })
        .bind(settings.listen());
  }

  /** Where clients reach it. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  /** The port of {@link #address}. */
  public int port() {
    return address().getPort();
  }

  /** What it has done so far. */
  public Counters counters() {
    return tally.read();
  }

  /**
   * Takes no more connections, lets what has begun end until the deadline, and breaks off what has
   * not ended then.
   *
   * @return whether nothing had to be broken off
   */
  public boolean close(Deadline deadline) throws InterruptedException {
    try {
      var _ = server.close().await(deadline.left().toMillis());
      loops.values().forEach(loop -> loop.run(loop::drain));
      while (tally.clients.get() > 0 && !deadline.over()) {
        deadline.pause(LOOK);
      }
      return tally.clients.get() == 0;
    } finally {
      close();
    }
  }

  /** Breaks off all that has not ended. */
  @Override
  public void close() {
    var _ = server.close().awaitUninterruptibly(END_MILLIS);
    loops.values().forEach(loop -> loop.finish(END_MILLIS));
    var _ =
        group
            .shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(2 * END_MILLIS);
  }
}
