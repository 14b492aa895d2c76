package io.cotidal.objects.world;

import io.cotidal.objects.compare.RowSource;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A site as Swift is one: of two writes the later stays, a deletion leaves a tombstone that nobody
 * outside can see, and the listing may lag behind.
 */
final class FakeSite {
  /** What a site has. A null hash is a tombstone. */
  record Cell(Timestamp written, @Nullable String hash, @Nullable Op op) {}

  final Map<String, Cell> cells = new TreeMap<>();
  private final TreeMap<String, ObjectRow> listed = new TreeMap<>();
  private final Set<String> unlisted = new HashSet<>();
  boolean reachable = true;
  boolean lagging;

  /** Whether the container is there. */
  boolean there = true;

  boolean up() {
    return reachable && there;
  }

  /** What a client does. Null if it is refused. */
  @Nullable Op client(Op op) {
    Cell cell = cells.get(op.name());
    if (!there || (cell != null && !op.at().after(cell.written()))) {
      return null;
    }
    put(op.name(), new Cell(op.at(), op.deletion() ? null : op.hash(), op));
    return op;
  }

  @Nullable Cell alive(String name) {
    Cell cell = cells.get(name);
    return cell == null || cell.hash() == null ? null : cell;
  }

  /** A signed PUT: false if what is there is not older. */
  boolean copy(String name, Cell cell) {
    Cell here = cells.get(name);
    if (here != null && !cell.written().after(here.written())) {
      return false;
    }
    put(name, cell);
    return true;
  }

  /** A signed DELETE: false if what is there is not older. */
  boolean delete(String name, Timestamp stamp) {
    Cell here = cells.get(name);
    if (here != null && !stamp.after(here.written())) {
      return false;
    }
    put(name, new Cell(stamp, null, null));
    return true;
  }

  private void put(String name, Cell cell) {
    cells.put(name, cell);
    unlisted.add(name);
    if (!lagging) {
      list();
    }
  }

  /** Whether the container may be deleted, as most of its copies say. One may list things still. */
  boolean empty() {
    return cells.keySet().stream().allMatch(name -> alive(name) == null);
  }

  /** The listing catches up. */
  void list() {
    for (String name : unlisted) {
      Cell cell = alive(name);
      if (cell == null) {
        listed.remove(name);
      } else {
        listed.put(name, ObjectRow.plain(name, cell.written(), cell.hash(), 1));
      }
    }
    unlisted.clear();
  }

  /** The listing as it is now, which may break off. */
  RowSource listing(Random random) {
    List<ObjectRow> rows = new ArrayList<>(listed.values());
    int breaks = random.nextInt(12) == 0 ? random.nextInt(rows.size() + 1) : -1;
    Iterator<ObjectRow> left = rows.iterator();
    return new RowSource() {
      private int given;

      @Override
      public @Nullable ObjectRow next() throws Unreadable {
        if (!up() || given == breaks) {
          throw new Unreadable("the site does not answer");
        }
        given++;
        return left.hasNext() ? left.next() : null;
      }

      @Override
      public void close() {}
    };
  }
}
