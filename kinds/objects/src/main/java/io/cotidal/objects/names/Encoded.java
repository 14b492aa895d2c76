package io.cotidal.objects.names;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Names on the wire and in Swift's order. */
public final class Encoded {
  private static final String PLAIN =
      "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private Encoded() {}

  /** Percent-encoded, slashes included. */
  public static String segment(String name) {
    return encode(name, false);
  }

  /** Percent-encoded, slashes kept: the name of an object is any path. */
  public static String path(String name) {
    return encode(name, true);
  }

  private static String encode(String name, boolean slashes) {
    StringBuilder text = new StringBuilder(name.length() + 16);
    for (byte one : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (one & 0xff);
      if (PLAIN.indexOf(c) >= 0 || (slashes && c == '/')) {
        text.append(c);
      } else {
        text.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
      }
    }
    return text.toString();
  }

  /** The order of Swift's listings: by the bytes of UTF-8, unsigned. */
  public static int compare(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // UTF-16 sorts as UTF-8 does, but for surrogates, which stand for characters beyond all
        // others.
        return Character.isSurrogate(x) || Character.isSurrogate(y) ? bytes(a, b) : x - y;
      }
    }
    return a.length() - b.length();
  }

  private static int bytes(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
