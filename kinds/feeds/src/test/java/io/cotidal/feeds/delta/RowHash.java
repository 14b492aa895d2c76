package io.cotidal.feeds.delta;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** The hash of a row as the format's page tells it, without PostgreSQL. */
final class RowHash {
  private static final int START = 0x9e3779b9 + 3923095;

  private int a;
  private int b;
  private int c;

  private RowHash(int length) {
    a = START + length;
    b = a;
    c = a;
  }

  /** Of a row whose values have these binary forms; empty for NULL. */
  static long of(List<Optional<byte[]>> values) {
    long sum = 1;
    for (Optional<byte[]> each : values) {
      sum = 31 * sum + each.map(RowHash::of).orElse(0L);
    }
    return 31 + of(ByteBuffer.allocate(Long.BYTES).putLong(sum).array());
  }

  /** Bob Jenkins's lookup3 of 2006, both its results. */
  static long of(byte[] bytes) {
    RowHash hash = new RowHash(bytes.length);
    int whole = bytes.length / 12;
    ByteBuffer words =
        ByteBuffer.allocate((whole + 1) * 12).order(ByteOrder.LITTLE_ENDIAN).put(bytes).rewind();
    for (int i = 0; i < whole; i++) {
      hash.take(words.getInt(), words.getInt(), words.getInt());
      hash.mix();
    }
    // The lowest byte of the third word of the last is kept for the length.
    hash.take(words.getInt(), words.getInt(), words.getInt() << 8);
    hash.last();
    return ((long) hash.b << 32) | (hash.c & 0xffffffffL);
  }

  private void take(int first, int second, int third) {
    a += first;
    b += second;
    c += third;
  }

  private void mix() {
    a = (a - c) ^ Integer.rotateLeft(c, 4);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 6);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 8);
    b += a;
    a = (a - c) ^ Integer.rotateLeft(c, 16);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 19);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 4);
    b += a;
  }

  private void last() {
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    c = (c ^ b) - Integer.rotateLeft(b, 24);
  }
}
