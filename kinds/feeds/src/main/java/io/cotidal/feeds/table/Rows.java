package io.cotidal.feeds.table;

import java.io.IOException;
import java.io.InputStream;

/** Rows as {@code COPY} writes them, without the line that ends them. */
final class Rows extends InputStream {
  private static final char MARK = '\\';

  private final Bytes bytes;
  private boolean begins = true;
  private boolean over;

  Rows(Bytes bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /**
   * Fills the target as far as there are rows: few large messages cost less than many small ones.
   */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int given = 0;
    while (given < length && !over) {
      given += some(target, offset + given, length - given);
    }
    return given == 0 && over ? -1 : given;
  }

  private int some(byte[] target, int offset, int length) throws IOException {
    if (bytes.peek() < 0) {
      throw new Archive.Broken("its rows do not end");
    }
    int given = bytes.lines(target, offset, length, begins, MARK);
    if (given > 0) {
      begins = target[offset + given - 1] == '\n';
      return given;
    }
    if (bytes.ahead(1) == '.' && bytes.ahead(2) == '\n') {
      bytes.take();
      bytes.take();
      bytes.take();
      over = true;
      return 0;
    }
    // A row that begins with a backslash, but is no end.
    begins = false;
    target[offset] = (byte) bytes.take();
    return 1;
  }
}
