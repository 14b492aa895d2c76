package io.cotidal.objects.mover;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** The bytes of an object on their way, no faster than allowed. */
final class ThrottledStream extends InputStream {
  private final InputStream bytes;
  private final Throttle throttle;
  private final Deadline deadline;

  ThrottledStream(InputStream bytes, Throttle throttle, Deadline deadline) {
    this.bytes = bytes;
    this.throttle = throttle;
    this.deadline = deadline;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int at, int most) throws IOException {
    int length = bytes.read(into, at, most);
    if (length > 0) {
      try {
        throttle.moved(length, deadline);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while an object moved");
      }
    }
    return length;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
