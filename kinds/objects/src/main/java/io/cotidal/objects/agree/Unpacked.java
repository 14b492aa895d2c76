package io.cotidal.objects.agree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The other side of {@link Packed}. Bytes that make no sense are a failure, never a value. */
final class Unpacked {
  private final byte[] bytes;
  private int at;

  Unpacked(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean more() {
    return at < bytes.length;
  }

  int one() throws IOException {
    if (at >= bytes.length) {
      throw new IOException("a block ends too early");
    }
    return bytes[at++] & 0xff;
  }

  long number() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = one();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("a number is too long");
  }

  int count() throws IOException {
    long value = number();
    if (value < 0 || value > bytes.length) {
      throw new IOException("a length of " + value + " in a block of " + bytes.length);
    }
    return (int) value;
  }

  void raw(byte[] into, int start, int count) throws IOException {
    if (count > bytes.length - at) {
      throw new IOException("a block ends too early");
    }
    System.arraycopy(bytes, at, into, start, count);
    at += count;
  }

  String text() throws IOException {
    byte[] utf = new byte[count()];
    raw(utf, 0, utf.length);
    return new String(utf, StandardCharsets.UTF_8);
  }
}
