package io.cotidal.copies.database;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Watches a dump go by, to tell at its end whether it is whole: the tools that write dumps say in
 * the head who they are, and at the end that they are done. A file that was cut between two
 * statements looks good to every client.
 */
final class Trailer extends FilterInputStream {
  private static final int HEAD = 512;
  private static final int TAIL = 64 * 1024;

  private final byte[] head = new byte[HEAD];
  private final byte[] tail = new byte[TAIL];
  private long count;

  Trailer(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    for (int i = Math.max(0, read - TAIL); i < read; i++) {
      tail[(int) ((count + i) % TAIL)] = bytes[offset + i];
    }
    for (int i = 0; i < read && count + i < HEAD; i++) {
      head[(int) (count + i)] = bytes[offset + i];
    }
    count += Math.max(0, read);
    return read;
  }

  /**
   * Whether the end is missing that the head promises.
   *
   * @param heads words with which tools introduce themselves
   * @param end words with which they finish
   */
  boolean missing(String[] heads, String end) {
    String first = new String(head, StandardCharsets.ISO_8859_1);
    for (String words : heads) {
      if (first.contains(words)) {
        return !last().contains(end);
      }
    }
    return false;
  }

  private String last() {
    if (count <= TAIL) {
      return new String(tail, 0, (int) count, StandardCharsets.ISO_8859_1);
    }
    int at = (int) (count % TAIL);
    return new String(tail, at, TAIL - at, StandardCharsets.ISO_8859_1)
        + new String(tail, 0, at, StandardCharsets.ISO_8859_1);
  }
}
