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

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (over || length == 0) {
      return over ? -1 : 0;
    }
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
      return -1;
    }
    // A row that begins with a backslash, but is no end.
    begins = false;
    target[offset] = (byte) bytes.take();
    return 1;
  }
}
