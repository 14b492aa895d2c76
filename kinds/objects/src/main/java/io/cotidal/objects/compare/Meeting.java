package io.cotidal.objects.compare;

import io.cotidal.objects.names.ObjectRow;
import org.jspecify.annotations.Nullable;

/** One name, as all sites show it at the same time, with what they agreed on. */
public final class Meeting {
  private final Key key;
  private final @Nullable ObjectRow[] rows;
  private final SiteSet known;
  private final @Nullable Agreed agreed;
  private final SiteSet present;

  /**
   * @param rows one a site, null where there is none; kept, not copied
   * @param known the sites that could be read: where there is no row, there is no object
   * @param agreed null if nothing was ever agreed on
   */
  public Meeting(Key key, @Nullable ObjectRow[] rows, SiteSet known, @Nullable Agreed agreed) {
    this.key = key;
    this.rows = rows;
    this.known = known;
    this.agreed = agreed;
    SiteSet there = SiteSet.NONE;
    for (int site = 0; site < rows.length; site++) {
      if (rows[site] != null) {
        there = there.with(site);
      }
    }
    if (!known.holds(there)) {
      throw new IllegalArgumentException("a row of a site that could not be read");
    }
    this.present = there;
  }

  /** Which name, and which version of it. */
  public Key key() {
    return key;
  }

  /** What {@code site} shows; null if nothing, or if it could not be read. */
  public @Nullable ObjectRow row(int site) {
    return rows[site];
  }

  /** Sites that could be read. */
  public SiteSet known() {
    return known;
  }

  /** Sites that show a row. */
  public SiteSet present() {
    return present;
  }

  /** Sites that could be read and show none. */
  public SiteSet absent() {
    return known.minus(present);
  }

  /** Sites that could not be read. */
  public SiteSet unknown() {
    return SiteSet.first(rows.length).minus(known);
  }

  /** What they agreed on; null if nothing. */
  public @Nullable Agreed agreed() {
    return agreed;
  }

  /** The row that stays: the latest, of equally late ones that with the greater hash. */
  public @Nullable ObjectRow latest() {
    ObjectRow best = null;
    for (ObjectRow row : rows) {
      if (row != null && (best == null || wins(row, best))) {
        best = row;
      }
    }
    return best;
  }

  private static boolean wins(ObjectRow row, ObjectRow best) {
    int times = row.written().compareTo(best.written());
    if (times != 0) {
      return times > 0;
    }
    int hashes = row.hash().compareTo(best.hash());
    return hashes > 0 || (hashes == 0 && row.marker() && !best.marker());
  }

  /** Sites that show {@code row}. */
  public SiteSet holders(ObjectRow row) {
    SiteSet all = SiteSet.NONE;
    for (int site = 0; site < rows.length; site++) {
      ObjectRow here = rows[site];
      if (here != null && same(here, row)) {
        all = all.with(site);
      }
    }
    return all;
  }

  /** Sites that show {@code row} and are believed it: not those that gave it up. */
  public SiteSet believed(ObjectRow row) {
    SiteSet all = holders(row);
    return agreed == null || agreed.gone() ? all : agreed.keeping(all, row.written());
  }

  /**
   * Whether two rows are the same write. Of an older version sites do not say the same time: one
   * that set it aside says when it did so. Its name has the time, and nobody can change it any
   * more.
   */
  static boolean same(ObjectRow a, ObjectRow b) {
    boolean older = !a.version().isEmpty() && !(a.latest() && b.latest());
    return (older || a.written().equals(b.written()))
        && a.hash().equals(b.hash())
        && a.marker() == b.marker();
  }

  /** Whether two rows are of the same content, though metadata may differ. */
  static boolean content(ObjectRow a, ObjectRow b) {
    return a.hash().equals(b.hash()) && a.bytes() == b.bytes() && a.marker() == b.marker();
  }
}
