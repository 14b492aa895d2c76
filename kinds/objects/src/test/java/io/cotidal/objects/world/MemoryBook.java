package io.cotidal.objects.world;

import io.cotidal.objects.agree.Book;
import io.cotidal.objects.agree.Cursor;
import io.cotidal.objects.agree.Deferred;
import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Agreement;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A book in memory, which forgets on a kill what was not flushed. */
final class MemoryBook implements Book {
  final TreeMap<Key, Agreed> rows = new TreeMap<>();
  private final List<Runnable> pending = new ArrayList<>();
  private final List<Deferred> deferred = new ArrayList<>();
  private @Nullable Cursor cursor;
  private SiteSet joined = SiteSet.NONE;
  private List<String> sites = List.of();

  /** The same for these sites, as a book on the disk does it. */
  MemoryBook of(List<String> now) {
    if (!now.equals(sites)) {
      int[] places = sites.stream().mapToInt(now::indexOf).toArray();
      SiteSet moved = SiteSet.NONE;
      for (int i = 0; i < places.length; i++) {
        moved = joined.has(i) && places[i] >= 0 ? moved.with(places[i]) : moved;
      }
      List<Agreed> all = List.copyOf(rows.values());
      rows.clear();
      all.forEach(row -> Agreement.moved(row, places).ifPresent(one -> rows.put(one.key(), one)));
      joined = moved;
      cursor = null;
      deferred.clear();
      sites = List.copyOf(now);
    }
    return this;
  }

  @Override
  public AgreedSource rows() {
    Iterator<Agreed> all = List.copyOf(rows.values()).iterator();
    return new AgreedSource() {
      @Override
      public @Nullable Agreed next() {
        return all.hasNext() ? all.next() : null;
      }

      @Override
      public void close() {}
    };
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
  public void keep(Agreed row) {
    pending.add(() -> rows.put(row.key(), row));
  }

  @Override
  public void drop(Key key) {
    pending.add(() -> rows.remove(key));
  }

  @Override
  public void flush() {
    pending.forEach(Runnable::run);
    pending.clear();
  }

  @Override
  public void force() {
    flush();
  }

  @Override
  public void mark(Cursor reached) {
    flush();
    cursor = reached;
  }

  @Override
  public void defer(Deferred deletion) {
    deferred.add(deletion);
  }

  @Override
  public long deferredBytes() {
    return deferred.size();
  }

  @Override
  public DeferredSource deferred() {
    Iterator<Deferred> all = List.copyOf(deferred).iterator();
    return new DeferredSource() {
      @Override
      public @Nullable Deferred next() {
        return all.hasNext() ? all.next() : null;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void finish(SiteSet through) {
    flush();
    cursor = null;
    joined = through;
    deferred.clear();
  }

  /** A kill. */
  @Override
  public void close() {
    pending.clear();
    long length = cursor == null ? 0 : cursor.deferredBytes();
    deferred.subList((int) length, deferred.size()).clear();
  }
}
