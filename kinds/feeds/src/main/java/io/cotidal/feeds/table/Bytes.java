package io.cotidal.feeds.table;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes that can be looked at before they are taken. */
final class Bytes {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long BREAKS = ONES * '\n';

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;

  Bytes(InputStream in) {
    this.in = in;
  }

  /** The next byte, which stays; -1 at the end. */
  int peek() throws IOException {
    return ahead(0);
  }

  /** The byte that many after the next, at most a few; -1 behind the end. */
  int ahead(int further) throws IOException {
    while (end - at <= further) {
      if (at > 0) {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
      }
      int more = in.read(buffer, end, buffer.length - end);
      if (more < 0) {
        return -1;
      }
      end += more;
    }
    return buffer[at + further] & 0xFF;
  }

  /** Takes the next byte; -1 at the end. */
  int take() throws IOException {
    int next = peek();
    at += next < 0 ? 0 : 1;
    return next;
  }

  /**
   * Takes what is here, up to a line that begins with that byte.
   *
   * @param begins whether a line begins here
   * @return how many were taken; 0 if such a line comes next
   */
  int lines(byte[] target, int offset, int length, boolean begins, char stop) {
    boolean first = begins;
    int to = at;
    int most = Math.min(end, at + length);
    while (to < most && !(first && buffer[to] == stop)) {
      int line = newline(to, most);
      first = line < most;
      to = first ? line + 1 : most;
    }
    System.arraycopy(buffer, at, target, offset, to - at);
    int taken = to - at;
    at = to;
    return taken;
  }

  /** Where the next line break is; {@code to} if there is none before. Eight bytes at a time. */
  private int newline(int from, int to) {
    int i = from;
    while (i + Long.BYTES <= to) {
      long word = (long) WORDS.get(buffer, i) ^ BREAKS;
      if (((word - ONES) & ~word & HIGHS) != 0) {
        break;
      }
      i += Long.BYTES;
    }
    while (i < to && buffer[i] != '\n') {
      i++;
    }
    return i;
  }
}
