package io.cotidal.feeds.table;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What things of one generation are called: the name in the dump, two underscores, the generation.
 */
final class Names {
  /** The generation of a table that was there before Cotidal. It keeps its plain name. */
  static final String ADOPTED = "adopted";

  private static final int LONGEST = 63;
  private static final Pattern WORD = Pattern.compile("[a-z0-9]{1,20}");

  private Names() {}

  /** Whether {@code text} may stand for a generation. */
  static boolean generation(String text) {
    return WORD.matcher(text).matches() && !text.equals(ADOPTED);
  }

  /**
   * The name of {@code name} in a generation. One that would be too long for PostgreSQL is cut, and
   * then tells itself from its like by a checksum of the whole.
   */
  static String of(String name, String generation) {
    String end = "__" + generation;
    if (bytes(name) + end.length() <= LONGEST) {
      return name + end;
    }
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    String tail = "_" + HexFormat.of().toHexDigits((int) sum.getValue()) + end;
    return cut(name, LONGEST - tail.length()) + tail;
  }

  /** The name without that generation, as far as it can be told. */
  static String without(String name, String generation) {
    String end = "__" + generation;
    return name.endsWith(end) ? name.substring(0, name.length() - end.length()) : name;
  }

  /** The longest beginning of {@code name} that takes at most {@code most} bytes. */
  private static String cut(String name, int most) {
    int end = 0;
    int taken = 0;
    while (end < name.length()) {
      int next = name.offsetByCodePoints(end, 1);
      taken += bytes(name.substring(end, next));
      if (taken > most) {
        return name.substring(0, end);
      }
      end = next;
    }
    return name;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
