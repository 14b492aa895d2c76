package io.cotidal.cli.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/**
 * Bytes to be sent, and how far they are.
 *
 * @param in where they come from; closed by whoever sends them
 * @param length how many; negative if nobody knows
 * @param progress told how many have been read so far, on the thread that reads them
 */
public record Outgoing(InputStream in, long length, LongConsumer progress) {
  /** The same bytes, counted as they are read. */
  InputStream counted() {
    return new FilterInputStream(in) {
      private long done;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int offset, int most) throws IOException {
        int read = super.read(bytes, offset, most);
        if (read > 0) {
          done += read;
          progress.accept(done);
        }
        return read;
      }
    };
  }
}
