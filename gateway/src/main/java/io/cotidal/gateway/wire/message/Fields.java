package io.cotidal.gateway.wire.message;

import io.cotidal.gateway.door.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads header fields. Each byte of a name or a value becomes one character. */
final class Fields {
  private static final int MOST = 1_000;
  private static final int TOO_LARGE = 431;

  private Fields() {}

  /**
   * Reads lines, each of which ends with CR and LF.
   *
   * @param from where the first begins
   * @param to where the last has ended
   */
  static List<Field> read(byte[] bytes, int from, int to) throws BadMessage {
    List<Field> fields = new ArrayList<>(16);
    int at = from;
    while (at < to) {
      int colon = colon(bytes, at);
      int begin = colon + 1;
      while (Letters.blank(bytes[begin])) {
        begin++;
      }
      int end = begin;
      while (Letters.value(bytes[end])) {
        end++;
      }
      if (bytes[end] != '\r' || bytes[end + 1] != '\n') {
        throw new BadMessage("a header has a control character in its value");
      }
      fields.add(new Field(text(bytes, at, colon), text(bytes, begin, trimmed(bytes, begin, end))));
      if (fields.size() > MOST) {
        throw new BadMessage(TOO_LARGE, "there are more than " + MOST + " headers");
      }
      at = end + 2;
    }
    return fields;
  }

  private static int colon(byte[] bytes, int from) throws BadMessage {
    int at = from;
    while (Letters.token(bytes[at])) {
      at++;
    }
    if (bytes[at] == ':' && at > from) {
      return at;
    }
    if (at == from && Letters.blank(bytes[at])) {
      throw new BadMessage("a header is folded over two lines");
    }
    throw new BadMessage("a header's name is followed by something other than a colon");
  }

  private static int trimmed(byte[] bytes, int begin, int end) {
    int last = end;
    while (last > begin && Letters.blank(bytes[last - 1])) {
      last--;
    }
    return last;
  }

  /** A character a byte. */
  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
