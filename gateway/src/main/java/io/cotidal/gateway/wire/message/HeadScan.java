package io.cotidal.gateway.wire.message;

import io.netty.buffer.ByteBuf;

/**
 * Looks for the end of a head in bytes that come in pieces. Each line ends with CR and LF; a bare
 * LF is refused, since others might take it for the end of a line or for a part of it.
 */
public final class HeadScan {
  private static final int TOO_LARGE = 431;

  private final int limit;
  private int scanned;
  private int line;

  /**
   * For one connection.
   *
   * @param limit the most bytes that a head may have
   */
  public HeadScan(int limit) {
    this.limit = limit;
  }

  /**
   * Takes empty lines away that stand before a request, as some clients send them after a body.
   *
   * @return whether something else stands there now
   */
  public static boolean skipEmptyLines(ByteBuf in) throws BadMessage {
    while (in.isReadable() && in.getByte(in.readerIndex()) == '\r') {
      if (in.readableBytes() == 1) {
        return false;
      }
      if (in.getByte(in.readerIndex() + 1) != '\n') {
        throw new BadMessage("a line ends with a bare CR");
      }
      in.skipBytes(2);
    }
    return in.isReadable();
  }

  /**
   * How long the head is that {@code in} begins with, its empty line counted; 0 if it is not whole
   * yet. Between two calls for one head bytes may only be added at the end.
   */
  public int length(ByteBuf in) throws BadMessage {
    int start = in.readerIndex();
    int end = Math.min(in.writerIndex(), start + limit);
    for (int at = in.indexOf(start + scanned, end, (byte) '\n');
        at >= 0;
        at = in.indexOf(start + scanned, end, (byte) '\n')) {
      int before = at - start;
      if (before == 0 || in.getByte(at - 1) != '\r') {
        throw new BadMessage("a line ends with a bare LF");
      }
      scanned = before + 1;
      if (before - line == 1) {
        int length = scanned;
        scanned = 0;
        line = 0;
        return length;
      }
      line = scanned;
    }
    scanned = end - start;
    if (scanned == limit) {
      throw new BadMessage(TOO_LARGE, "the head has more than " + limit + " bytes");
    }
    return 0;
  }
}
