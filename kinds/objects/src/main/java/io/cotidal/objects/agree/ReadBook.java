package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A book as it lies there, for those who only look: another daemon may be writing it at this
 * moment, so nothing is made, mended or put in order. What it is told to keep, it forgets.
 */
public final class ReadBook implements Book {
  /** So many entries of a log are held in memory. */
  private static final int MEMORY = 200_000;

  private final Path agreed;
  private final List<String> sites;
  private final TreeMap<Key, Change> changes = new TreeMap<>();
  private SiteSet joined = SiteSet.NONE;
  private long generation;

  private ReadBook(Path folder, List<String> sites) {
    this.agreed = folder.resolve("agreed");
    this.sites = List.copyOf(sites);
  }

  /**
   * Reads it; a book that is not there is empty.
   *
   * @param folder of this container alone
   * @param container what it is called, so that a folder is never taken for another's
   * @param sites by name, in the order in which they are counted
   * @throws IOException in one line: it cannot be read, or is too long until the next pass has put
   *     it in order. It is never taken for empty
   */
  public static ReadBook open(Path folder, String container, List<String> sites)
      throws IOException {
    ReadBook book = new ReadBook(folder, sites);
    book.load(new LogFile(book.agreed, folder.resolve("log"), container, book.sites));
    return book;
  }

  private void load(LogFile place) throws IOException {
    Header header = place.header();
    if (header != null) {
      generation = header.generation();
      joined = header.moved(header.joined(), sites);
    }
    try (LogReader reader = place.found(generation)) {
      if (reader != null) {
        for (Change change = reader.next(); change != null; change = reader.next()) {
          changes.put(change.key(), change);
          if (changes.size() > MEMORY) {
            throw new IOException(place.log() + " is long: the next pass puts it in order");
          }
        }
        joined = reader.joined();
      }
    }
  }

  @Override
  public AgreedSource rows() throws IOException {
    Iterator<Change> sorted = changes.values().iterator();
    return new Overlay(source(), () -> sorted.hasNext() ? sorted.next() : null);
  }

  private @Nullable AgreedSource source() throws IOException {
    if (!Files.exists(agreed)) {
      return null;
    }
    AgreedFile.Rows rows;
    try {
      rows = new AgreedFile.Rows(agreed, sites);
    } catch (IOException e) {
      throw new IOException(AgreedFile.broken(agreed, e), e);
    }
    if (rows.generation() != generation) {
      rows.close();
      throw new IOException(agreed + " has just been written anew: look again");
    }
    return rows;
  }

  /** It is read from the first name on, wherever a pass has stopped. */
  @Override
  public Optional<Cursor> cursor() {
    return Optional.empty();
  }

  @Override
  public SiteSet joined() {
    return joined;
  }

  @Override
  public void keep(Agreed row) {}

  @Override
  public void drop(Key key) {}

  @Override
  public void flush() {}

  @Override
  public void force() {}

  @Override
  public void mark(Cursor cursor) {}

  @Override
  public void defer(Deferred deletion) {}

  @Override
  public long deferredBytes() {
    return 0;
  }

  @Override
  public DeferredSource deferred() {
    return new DeferredSource() {
      @Override
      public @Nullable Deferred next() {
        return null;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void finish(SiteSet through) {}

  @Override
  public void close() {}
}
