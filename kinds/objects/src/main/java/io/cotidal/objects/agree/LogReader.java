package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.Agreement;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log from its beginning. A kill or a power cut tears its end: entries that are not whole
 * are left out.
 */
final class LogReader implements Closeable {
  /** Not more than this is ever on its way to the disk. */
  private static final long TORN = 16L << 20;

  private final Path file;
  private final BlockReader reader;
  private final Header header;
  private final int @Nullable [] places;
  private @Nullable Cursor cursor;
  private final List<String> sites;
  private SiteSet joined;

  /**
   * For the sites of now.
   *
   * @throws EOFException if not even the header is whole
   */
  LogReader(Path file, List<String> sites) throws IOException {
    this.file = file;
    this.sites = List.copyOf(sites);
    this.reader = new BlockReader(file);
    this.header = header();
    this.places = header.sites().equals(sites) ? null : header.places(sites);
    this.joined = header.moved(header.joined(), sites);
  }

  private Header header() throws IOException {
    try {
      return Header.read(reader);
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  Header head() {
    return header;
  }

  /** The next change; null at the end. */
  @Nullable Change next() throws IOException {
    int kind = kind();
    while (kind == Kind.CURSOR || kind == Kind.FINISH) {
      if (kind == Kind.CURSOR) {
        cursor = reader.rows().cursor();
      } else {
        cursor = null;
        joined = header.moved(reader.rows().sites(), sites);
      }
      kind = kind();
    }
    if (kind < 0) {
      return null;
    }
    Change change = change(kind);
    return places == null ? change : moved(change, places);
  }

  private Change change(int kind) throws IOException {
    if (kind == Kind.ROW) {
      Agreed row = reader.rows().row();
      return new Change(row.key(), row);
    }
    if (kind == Kind.DROP) {
      String name = reader.rows().name();
      return new Change(new Key(name, reader.block().text()), null);
    }
    throw new IOException(file + " has an entry of the kind " + kind);
  }

  private static Change moved(Change change, int[] places) {
    Agreed row = change.row();
    return row == null
        ? change
        : new Change(change.key(), Agreement.moved(row, places).orElse(null));
  }

  private int kind() throws IOException {
    try {
      return reader.kind();
    } catch (EOFException e) {
      if (reader.size() - reader.whole() > TORN) {
        throw new IOException("broken in the middle: " + e.getMessage(), e);
      }
      return -1;
    }
  }

  /** How far the pass has come that wrote it; null if it was finished. Known at the end. */
  @Nullable Cursor cursor() {
    return cursor;
  }

  /** Sites that have been through a whole pass. Known at the end. */
  SiteSet joined() {
    return joined;
  }

  /** So many bytes are whole. */
  long whole() {
    return reader.whole();
  }

  @Override
  public void close() {
    AgreedFile.shut(reader);
  }
}
