package io.cotidal.feeds.table;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All that lies in the database of ours, by one look.
 *
 * @param served what views read; one entry a published table
 * @param kept earlier generations that a roll-back can return to
 * @param leftovers generations that were never served: under way, ready, or of a try that broke
 *     off; and those whose tables are gone
 * @param schemas names of all schemas of the database that are not its own
 */
public record Shown(
    List<Served> served, List<Kept> kept, List<Leftover> leftovers, SortedSet<String> schemas) {
  /** Copies the lists. */
  public Shown {
    schemas = Collections.unmodifiableSortedSet(new TreeSet<>(schemas));
    served = List.copyOf(served);
    kept = List.copyOf(kept);
    leftovers = List.copyOf(leftovers);
  }

  /** Whether a view is as it was left. */
  public enum Drift {
    NONE,
    /** There is no such view. */
    GONE,
    /** What it should read is gone. */
    LOST,
    /** It reads something else. */
    ELSEWHERE,
    /** It reads what it should, but by another query. */
    CHANGED
  }

  /**
   * A published table.
   *
   * @param digest of the dump that the generation was made of; empty if it was adopted
   * @param rows at its staging
   * @param at when it was swapped in, by the database's clock
   */
  public record Served(
      Target target,
      String generation,
      String digest,
      long rows,
      long bytes,
      Instant at,
      Drift drift) {}

  /**
   * An earlier generation.
   *
   * @param at when it was last swapped in
   */
  public record Kept(Target target, String generation, String digest, long bytes, Instant at) {}

  /**
   * A generation that was never served.
   *
   * @param complete whether it was staged to the end
   */
  public record Leftover(Target target, String generation, String digest, boolean complete) {}
}
