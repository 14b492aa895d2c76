package io.cotidal.objects.compare;

import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.ObjectRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sites' listings and what they agreed on, side by side: one {@link Meeting} a name, in order.
 * Holds one row a site. A listing that breaks off, or that is not in order, leaves its site unknown
 * from there on; the others go on.
 */
public final class Merge implements AutoCloseable {
  private final List<RowSource> sources;
  private final AgreedSource agreement;
  private final String after;
  private final @Nullable ObjectRow[] heads;
  private final @Nullable Unreadable[] failures;
  private @Nullable Agreed agreed;
  private SiteSet known;
  private boolean begun;
  private boolean closed;

  /**
   * @param sources one a site, in the order of sites; closed with this
   * @param agreement closed with this
   * @param after names up to this one are passed over; the sources may leave them out. Empty for
   *     all
   */
  public Merge(List<RowSource> sources, AgreedSource agreement, String after) {
    this.sources = List.copyOf(sources);
    this.agreement = agreement;
    this.after = after;
    this.heads = new ObjectRow[sources.size()];
    this.failures = new Unreadable[sources.size()];
    this.known = SiteSet.first(sources.size());
  }

  /**
   * The next name.
   *
   * @return null after the last one
   * @throws Unreadable if what was agreed on cannot be read
   */
  public @Nullable Meeting next() throws Unreadable, InterruptedException {
    if (!begun) {
      begun = true;
      for (int site = 0; site < heads.length; site++) {
        advance(site);
      }
      agree();
    }
    ObjectRow least = least();
    Agreed first = agreed;
    int side = least == null || first == null ? 0 : compare(least, first.key());
    if (first != null && (least == null || side >= 0)) {
      return meet(first.key(), first);
    }
    return least == null ? null : meet(new Key(least.name(), least.version()), null);
  }

  private Meeting meet(Key key, @Nullable Agreed about) throws Unreadable, InterruptedException {
    @Nullable ObjectRow[] rows = new ObjectRow[heads.length];
    SiteSet told = known;
    for (int site = 0; site < heads.length; site++) {
      ObjectRow head = heads[site];
      if (head != null && compare(head, key) == 0) {
        rows[site] = head;
        // A site that fails at its next row was still known at this one.
        advance(site);
      }
    }
    if (about != null) {
      agree();
    }
    return new Meeting(key, rows, told, about);
  }

  private @Nullable ObjectRow least() {
    ObjectRow least = null;
    for (ObjectRow head : heads) {
      if (head != null
          && (least == null
              || Key.compare(head.name(), head.version(), least.name(), least.version()) < 0)) {
        least = head;
      }
    }
    return least;
  }

  private static int compare(ObjectRow row, Key key) {
    return Key.compare(row.name(), row.version(), key.name(), key.version());
  }

  private void agree() throws Unreadable {
    Agreed next = agreement.next();
    while (next != null && passed(next.key().name())) {
      next = agreement.next();
    }
    if (next != null && agreed != null && next.key().compareTo(agreed.key()) <= 0) {
      throw new Unreadable("what was agreed on is out of order at '" + next.key() + "'");
    }
    agreed = next;
  }

  private boolean passed(String name) {
    return !after.isEmpty() && Encoded.compare(name, after) <= 0;
  }

  private void advance(int site) throws InterruptedException {
    ObjectRow last = heads[site];
    heads[site] = null;
    try {
      ObjectRow row = sources.get(site).next();
      while (row != null && passed(row.name())) {
        row = sources.get(site).next();
      }
      if (row != null
          && last != null
          && Key.compare(row.name(), row.version(), last.name(), last.version()) <= 0) {
        throw new Unreadable("the listing is out of order at '" + row.name() + "'");
      }
      heads[site] = row;
    } catch (Unreadable e) {
      failures[site] = e;
      known = known.without(site);
    }
  }

  /** Sites that could be read so far. */
  public SiteSet known() {
    return known;
  }

  /** Why {@code site} cannot be read any more. */
  public Optional<Unreadable> failure(int site) {
    return Optional.ofNullable(failures[site]);
  }

  /** Sites with what they failed with, for people: one line each. */
  public List<String> failures() {
    List<String> all = new ArrayList<>();
    for (Unreadable failure : failures) {
      if (failure != null) {
        all.add(String.valueOf(failure.getMessage()));
      }
    }
    return all;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      sources.forEach(RowSource::close);
      agreement.close();
    }
  }
}
