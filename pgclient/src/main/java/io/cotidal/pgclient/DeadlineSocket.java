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

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    super.connect(endpoint, left());
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        try {
          setSoTimeout(left());
          return super.read();
        } catch (SocketTimeoutException e) {
          throw passed(e);
        }
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
          setSoTimeout(left());
          return super.read(bytes, offset, length);
        } catch (SocketTimeoutException e) {
          throw passed(e);
        }
      }
    };
  }

  /**
   * The driver takes a timeout that it did not ask for as none: it would read again, and again, for
   * ever.
   */
  private static IOException passed(SocketTimeoutException timeout) {
    return new IOException("no answer before the deadline", timeout);
  }

  private int left() throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("the deadline has passed");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }
}
