package io.cotidal.postgres.archive;

import io.cotidal.postgres.archive.Segments.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What lies in an archive.
 *
 * @param ranges segments without a gap between them
 * @param histories timelines whose history is there
 * @param backups labels of backups
 * @param bases base backups of our own
 */
public record Inventory(
    List<Range> ranges, SortedSet<Long> histories, List<Backup> backups, List<Base> bases) {
  private static final int HEX = 16;

  /** Segments of one timeline, both ends counted. */
  public record Range(long timeline, long first, long last) {}

  /**
   * A backup.
   *
   * @param start the segment that it begins with
   * @param minutes how old it is
   */
  public record Backup(Segment start, long minutes) {}

  /** Copies the collections. */
  public Inventory {
    ranges = List.copyOf(ranges);
    histories = new TreeSet<>(histories);
    backups = List.copyOf(backups);
    bases = List.copyOf(bases);
  }

  /**
   * Reads what the script prints.
   *
   * @throws IllegalArgumentException if it prints something else, or not all of it came
   */
  public static Inventory read(String printed, Segments segments) {
    List<Range> ranges = new ArrayList<>();
    TreeSet<Long> histories = new TreeSet<>();
    List<Backup> backups = new ArrayList<>();
    boolean ended = false;
    for (String line : printed.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals(Base.WORD) || line.startsWith(Base.COUNT)) {
        continue;
      }
      switch (words[0] + ":" + words.length) {
        case "range:3" -> {
          Segment first = segments.read(words[1]);
          ranges.add(new Range(first.timeline(), first.number(), segments.read(words[2]).number()));
        }
        case "history:2" -> histories.add(Long.parseLong(words[1].replace(".history", ""), HEX));
        case "backup:3" ->
            backups.add(new Backup(segments.read(words[1]), Long.parseLong(words[2])));
        case "backup:2" -> backups.add(new Backup(segments.read(words[1]), 0));
        case "end:1" -> ended = true;
        default ->
            throw new IllegalArgumentException("the archive's list holds the line '" + line + "'");
      }
    }
    if (!ended) {
      throw new IllegalArgumentException("the archive's list did not come whole");
    }
    return new Inventory(ranges, histories, backups, Base.all(printed));
  }

  /** The lowest segment of the lineage that is there; empty if none of it is. */
  public Optional<Long> first(Lineage lineage) {
    return ranges.stream()
        .filter(range -> lineage.holds(range.timeline()))
        .map(Range::first)
        .min(Long::compare);
  }

  /** The highest segment of the lineage that is there; empty if none of it is. */
  public Optional<Long> last(Lineage lineage) {
    return ranges.stream()
        .filter(range -> lineage.holds(range.timeline()))
        .map(range -> Math.min(range.last(), lineage.lastOn(range.timeline())))
        .max(Long::compare);
  }

  /** What of the lineage is missing between two segments, both counted. */
  public List<Range> gaps(Lineage lineage, long from, long to) {
    List<Range> gaps = new ArrayList<>();
    long next = from;
    while (next <= to) {
      Segment wanted = lineage.segment(next);
      long end = Math.min(to, lastOf(lineage, wanted));
      Optional<Range> here = range(wanted);
      if (here.isPresent()) {
        next = Math.min(end, here.get().last()) + 1;
        continue;
      }
      long following = end + 1;
      for (Range range : ranges) {
        if (range.timeline() == wanted.timeline() && range.first() > next) {
          following = Math.min(following, range.first());
        }
      }
      gaps.add(new Range(wanted.timeline(), next, following - 1));
      next = following;
    }
    return gaps;
  }

  private static long lastOf(Lineage lineage, Segment segment) {
    long last = Long.MAX_VALUE - 1;
    for (Lineage.Span span : lineage.spans()) {
      if (span.from() > segment.number()) {
        last = Math.min(last, span.from() - 1);
      }
    }
    return last;
  }

  private Optional<Range> range(Segment segment) {
    return ranges.stream()
        .filter(range ->
            range.timeline() == segment.timeline()
                && range.first() <= segment.number()
                && segment.number() <= range.last())
        .findFirst();
  }

  /**
   * Timelines in the archive, newer than the lineage's own, by which it did not come: a standby
   * that fetches would follow them.
   */
  public SortedSet<Long> strangers(Lineage lineage) {
    TreeSet<Long> strange = new TreeSet<>(histories);
    strange.removeIf(timeline -> timeline <= lineage.timeline());
    return strange;
  }
}
