package io.cotidal.remote.http.kept;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Sends a body while nobody has answered. */
final class Pump {
  private static final int PIECE = 64 * 1024;
  private static final int BEFORE = 8;
  private static final byte[] END = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final WriteWatch out;
  private final Ahead ahead;
  private final byte[] buffer = new byte[BEFORE + PIECE + 2];

  Pump(WriteWatch out, Ahead ahead) {
    this.out = out;
    this.ahead = ahead;
  }

  /** The body could not be read: not the server's fault. */
  static final class SourceBroken extends IOException {
    private static final long serialVersionUID = 1L;

    SourceBroken(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  void send(Body body) throws IOException {
    InputStream source;
    try {
      source = body.open();
    } catch (IOException e) {
      throw new SourceBroken("it cannot be opened", e);
    }
    if (body.length().isPresent()) {
      counted(source, body.length().getAsLong());
    } else {
      chunked(source);
    }
  }

  private void counted(InputStream source, long length) throws IOException {
    long left = length;
    while (left > 0 && !ahead.answered()) {
      int got = read(source, (int) Math.min(PIECE, left));
      if (got < 0) {
        throw new SourceBroken("it ended " + left + " bytes too early", null);
      }
      left -= got;
      if (left == 0) {
        ahead.last();
      }
      if (got > 0) {
        out.write(buffer, BEFORE, got);
      }
    }
    if (left == 0) {
      ahead.last();
      ahead.written();
    }
  }

  private void chunked(InputStream source) throws IOException {
    while (!ahead.answered()) {
      int got = read(source, PIECE);
      if (got < 0) {
        ahead.last();
        out.write(END, 0, END.length);
        ahead.written();
        return;
      }
      if (got > 0) {
        chunk(got);
      }
    }
  }

  private void chunk(int length) throws IOException {
    byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    int from = BEFORE - size.length;
    System.arraycopy(size, 0, buffer, from, size.length);
    buffer[BEFORE + length] = '\r';
    buffer[BEFORE + length + 1] = '\n';
    out.write(buffer, from, size.length + length + 2);
  }

  private int read(InputStream source, int most) throws IOException {
    try {
      return source.read(buffer, BEFORE, most);
    } catch (IOException e) {
      if (ahead.answered()) {
        // Whoever was told that it is enough closes what is read from.
        return 0;
      }
      throw new SourceBroken("it cannot be read", e);
    }
  }
}
