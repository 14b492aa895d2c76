package io.cotidal.feeds.delta;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a delta. Its two parts grow beside it, for the header tells their lengths. */
final class DeltaWriter implements AutoCloseable {
  private static final int LEVEL = 3;
  private static final int CHUNK = 1 << 16;

  private final Path place;
  private final Part deletes;
  private final Part upserts;

  private static final class Part implements AutoCloseable {
    private final FreshFile file;
    private final OutputStream packed;
    private long records;

    Part(Path place, String ending) throws IOException {
      this.file = new FreshFile(place, ending);
      this.packed = new BufferedOutputStream(new ZstdOutputStream(file.out(), LEVEL), CHUNK);
    }

    void add(byte[] record) throws IOException {
      packed.write(record);
      records++;
    }

    DeltaHeader.Section end() throws IOException {
      packed.close();
      return new DeltaHeader.Section(records, file.length());
    }

    @Override
    public void close() throws IOException {
      try (file) {
        packed.close();
      }
    }
  }

  DeltaWriter(Path place) throws IOException {
    this.place = place;
    this.deletes = new Part(place, ".deletes");
    try {
      this.upserts = new Part(place, ".upserts");
    } catch (IOException e) {
      deletes.close();
      throw e;
    }
  }

  /** The row with that key goes. */
  void delete(byte[] key) throws IOException {
    deletes.add(key);
  }

  /** That row is there. */
  void upsert(byte[] row) throws IOException {
    upserts.add(row);
  }

  long deleted() {
    return deletes.records;
  }

  long upserted() {
    return upserts.records;
  }

  /**
   * Puts the file in its place.
   *
   * @return its length
   */
  long keep(Shape shape, TableDigest base, TableDigest target) throws IOException {
    DeltaHeader header = new DeltaHeader(shape, base, target, deletes.end(), upserts.end());
    try (FreshFile whole = new FreshFile(place, ".cotidal-new")) {
      try (DataOutputStream out = new DataOutputStream(whole.out())) {
        byte[] bytes = header.bytes();
        out.write(DeltaReader.MAGIC);
        out.writeShort(DeltaReader.VERSION);
        out.writeInt(bytes.length);
        out.write(bytes);
        Files.copy(deletes.file.beside(), out);
        Files.copy(upserts.file.beside(), out);
      }
      whole.keep();
    }
    return Files.size(place);
  }

  @Override
  public void close() throws IOException {
    try (deletes;
        upserts) {
      // Both are closed, whatever the other says.
    }
  }
}
