package io.cotidal.feeds.delta;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was packed last: the bytes of each row's key with the row's hash, in the order of those
 * bytes. Read as a stream, checked against its digest before.
 */
final class KeyState implements AutoCloseable {
  private static final byte[] MAGIC = "COTKEYS1".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_HEADER = 1 << 20;
  private static final int LONGEST_KEY = 1 << 20;
  private static final int CHUNK = 1 << 16;

  private final DataInputStream in;
  private final DeltaHeader header;
  private long left;

  /** A row. */
  static final class Entry {
    private final byte[] key;
    private final long hash;

    Entry(byte[] key, long hash) {
      this.key = key;
      this.hash = hash;
    }

    /** Not to be changed. */
    byte[] key() {
      return key;
    }

    /** What it adds to the sum of the table. */
    TableDigest digest() {
      return new TableDigest(1, hash);
    }

    boolean sameHash(Entry other) {
      return hash == other.hash;
    }

    int compareKey(Entry other) {
      return Arrays.compareUnsigned(key, other.key);
    }
  }

  private KeyState(DataInputStream in, DeltaHeader header) {
    this.in = in;
    this.header = header;
    this.left = header.target().rows();
  }

  /** What files about a table are called, without their endings. */
  static String name(String schema, String table) {
    byte[] name = (schema + "\0" + table).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(DeltaReader.sha256().digest(name));
  }

  /** Opens what was packed last; empty if there is nothing, or nothing that can be used. */
  static Optional<KeyState> open(Path file) throws IOException {
    if (!whole(file)) {
      return Optional.empty();
    }
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), CHUNK));
    try {
      boolean ours = Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
      int length = ours ? in.readInt() : -1;
      if (length > 0 && length <= LONGEST_HEADER) {
        return Optional.of(new KeyState(in, DeltaHeader.read(in.readNBytes(length))));
      }
    } catch (EOFException | DeltaException e) {
      // Not usable: everything is packed anew.
    }
    in.close();
    return Optional.empty();
  }

  private static boolean whole(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK)) {
      long left = Files.size(file) - DeltaReader.DIGEST;
      MessageDigest sha = DeltaReader.sha256();
      while (left > 0) {
        byte[] part = in.readNBytes((int) Math.min(CHUNK, left));
        if (part.length == 0) {
          return false;
        }
        sha.update(part);
        left -= part.length;
      }
      return Arrays.equals(sha.digest(), in.readNBytes(DeltaReader.DIGEST));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  Shape shape() {
    return header.shape();
  }

  TableDigest digest() {
    return header.target();
  }

  /** The next row; null after the last. */
  @Nullable Entry next() throws IOException {
    if (left == 0) {
      return null;
    }
    left--;
    int length = in.readInt();
    if (length < 0 || length > LONGEST_KEY) {
      throw new IOException("the state of the last pack has a key of no good length");
    }
    return new Entry(in.readNBytes(length), in.readLong());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Collects the rows of a new one beside its place. */
  static final class Writer implements AutoCloseable {
    private final Path place;
    private final FreshFile rows;
    private final DataOutputStream out;

    Writer(Path place) throws IOException {
      this.place = place;
      this.rows = new FreshFile(place, ".rows");
      this.out = new DataOutputStream(rows.out());
    }

    void add(Entry entry) throws IOException {
      out.writeInt(entry.key.length);
      out.write(entry.key);
      out.writeLong(entry.hash);
    }

    /** Puts it in its place. */
    void keep(Shape shape, TableDigest digest) throws IOException {
      out.flush();
      DeltaHeader.Section none = new DeltaHeader.Section(0, 0);
      byte[] header = new DeltaHeader(shape, TableDigest.EMPTY, digest, none, none).bytes();
      try (FreshFile whole = new FreshFile(place, ".cotidal-new")) {
        try (DataOutputStream to = new DataOutputStream(whole.out())) {
          to.write(MAGIC);
          to.writeInt(header.length);
          to.write(header);
          Files.copy(rows.beside(), to);
        }
        whole.keep();
      }
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }
}
