package io.cotidal.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one connection. Writing fails in silence: whoever reads hears that the
 * connection has ended. Used by its event loop only.
 */
final class Link {
  /** So much waits for the other side before nothing more is taken for it. */
  private static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(131_072, 262_144);

  private final Channel channel;
  private @Nullable ByteBuf held;
  private boolean closed;
  private long mark;
  private long since;
  private long asked;

  Link(Channel channel) {
    this.channel = channel;
  }

  /** One that was just made, set so that nothing comes which was not asked for. */
  static Link tuned(Channel channel, Loop loop) {
    ChannelConfig config = channel.config();
    config.setAutoRead(false);
    config.setAllocator(PooledByteBufAllocator.DEFAULT);
    config.setRecvByteBufAllocator(new ReadSize(loop.house().readAhead(), loop::clients));
    config.setWriteBufferWaterMark(WAITING);
    var _ = config.setOption(ChannelOption.TCP_NODELAY, true);
    var _ = config.setOption(ChannelOption.SO_KEEPALIVE, true);
    return new Link(channel);
  }

  /** Lets the next bytes come: one buffer full of them, at most. */
  void read() {
    channel.read();
  }

  /** A buffer that can grow. */
  ByteBuf buffer(int size) {
    return channel.alloc().ioBuffer(size);
  }

  /** Takes the buffer; it goes with the next flush. */
  void write(ByteBuf bytes) {
    ByteBuf before = held;
    if (before != null && bytes.readableBytes() <= before.writableBytes()) {
      before.writeBytes(bytes);
      bytes.release();
      return;
    }
    push();
    var _ = channel.write(bytes, channel.voidPromise());
  }

  /**
   * The same with one that was made here: what follows goes into it as long as there is room, so
   * that a head and a small body are sent as one.
   */
  void writeFirst(ByteBuf bytes) {
    push();
    if (closed) {
      bytes.release();
    } else {
      held = bytes;
    }
  }

  private void push() {
    ByteBuf first = held;
    held = null;
    if (first != null) {
      var _ = channel.write(first, channel.voidPromise());
    }
  }

  void flush() {
    push();
    channel.flush();
  }

  /** Whether it takes more without piling it up. */
  boolean writable() {
    return channel.isWritable();
  }

  /** Closes it; what was not flushed is dropped. */
  void close() {
    ByteBuf dropped = held;
    held = null;
    closed = true;
    if (dropped != null) {
      dropped.release();
    }
    var _ = channel.close();
  }

  /** Closes it so that the other side cannot take what it has for the whole. */
  void reset() {
    if (channel.isOpen()) {
      flush();
      var _ = channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    close();
  }

  /** Ends what is sent, once all of it has gone, and says so; what comes is still read. */
  void endOutput(Runnable sent) {
    push();
    var _ =
        channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(
                (ChannelFutureListener)
                    future -> {
                      if (future.isSuccess() && channel instanceof DuplexChannel duplex) {
                        var _ = duplex.shutdownOutput();
                      }
                      sent.run();
                    });
  }

  /** Who is on the other side, without a port. */
  String peer() {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? host(address.getAddress())
        : "unknown";
  }

  /** Where the other side has reached us. */
  String local() {
    SocketAddress local = channel.localAddress();
    if (!(local instanceof InetSocketAddress address)) {
      return "localhost";
    }
    String host = host(address.getAddress());
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static String host(InetAddress address) {
    String host = address.getHostAddress();
    int zone = host.indexOf('%');
    return zone < 0 ? host : host.substring(0, zone);
  }

  /**
   * Whether the other side has taken nothing for so long although something waits for it. It is
   * asked at each tick; the time in which it was not does not count.
   */
  boolean stalled(long now, long nanos) {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    long size = waiting == null ? 1 : waiting.totalPendingWriteBytes();
    long seen = waiting == null ? 1 : size * 31 + waiting.currentProgress();
    boolean followed = now - asked < 4 * Loop.TICK_NANOS;
    asked = now;
    if (size == 0 || seen != mark || !followed) {
      mark = seen;
      since = now;
      return false;
    }
    return now - since > nanos;
  }
}
