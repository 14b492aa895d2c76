package io.cotidal.feeds.delta;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Records as rows of {@code COPY}, each checked before any of it is handed on. */
final class Rows extends InputStream {
  private final DataInputStream in;
  private final int fields;
  private final DeltaLimits limits;
  private long total;
  private long left;
  private byte[] now = new byte[0];
  private int at;

  Rows(DataInputStream in, long records, int fields, DeltaLimits limits) {
    this.in = in;
    this.left = records;
    this.fields = fields;
    this.limits = limits;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (at == now.length && !next()) {
      return -1;
    }
    int count = Math.min(length, now.length - at);
    System.arraycopy(now, at, into, offset, count);
    at += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean next() throws IOException {
    if (left == 0) {
      if (in.read() >= 0) {
        throw new BadRecord("there are more records than it says");
      }
      return false;
    }
    left--;
    try {
      now = record();
    } catch (EOFException e) {
      throw new BadRecord("there are fewer records than it says");
    }
    at = 0;
    return true;
  }

  private byte[] record() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(2).putShort((short) fields).array());
    for (int i = 0; i < fields; i++) {
      int length = in.readInt();
      out.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
      if (length < -1 || out.size() + (long) Math.max(0, length) > limits.record()) {
        throw new BadRecord("a field has no good length");
      }
      if (length > 0) {
        byte[] value = in.readNBytes(length);
        if (value.length < length) {
          throw new EOFException();
        }
        out.writeBytes(value);
      }
    }
    total += out.size();
    if (total > limits.total()) {
      throw new BadRecord("it unpacks to more than " + limits.total() + " bytes");
    }
    return out.toByteArray();
  }

  /** A record that is not what it must be; what a stream may throw. */
  static final class BadRecord extends IOException {
    private static final long serialVersionUID = 1;

    private final String what;

    BadRecord(String what) {
      super(what);
      this.what = what;
    }

    String what() {
      return what;
    }
  }
}
