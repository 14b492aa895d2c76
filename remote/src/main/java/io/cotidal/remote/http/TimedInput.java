package io.cotidal.remote.http;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** What comes over a socket until a deadline, however slowly it comes. */
final class TimedInput extends InputStream {
  private final Socket socket;
  private final InputStream bytes;
  private final Deadline deadline;

  TimedInput(Socket socket, Deadline deadline) throws IOException {
    this.socket = socket;
    this.bytes = socket.getInputStream();
    this.deadline = deadline;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    if (deadline.over()) {
      throw new SocketTimeoutException("the deadline is over");
    }
    socket.setSoTimeout((int) Math.max(1, deadline.left().toMillis()));
    return bytes.read(into, from, most);
  }
}
