package io.cotidal.gateway.wire.message;

import io.cotidal.gateway.door.Head;

/**
 * The head of a request, read.
 *
 * @param head without the fields of the connection, which are those that {@code Connection} names
 *     too
 * @param minor 0 for HTTP/1.0, 1 for HTTP/1.1
 * @param framing of the body that follows
 * @param keepAlive whether the client will ask again on this connection
 * @param asksToKeep whether it says so, and is to be told in turn: some look for the answer
 * @param expectsContinue whether it sends the body only when it is told to
 */
public record RequestHead(
    Head head,
    int minor,
    Framing framing,
    boolean keepAlive,
    boolean asksToKeep,
    boolean expectsContinue) {
  private static final int LONGEST = 18;

  /** Whether a request that was answered with nothing may be sent again. */
  public boolean safe() {
    return switch (head.method()) {
      case "GET", "HEAD", "OPTIONS" -> true;
      default -> false;
    };
  }

  /** A number of bytes as {@code Content-Length} has it; negative for what is none. */
  static long length(String value) {
    if (value.isEmpty() || value.length() > LONGEST) {
      return -1;
    }
    long length = 0;
    for (int i = 0; i < value.length(); i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      length = length * 10 + digit;
    }
    return length;
  }
}
