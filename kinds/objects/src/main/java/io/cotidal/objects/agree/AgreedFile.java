package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Agreement;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.remote.Durable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The agreed listing itself: sorted, written once, with its number of rows at its end. */
final class AgreedFile {
  private static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private AgreedFile() {}

  /** A new file that only we can read, or the one that is there. */
  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OURS);
  }

  /** Its header; null if there is no file. */
  static @Nullable Header header(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    try (BlockReader reader = new BlockReader(file)) {
      return Header.read(reader);
    }
  }

  /** Writes a new one beside {@code file}, which it replaces when it is whole and on the disk. */
  static final class Writer implements Closeable {
    private final Path file;
    private final Path fresh;
    private final BlockWriter blocks;
    private long rows;

    Writer(Path file, Header header) throws IOException {
      this.file = file;
      this.fresh = file.resolveSibling(file.getFileName() + ".cotidal-new");
      Files.deleteIfExists(fresh);
      this.blocks = new BlockWriter(create(fresh));
      header.write(blocks);
    }

    void add(Agreed row) throws IOException {
      blocks.entry(Kind.ROW).row(row);
      rows++;
    }

    void replace() throws IOException {
      blocks.entry(Kind.END);
      blocks.block().number(rows);
      blocks.force();
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      Durable.sync(parent(file));
    }

    @Override
    public void close() throws IOException {
      blocks.close();
      Files.deleteIfExists(fresh);
    }
  }

  static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("'" + file + "' is no file in a directory");
    }
    return parent;
  }

  /** Reads it, for the sites of now. */
  static final class Rows implements AgreedSource {
    private final Path file;
    private final BlockReader reader;
    private final int @Nullable [] places;
    private final long generation;
    private long count;
    private boolean ended;

    Rows(Path file, List<String> sites) throws IOException {
      this.file = file;
      this.reader = new BlockReader(file);
      Header header = Header.read(reader);
      this.places = header.sites().equals(sites) ? null : header.places(sites);
      this.generation = header.generation();
    }

    /** How often it had been written anew. */
    long generation() {
      return generation;
    }

    @Override
    public @Nullable Agreed next() throws Unreadable {
      try {
        while (!ended) {
          Agreed row = read();
          if (row != null && places != null) {
            row = Agreement.moved(row, places).orElse(null);
          }
          if (row != null) {
            return row;
          }
        }
        return null;
      } catch (IOException e) {
        throw new Unreadable(broken(file, e), e);
      }
    }

    private @Nullable Agreed read() throws IOException {
      int kind = reader.kind();
      if (kind == Kind.ROW) {
        count++;
        return reader.rows().row();
      }
      if (kind != Kind.END || reader.block().number() != count) {
        throw new IOException("its end is missing after " + count + " rows");
      }
      ended = true;
      return null;
    }

    @Override
    public void close() {
      shut(reader);
    }
  }

  /** One line: which file, why, and what helps. */
  static String broken(Path file, IOException e) {
    return "the agreed listing "
        + file
        + " cannot be read ("
        + e.getMessage()
        + "); take it away only if no object was deleted at one site alone since the last pass";
  }

  /** Closes what was only read. */
  static void shut(BlockReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      // Nothing was written: there is nothing to lose.
      return;
    }
  }
}
