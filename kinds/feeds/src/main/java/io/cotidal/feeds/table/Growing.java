package io.cotidal.feeds.table;

import java.util.Arrays;

/** Bytes that are put one behind another, and taken from the front. Big numbers come first. */
final class Growing {
  private static final byte[] DIGITS = digits();

  private byte[] bytes = new byte[1 << 17];
  private int end;

  /** How many are there to be taken. */
  int length() {
    return end;
  }

  /** Takes so many, at most. */
  int take(byte[] target, int offset, int most) {
    int count = Math.min(most, end);
    System.arraycopy(bytes, 0, target, offset, count);
    System.arraycopy(bytes, count, bytes, 0, end - count);
    end -= count;
    return count;
  }

  private void room(int count) {
    if (bytes.length - end < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + count));
    }
  }

  void put(int value) {
    room(1);
    bytes[end++] = (byte) value;
  }

  void put(byte[] from, int offset, int count) {
    room(count);
    System.arraycopy(from, offset, bytes, end, count);
    end += count;
  }

  void two(int value) {
    put(value >> 8);
    put(value);
  }

  void four(int value) {
    two(value >> 16);
    two(value);
  }

  void eight(long value) {
    four((int) (value >> 32));
    four((int) value);
  }

  /** Leaves four bytes for a length; where. */
  int begin() {
    four(0);
    return end;
  }

  /** All since {@code begun} is as long as it is. */
  void end(int begun) {
    int length = end - begun;
    for (int i = 1; i <= Integer.BYTES; i++) {
      bytes[begun - i] = (byte) (length >> (8 * (i - 1)));
    }
  }

  /** Two hexadecimal digits a byte; false if they are not. */
  boolean hex(byte[] from, int offset, int to) {
    int count = to - offset;
    room(count / 2);
    int all = count & 1;
    for (int i = offset; i + 1 < to; i += 2) {
      int value = (digit(from[i]) << 4) | digit(from[i + 1]);
      all |= value;
      bytes[end++] = (byte) value;
    }
    return count > 0 && (count & 1) == 0 && all >= 0;
  }

  private static int digit(byte character) {
    return character >= '0' && character <= 'f' ? DIGITS[character - '0'] : -1;
  }

  private static byte[] digits() {
    byte[] digits = new byte['f' - '0' + 1];
    Arrays.fill(digits, (byte) -1);
    for (int i = 0; i < digits.length; i++) {
      digits[i] = (byte) Character.digit('0' + i, 16);
    }
    return digits;
  }
}
