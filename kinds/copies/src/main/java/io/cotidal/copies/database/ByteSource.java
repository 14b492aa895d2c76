package io.cotidal.copies.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The bytes of a dump, with a look at those to come and a count of lines. */
final class ByteSource {
  /** How far one can look ahead. */
  static final int AHEAD = 8192;

  private final InputStream in;
  private final byte[] buffer = new byte[16 * AHEAD];
  private int at;
  private int end;
  private long line = 1;

  ByteSource(InputStream in) {
    this.in = in;
  }

  /** The next byte; -1 at the end. */
  int next() throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    int one = buffer[at++] & 0xFF;
    if (one == '\n') {
      line++;
    }
    return one;
  }

  /** The byte after those that were read; -1 at the end. */
  int peek() throws IOException {
    return at == end && !fill() ? -1 : buffer[at] & 0xFF;
  }

  /** Up to {@code length} bytes to come, at most {@link #AHEAD}, each as one character. */
  String ahead(int length) throws IOException {
    while (end - at < length && fill()) {
      // Read on until there is enough, or nothing more.
    }
    return new String(buffer, at, Math.min(length, end - at), StandardCharsets.ISO_8859_1);
  }

  /**
   * Passes on everything up to the next byte that is one of the two, and that byte.
   *
   * @return that byte; -1 if there was none before the end
   */
  int pass(int one, int other, ByteSink out) throws IOException {
    while (at < end || fill()) {
      int from = at;
      while (at < end) {
        int next = buffer[at++] & 0xFF;
        if (next == '\n') {
          line++;
        }
        if (next == one || next == other) {
          out.write(buffer, from, at - from);
          return next;
        }
      }
      out.write(buffer, from, at - from);
    }
    return -1;
  }

  /** Passes over bytes that were looked at. */
  void skip(int length) throws IOException {
    for (int i = 0; i < length; i++) {
      next();
    }
  }

  /** Number of the line that the next byte is on, from 1. */
  long line() {
    return line;
  }

  private boolean fill() throws IOException {
    if (at > buffer.length - AHEAD || at == end) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      end -= at;
      at = 0;
    }
    int read = end == buffer.length ? -1 : in.read(buffer, end, buffer.length - end);
    if (read <= 0) {
      return false;
    }
    end += read;
    return true;
  }
}
