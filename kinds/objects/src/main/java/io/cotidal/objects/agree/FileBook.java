package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A book in a folder of its own: {@code agreed}, the sorted listing, which is written anew in one
 * go and replaced at once; {@code log}, what changed since; {@code deletes}, what a pass puts off.
 * A pass that finds nothing new writes nothing, and one that finds little appends little; a long
 * log is merged into the listing.
 */
public final class FileBook implements Book {
  /** So many entries of a log are held in memory. */
  private static final int MEMORY = 20_000;

  private static final int SHARE = 16;

  private final Path agreed;
  private final Path file;
  private final LogFile place;
  private final Spool spool;
  private final String container;
  private final List<String> sites;
  private final TreeMap<Key, Change> changes = new TreeMap<>();
  private SiteSet joined = SiteSet.NONE;
  private @Nullable Cursor cursor;
  private long generation;
  private long entries;
  private boolean touched;
  private @Nullable BlockWriter log;

  private FileBook(Path folder, String container, List<String> sites) {
    this.agreed = folder.resolve("agreed");
    this.file = folder.resolve("log");
    this.place = new LogFile(agreed, file, container, List.copyOf(sites));
    this.spool = new Spool(folder.resolve("deletes"));
    this.container = container;
    this.sites = List.copyOf(sites);
  }

  /**
   * Opens it, or begins one. One process at a time: the caller sees to it.
   *
   * @param folder of this container alone; made if it is not there
   * @param container what it is called, so that a folder is never taken for another's
   * @param sites by name, in the order in which they are counted. If they are others than last
   *     time, what was agreed on is turned into theirs, and the pass begins anew
   * @throws IOException in one line: what is there cannot be read, or nothing can be written. It is
   *     never taken for empty
   */
  public static FileBook open(Path folder, String container, List<String> sites)
      throws IOException {
    if (sites.size() > SiteSet.MOST || sites.stream().distinct().count() != sites.size()) {
      throw new IllegalArgumentException("sites are named twice, or are too many: " + sites);
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileBook book = new FileBook(folder, container, sites);
    try {
      book.load();
      return book;
    } catch (IOException e) {
      book.close();
      throw e;
    }
  }

  private void load() throws IOException {
    boolean same = true;
    Header header = place.header();
    if (header != null) {
      generation = header.generation();
      joined = header.moved(header.joined(), sites);
      same = header.sites().equals(sites);
    }
    try (LogReader reader = place.reader(generation)) {
      if (reader != null) {
        same &= reader.head().sites().equals(sites);
        entries = read(reader);
      }
    }
    if (!same) {
      cursor = null;
      merge();
    } else if (entries > MEMORY) {
      Cursor reached = cursor;
      merge();
      if (reached != null) {
        mark(reached);
        cursor = reached;
      }
    }
  }

  private long read(LogReader reader) throws IOException {
    long count = 0;
    for (Change change = reader.next(); change != null; change = reader.next()) {
      if (++count <= MEMORY) {
        changes.put(change.key(), change);
      }
    }
    cursor = reader.cursor();
    joined = reader.joined();
    try (FileChannel channel = AgreedFile.create(file)) {
      channel.truncate(reader.whole());
    }
    return count;
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
    try {
      return new AgreedFile.Rows(agreed, sites);
    } catch (IOException e) {
      throw new IOException(AgreedFile.broken(agreed, e), e);
    }
  }

  @Override
  public Optional<Cursor> cursor() {
    return Optional.ofNullable(cursor);
  }

  @Override
  public SiteSet joined() {
    return joined;
  }

  @Override
  public void keep(Agreed row) throws IOException {
    put(new Change(row.key(), row));
  }

  @Override
  public void drop(Key key) throws IOException {
    put(new Change(key, null));
  }

  private void put(Change change) throws IOException {
    Sorting.put(log(), change);
    entries++;
  }

  private BlockWriter log() throws IOException {
    touched = true;
    BlockWriter open = log;
    if (open == null) {
      boolean fresh = !Files.exists(file);
      FileChannel channel = AgreedFile.create(file);
      channel.position(channel.size());
      open = new BlockWriter(channel);
      log = open;
      if (fresh) {
        new Header(generation, container, sites, joined).write(open);
        Durable.sync(AgreedFile.parent(file));
      }
    }
    return open;
  }

  @Override
  public void flush() throws IOException {
    if (log != null) {
      log.flush();
    }
  }

  @Override
  public void force() throws IOException {
    if (log != null) {
      log.force();
    }
  }

  @Override
  public void mark(Cursor reached) throws IOException {
    spool.force();
    BlockWriter to = log();
    to.entry(Kind.CURSOR).cursor(reached);
    to.force();
  }

  @Override
  public void defer(Deferred deletion) throws IOException {
    spool.add(deletion, deferredBefore());
  }

  /** What the pass that is gone on with had put off. */
  private long deferredBefore() {
    return cursor == null ? 0 : cursor.deferredBytes();
  }

  @Override
  public long deferredBytes() throws IOException {
    return spool.bytes(deferredBefore());
  }

  @Override
  public DeferredSource deferred() throws IOException {
    return spool.all(deferredBefore());
  }

  @Override
  public void finish(SiteSet through) throws IOException {
    if (touched || cursor != null || !through.equals(joined)) {
      joined = through;
      BlockWriter to = log();
      to.entry(Kind.FINISH).sites(through);
      to.force();
      long length = to.position();
      long base = Files.exists(agreed) ? Files.size(agreed) : 0;
      if (entries > MEMORY || length > Math.max(LogFile.SHORT, base / SHARE)) {
        merge();
      }
    }
    cursor = null;
    spool.remove();
  }

  /** Writes the listing anew, with all that changed, and begins a new log. */
  private void merge() throws IOException {
    flush();
    if (log != null) {
      log.close();
      log = null;
    }
    Header header = new Header(generation + 1, container, sites, joined);
    try (LogReader reader = place.reader(generation);
        Sorting sorted = reader == null ? null : sorted(reader);
        AgreedFile.Writer writer = new AgreedFile.Writer(agreed, header);
        Overlay all = new Overlay(source(), () -> sorted == null ? null : sorted.next())) {
      for (Agreed row = all.next(); row != null; row = all.next()) {
        writer.add(row);
      }
      writer.replace();
    } catch (Unreadable e) {
      throw new IOException(e.getMessage(), e);
    }
    generation++;
    Durable.delete(file);
    changes.clear();
    entries = 0;
  }

  private Sorting sorted(LogReader reader) throws IOException {
    return new Sorting(reader, AgreedFile.parent(file), MEMORY);
  }

  /** Closes it as it is: what was not flushed is lost, and found again by the next pass. */
  @Override
  public void close() throws IOException {
    spool.close();
    if (log != null) {
      log.close();
      log = null;
    }
  }
}
