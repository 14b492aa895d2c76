package io.cotidal.pgclient;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;

/**
 * A socket whose connect and reads end at one point in time, whatever the other end trickles in.
 * The driver's own timeouts count seconds and begin anew with each read.
 */
final class DeadlineSocket extends Socket {
  private volatile long deadline;

  DeadlineSocket(long deadlineNanos) {
    this.deadline = deadlineNanos;
  }

  /**
   * Sets the point in time, a reading of {@link System#nanoTime()}, until which reads may wait from
   * now on.
   */
  void until(long deadlineNanos) {
    deadline = deadlineNanos;
  }

  /**
   * The deadline has passed. Not a time-out: the driver takes one in the middle of a message as a
   * cue to try again.
   */
  static final class Passed extends IOException {
    private static final long serialVersionUID = 1;

    Passed() {
      super("the deadline has passed");
    }
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    try {
      super.connect(endpoint, left());
    } catch (SocketTimeoutException e) {
      throw new Passed();
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        setSoTimeout(left());
        try {
          return super.read(bytes, offset, length);
        } catch (SocketTimeoutException e) {
          throw new Passed();
        }
      }
    };
  }

  private int left() throws Passed {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new Passed();
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }
}
