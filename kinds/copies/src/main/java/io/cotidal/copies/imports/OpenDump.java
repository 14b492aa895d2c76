package io.cotidal.copies.imports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The decompressed content of a dump. Reads by one thread; {@link #consumed} may be asked by
 * others.
 */
public final class OpenDump extends FilterInputStream {
  private final Dump dump;
  private final Limits limits;
  private final AtomicLong consumed;
  private long content;

  OpenDump(Dump dump, InputStream decompressed, AtomicLong consumed, Limits limits) {
    super(decompressed);
    this.dump = dump;
    this.consumed = consumed;
    this.limits = limits;
  }

  /** How many bytes of the file have been read so far. */
  public long consumed() {
    return consumed.get();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read;
    try {
      read = in.read(bytes, offset, length);
    } catch (DumpException e) {
      throw e;
    } catch (IOException e) {
      throw Packings.broken(dump, e);
    }
    if (read > 0) {
      content += read;
      check();
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    return readNBytes((int) Math.min(count, 1 << 16)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void check() throws DumpException {
    if (content > limits.bytes()) {
      throw new DumpException(
          "dump "
              + Dumps.shown(dump.file())
              + " holds more than "
              + limits.bytes()
              + " bytes; raise the limit if that is right");
    }
    if (content > Limits.FREE && content / limits.ratio() > consumed.get()) {
      throw new DumpException(
          "dump "
              + Dumps.shown(dump.file())
              + " swells to more than "
              + limits.ratio()
              + " times its size; raise the limit if that is right");
    }
  }
}
