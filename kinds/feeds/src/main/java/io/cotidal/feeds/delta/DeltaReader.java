package io.cotidal.feeds.delta;

import com.github.luben.zstd.ZstdInputStream;
import io.cotidal.feeds.delta.DeltaException.Why;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a delta: the whole file against its digest first, then its records one by one, so that
 * memory holds one of them. For one thread; the form is told in docs/feed-delta.md.
 */
public final class DeltaReader implements AutoCloseable {
  static final byte[] MAGIC = "COTDELTA".getBytes(StandardCharsets.US_ASCII);
  static final short VERSION = 1;
  static final int DIGEST = 32;
  static final int PREFIX = MAGIC.length + 2 + 4;

  private static final int LONGEST_HEADER = 1 << 20;
  private static final int CHUNK = 1 << 16;

  private final FileChannel channel;
  private final DeltaHeader header;
  private final long body;
  private final DeltaLimits limits;

  private DeltaReader(FileChannel channel, DeltaHeader header, long body, DeltaLimits limits) {
    this.channel = channel;
    this.header = header;
    this.body = body;
    this.limits = limits;
  }

  /**
   * Opens a file and checks its digest and its header.
   *
   * @throws DeltaException if it is not whole, no delta, or of another version
   */
  public static DeltaReader open(Path file, DeltaLimits limits) throws DeltaException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw trouble(e);
    }
    try {
      DeltaReader reader = open(channel, limits);
      channel = null;
      return reader;
    } catch (EOFException e) {
      throw corrupt("it is cut off");
    } catch (IOException e) {
      throw trouble(e);
    } finally {
      closeQuietly(channel);
    }
  }

  private static DeltaReader open(FileChannel channel, DeltaLimits limits)
      throws IOException, DeltaException {
    long size = channel.size();
    if (size < PREFIX + DIGEST) {
      throw corrupt("it is cut off");
    }
    check(channel, size - DIGEST);
    DataInputStream in = new DataInputStream(part(channel, 0, size - DIGEST));
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw corrupt("it does not begin like one");
    }
    if (in.readShort() != VERSION) {
      throw corrupt("it is of a version that is not known here");
    }
    int length = in.readInt();
    if (length <= 0 || length > LONGEST_HEADER || length > size - PREFIX - DIGEST) {
      throw corrupt("its header has no good length");
    }
    DeltaHeader header = DeltaHeader.read(in.readNBytes(length));
    long body = PREFIX + (long) length;
    long room = size - DIGEST - body;
    if (header.deletes().bytes() > room
        || header.upserts().bytes() != room - header.deletes().bytes()) {
      throw corrupt("its parts are not as long as it says");
    }
    return new DeltaReader(channel, header, body, limits);
  }

  private static void check(FileChannel channel, long length) throws IOException, DeltaException {
    MessageDigest sha = sha256();
    InputStream in = part(channel, 0, length);
    byte[] buffer = new byte[CHUNK];
    int count = in.read(buffer);
    while (count > 0) {
      sha.update(buffer, 0, count);
      count = in.read(buffer);
    }
    if (!Arrays.equals(sha.digest(), part(channel, length, DIGEST).readNBytes(DIGEST))) {
      throw corrupt("its digest is not that of its content");
    }
  }

  DeltaHeader header() {
    return header;
  }

  /** The table's digest before. */
  public TableDigest base() {
    return header.base();
  }

  /** The table's digest after. */
  public TableDigest target() {
    return header.target();
  }

  /** How many keys of rows that go. */
  public long deletes() {
    return header.deletes().records();
  }

  /** How many rows that come or change. */
  public long upserts() {
    return header.upserts().records();
  }

  /** The keys, in the form of {@code COPY … BINARY}. Only once. */
  InputStream deleted() throws DeltaException {
    return rows(body, header.deletes(), header.shape().key().size());
  }

  /** The rows, in the form of {@code COPY … BINARY}. Only once. */
  InputStream upserted() throws DeltaException {
    return rows(body + header.deletes().bytes(), header.upserts(), header.shape().columns().size());
  }

  private InputStream rows(long from, DeltaHeader.Section section, int fields)
      throws DeltaException {
    try {
      InputStream packed = part(channel, from, section.bytes());
      InputStream plain =
          section.bytes() == 0
              ? InputStream.nullInputStream()
              : new BufferedInputStream(new ZstdInputStream(packed), CHUNK);
      return new SequenceInputStream(
          new ByteArrayInputStream(CopyForm.HEAD),
          new SequenceInputStream(
              new Rows(new DataInputStream(plain), section.records(), fields, limits),
              new ByteArrayInputStream(CopyForm.TAIL)));
    } catch (IOException e) {
      throw corrupt("its records cannot be unpacked");
    }
  }

  /** What an error while rows were read says. */
  static DeltaException refused(IOException e) {
    return e instanceof Rows.BadRecord bad
        ? corrupt(bad.what())
        : corrupt("its records cannot be unpacked");
  }

  private static InputStream part(FileChannel channel, long from, long length) {
    return new FilePart(channel, from, length);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static DeltaException corrupt(String what) {
    return new DeltaException(
        Why.CORRUPT, "the delta cannot be used, for " + what + "; load the table in full");
  }

  private static DeltaException trouble(IOException e) {
    return new DeltaException(Why.FILE, "the delta cannot be read: " + e + "; fetch it again");
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // It was read only: nothing is lost.
      }
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
