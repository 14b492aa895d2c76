package io.cotidal.objects.compare;

import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sites were last seen to agree on about one name: the object at some of them, or that it
 * is gone (a tombstone). Without it an object that was deleted at one site cannot be told from one
 * that never came there.
 *
 * @param key which name, and which version of it
 * @param written when the object was written; of a tombstone, up to when it condemns: what was
 *     written then or before is dead
 * @param hash of the object, empty if it is not known; of a tombstone, that of what is gone
 * @param bytes of the object
 * @param marker whether it is a delete marker of a versioned container
 * @param since when the tombstone was set up; {@link Timestamp#NEVER} of an object that lives
 * @param held where exactly this was confirmed: the object, or its absence
 * @param earlier what was confirmed before at other sites, at most one entry a site, none of them
 *     in {@code held}; in the order of sites
 */
public record Agreed(
    Key key,
    Timestamp written,
    String hash,
    long bytes,
    boolean marker,
    Timestamp since,
    SiteSet held,
    List<Earlier> earlier) {
  /** Copies the list. */
  public Agreed {
    earlier = List.copyOf(earlier);
  }

  /**
   * What a site held before.
   *
   * @param written what was written there later was never seen
   * @param present whether it is missed if it is absent there
   */
  public record Earlier(int site, Timestamp written, boolean present) {
    /** The same, but what was written there last is taken for unseen. */
    Earlier unseen() {
      return new Earlier(site, new Timestamp(Math.max(0, written.steps() - 1)), present);
    }
  }

  /** An object that lives. */
  public static Agreed alive(ObjectRow row, SiteSet held, List<Earlier> earlier) {
    return new Agreed(
        new Key(row.name(), row.version()),
        row.written(),
        row.hash(),
        row.bytes(),
        row.marker(),
        Timestamp.NEVER,
        held,
        earlier);
  }

  /** Whether it is a tombstone. */
  public boolean gone() {
    return since.steps() != 0;
  }

  /** Whether {@code row} is what is agreed on. */
  public boolean is(ObjectRow row) {
    return !gone()
        && written.equals(row.written())
        && hash.equals(row.hash())
        && marker == row.marker();
  }

  /** What {@code site} held before. */
  public @Nullable Earlier earlier(int site) {
    for (int i = 0; i < earlier.size(); i++) {
      if (earlier.get(i).site() == site) {
        return earlier.get(i);
      }
    }
    return null;
  }

  /** Up to when the writes at {@code site} are known: a later one there was never seen. */
  public Timestamp seen(int site) {
    if (held.has(site)) {
      return written;
    }
    Earlier before = earlier(site);
    return before == null ? Timestamp.NEVER : before.written();
  }

  /** Whether an object was confirmed at {@code site}, so that its absence is a deletion. */
  public boolean missed(int site) {
    if (gone()) {
      return false;
    }
    Earlier before = earlier(site);
    return held.has(site) || (before != null && before.present());
  }

  /**
   * Whether {@code site} gave up what was written then, so that a listing which still shows it
   * there says nothing: the listing lags, or the copy is about to go. Swift refuses to take it back
   * under a time that is not later than {@link Earlier#written()}.
   */
  public boolean gaveUp(int site, Timestamp then) {
    Earlier before = earlier(site);
    return before != null && !before.present() && !then.after(before.written());
  }

  /** Those of {@code sites} that have not given it up ({@link #gaveUp}). */
  SiteSet keeping(SiteSet sites, Timestamp then) {
    SiteSet left = sites;
    for (Earlier one : earlier) {
      left = gaveUp(one.site(), then) ? left.without(one.site()) : left;
    }
    return left;
  }

  /** The same, held elsewhere. */
  Agreed at(SiteSet places, List<Earlier> before) {
    return new Agreed(key, written, hash, bytes, marker, since, places, before);
  }
}
