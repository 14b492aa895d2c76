package io.cotidal.copies.servers.docker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The Engine's form of what a container without terminal printed. */
final class Logs {
  private static final int HEAD = 8;

  private Logs() {}

  /**
   * The lines of a body made of frames: one byte for the stream, three of nothing, four for the
   * length. What follows a frame that was cut short is left out.
   */
  static List<String> lines(byte[] body) {
    StringBuilder text = new StringBuilder();
    ByteBuffer bytes = ByteBuffer.wrap(body);
    while (bytes.remaining() > HEAD) {
      int length = bytes.getInt(bytes.position() + 4);
      bytes.position(bytes.position() + HEAD);
      if (length < 0 || length > bytes.remaining()) {
        break;
      }
      text.append(new String(body, bytes.position(), length, StandardCharsets.UTF_8));
      bytes.position(bytes.position() + length);
    }
    return text.toString().lines().filter(line -> !line.isBlank()).toList();
  }
}
