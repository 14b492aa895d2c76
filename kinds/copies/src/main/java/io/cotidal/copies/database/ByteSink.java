package io.cotidal.copies.database;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Bytes on their way out. The streams of the Java runtime take a lock for every byte, which makes
 * writing a dump of gigabytes dearer than loading it.
 */
final class ByteSink {
  private final OutputStream out;
  private final byte[] buffer = new byte[64 * 1024];
  private int length;

  ByteSink(OutputStream out) {
    this.out = out;
  }

  void write(int one) throws IOException {
    if (length == buffer.length) {
      empty();
    }
    buffer[length++] = (byte) one;
  }

  void write(byte[] bytes, int from, int count) throws IOException {
    if (count > buffer.length - length) {
      empty();
    }
    if (count > buffer.length) {
      out.write(bytes, from, count);
      return;
    }
    System.arraycopy(bytes, from, buffer, length, count);
    length += count;
  }

  /** Hands everything to whoever is behind. */
  void flush() throws IOException {
    empty();
    out.flush();
  }

  private void empty() throws IOException {
    out.write(buffer, 0, length);
    length = 0;
  }
}
