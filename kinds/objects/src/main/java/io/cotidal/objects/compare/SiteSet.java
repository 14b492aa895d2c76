package io.cotidal.objects.compare;

import java.util.function.IntConsumer;

/**
 * Some of the sites of a container, each by its place in the list of sites that a pass was begun
 * with.
 *
 * @param bits the lowest stands for the first site
 */
public record SiteSet(long bits) {
  /** So many sites a container can have at most. */
  public static final int MOST = 62;

  /** No site. */
  public static final SiteSet NONE = new SiteSet(0);

  /** These sites. */
  public static SiteSet of(int... sites) {
    SiteSet all = NONE;
    for (int site : sites) {
      all = all.with(site);
    }
    return all;
  }

  /** The first {@code count} sites. */
  public static SiteSet first(int count) {
    if (count < 0 || count > MOST) {
      throw new IllegalArgumentException("a container has 0 to " + MOST + " sites, not " + count);
    }
    return new SiteSet((1L << count) - 1);
  }

  /** Whether {@code site} is one of them. */
  public boolean has(int site) {
    return ((bits >>> site) & 1) != 0;
  }

  /** These and {@code site}. */
  public SiteSet with(int site) {
    if (site < 0 || site >= MOST) {
      throw new IllegalArgumentException("a container has at most " + MOST + " sites");
    }
    return new SiteSet(bits | (1L << site));
  }

  /** These but {@code site}. */
  public SiteSet without(int site) {
    return new SiteSet(bits & ~(1L << site));
  }

  /** Those that are in one or the other. */
  public SiteSet and(SiteSet others) {
    return new SiteSet(bits | others.bits);
  }

  /** Those that are in both. */
  public SiteSet in(SiteSet others) {
    return new SiteSet(bits & others.bits);
  }

  /** Those that are here and not there. */
  public SiteSet minus(SiteSet others) {
    return new SiteSet(bits & ~others.bits);
  }

  /** Whether all {@code others} are here. */
  public boolean holds(SiteSet others) {
    return (others.bits & ~bits) == 0;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return bits == 0;
  }

  /** How many there are. */
  public int size() {
    return Long.bitCount(bits);
  }

  /** Each of them, in order. */
  public void each(IntConsumer action) {
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      action.accept(Long.numberOfTrailingZeros(rest));
    }
  }

  /** The first of them; -1 if there is none. */
  public int first() {
    return bits == 0 ? -1 : Long.numberOfTrailingZeros(bits);
  }

  /** For example {@code {0,2}}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    each(site -> text.append(text.length() > 1 ? "," : "").append(site));
    return text.append('}').toString();
  }
}
