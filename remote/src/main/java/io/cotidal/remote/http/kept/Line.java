package io.cotidal.remote.http.kept;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** One connection. */
final class Line {
  private final SocketChannel channel;
  private final Inlet inlet;
  private final OutputStream out;
  private boolean used;
  private long restedAt = System.nanoTime();

  /**
   * A connection that stands.
   *
   * @param channel the connection itself
   * @param spoken what is spoken over: its socket, or TLS on top of it
   */
  Line(SocketChannel channel, Socket spoken) throws IOException {
    this.channel = channel;
    this.inlet = new Inlet(spoken);
    this.out = spoken.getOutputStream();
  }

  Inlet inlet() {
    return inlet;
  }

  OutputStream out() {
    return out;
  }

  /** Whether it has served a call. */
  boolean used() {
    return used;
  }

  /** A call is over, and the next one may come. */
  void rest() {
    used = true;
    restedAt = System.nanoTime();
  }

  boolean restedLonger(Duration most) {
    return System.nanoTime() - restedAt > most.toNanos();
  }

  /** Whether it can serve no more: it was closed at the other end, or something came unasked. */
  boolean stale() {
    if (!inlet.empty()) {
      return true;
    }
    try {
      channel.configureBlocking(false);
      int came = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return came != 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** Sends no more, but still listens. */
  void stopWriting() {
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      // It is broken already, as whoever reads learns.
    }
  }

  /** Ends it so that the other end takes nothing that it got for whole. Any thread may. */
  void abort() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It is closed already.
    }
    close();
  }

  /** Ends it. Any thread may. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      assert !channel.isOpen();
    }
  }
}
