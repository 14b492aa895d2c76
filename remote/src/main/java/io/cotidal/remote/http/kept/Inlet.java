package io.cotidal.remote.http.kept;

import io.cotidal.remote.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What comes over a connection, each read under the deadline and the patience of the call at hand.
 * One thread at a time.
 */
final class Inlet {
  private static final int LONGEST_LINE = 64 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[16 * 1024];
  private int from;
  private int to;
  private boolean heard;
  private Deadline deadline = Deadline.in(Duration.ZERO);
  private Duration stall = Duration.ZERO;

  Inlet(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** A new call: nothing was heard of it. */
  void begin() {
    heard = false;
  }

  /** From here on, reads wait until then, and each no longer than {@code most}. */
  void pace(Deadline until, Duration most) {
    deadline = until;
    stall = most;
  }

  /** Whether anything came since the call began. */
  boolean heard() {
    return heard;
  }

  /** Whether nothing was read ahead. */
  boolean empty() {
    return from == to;
  }

  /** Some bytes, or -1 at the end of the connection. */
  int some(byte[] into, int at, int most) throws IOException {
    if (from == to && most >= buffer.length) {
      return wire(into, at, most);
    }
    if (from == to && !fill()) {
      return -1;
    }
    int length = Math.min(most, to - from);
    System.arraycopy(buffer, from, into, at, length);
    from += length;
    return length;
  }

  /** A line without its end. */
  String line() throws IOException {
    StringBuilder longer = new StringBuilder();
    while (true) {
      if (from == to && !fill()) {
        throw new EOFException("it ended in the middle of an answer");
      }
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      longer.append(new String(buffer, from, end - from, StandardCharsets.ISO_8859_1));
      if (longer.length() > LONGEST_LINE) {
        throw new NotHttp("a line is too long");
      }
      boolean whole = end < to;
      from = whole ? end + 1 : end;
      if (whole) {
        int length = longer.length();
        boolean carriage = length > 0 && longer.charAt(length - 1) == '\r';
        return carriage ? longer.substring(0, length - 1) : longer.toString();
      }
    }
  }

  private boolean fill() throws IOException {
    int length = wire(buffer, 0, buffer.length);
    from = 0;
    to = Math.max(0, length);
    return length > 0;
  }

  private int wire(byte[] into, int at, int most) throws IOException {
    Duration left = deadline.left();
    if (left.isZero()) {
      throw new SocketTimeoutException("the deadline is over");
    }
    Duration wait = left.compareTo(stall) < 0 ? left : stall;
    socket.setSoTimeout(Math.clamp(wait.toMillis(), 1, Integer.MAX_VALUE));
    int length = in.read(into, at, most);
    heard |= length > 0;
    return length;
  }
}
