package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.Key;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a log of any length, sorted, the last one of each key: by runs in files. A log
 * that is in order already makes one run.
 */
final class Sorting implements Overlay.Changes, Closeable {
  private final Path folder;
  private final int most;
  private final List<Path> files = new ArrayList<>();
  private final List<BlockReader> readers = new ArrayList<>();
  private final PriorityQueue<Head> heads = new PriorityQueue<>(Sorting::order);
  private @Nullable BlockWriter writer;
  private @Nullable Key written;

  private record Head(Change change, int run) {}

  /**
   * Sorts what is left of {@code log}.
   *
   * @param most so many are held in memory
   */
  Sorting(LogReader log, Path folder, int most) throws IOException {
    this.folder = folder;
    this.most = most;
    try {
      split(log);
      for (Path file : files) {
        readers.add(new BlockReader(file));
        refill(readers.size() - 1);
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private static int order(Head a, Head b) {
    int keys = a.change().key().compareTo(b.change().key());
    // Of one key, that of the latest run comes first.
    return keys != 0 ? keys : Integer.compare(b.run(), a.run());
  }

  private void split(LogReader log) throws IOException {
    NavigableMap<Key, Change> chunk = new TreeMap<>();
    for (Change change = log.next(); change != null; change = log.next()) {
      chunk.put(change.key(), change);
      if (chunk.size() >= most) {
        write(chunk);
        chunk.clear();
      }
    }
    if (!chunk.isEmpty()) {
      write(chunk);
    }
    end();
  }

  private void write(NavigableMap<Key, Change> chunk) throws IOException {
    if (written != null && chunk.firstKey().compareTo(written) <= 0) {
      end();
    }
    BlockWriter run = writer;
    if (run == null) {
      Path file = folder.resolve("run-" + files.size());
      Files.deleteIfExists(file);
      files.add(file);
      run = new BlockWriter(AgreedFile.create(file));
      writer = run;
    }
    for (Change change : chunk.values()) {
      put(run, change);
    }
    written = chunk.lastKey();
  }

  /** Writes one change. */
  static void put(BlockWriter to, Change change) throws IOException {
    Agreed row = change.row();
    if (row != null) {
      to.entry(Kind.ROW).row(row);
    } else {
      to.entry(Kind.DROP).name(change.key().name());
      to.block().text(change.key().version());
    }
  }

  private void end() throws IOException {
    if (writer != null) {
      writer.flush();
      writer.close();
      writer = null;
      written = null;
    }
  }

  private void refill(int run) throws IOException {
    BlockReader reader = readers.get(run);
    int kind = reader.kind();
    if (kind < 0) {
      return;
    }
    if (kind == Kind.ROW) {
      Agreed row = reader.rows().row();
      heads.add(new Head(new Change(row.key(), row), run));
    } else {
      String name = reader.rows().name();
      heads.add(new Head(new Change(new Key(name, reader.block().text()), null), run));
    }
  }

  @Override
  public @Nullable Change next() throws IOException {
    Head first = heads.poll();
    if (first == null) {
      return null;
    }
    refill(first.run());
    Head same = heads.peek();
    while (same != null && same.change().key().equals(first.change().key())) {
      heads.poll();
      refill(same.run());
      same = heads.peek();
    }
    return first.change();
  }

  @Override
  public void close() throws IOException {
    end();
    readers.forEach(AgreedFile::shut);
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
