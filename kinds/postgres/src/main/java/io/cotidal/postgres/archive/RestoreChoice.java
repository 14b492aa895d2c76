package io.cotidal.postgres.archive;

import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.postgres.archive.Segments.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * From which base backup a target is reached, and by which log. Decided before anything is touched.
 *
 * @param base the backup
 * @param last up to which segment the log goes without a gap; empty if none of it is there
 * @param gap the first segment that is missing although later ones are there
 */
public record RestoreChoice(Base base, Optional<Segment> last, Optional<Segment> gap) {
  /** So far the clocks of two machines may be apart. */
  private static final Duration CLOCKS = Duration.ofHours(1);

  /**
   * What it is chosen from.
   *
   * @param lineage of the timeline that is wanted
   * @param history the text of that timeline's history; empty for the first one
   */
  public record Stock(Inventory inventory, Lineage lineage, String history, Segments segments) {
    /** Whether that byte position of that timeline is on the way to the wanted one. */
    boolean passes(long timeline, long position) {
      if (timeline == lineage.timeline()) {
        return true;
      }
      return Lineage.left(history, timeline).filter(left -> position <= left).isPresent();
    }
  }

  /**
   * Chooses the newest backup that ended before the target, on the wanted timeline.
   *
   * @param named a backup that somebody named; empty for the best one
   * @param point where the target's name stands, if it is a name
   * @throws IllegalArgumentException with one line if the target cannot be reached
   */
  public static RestoreChoice choose(
      Stock stock, RecoveryTarget target, Optional<String> named, Optional<Long> point) {
    List<Base> bases = stock.inventory().bases();
    if (bases.isEmpty()) {
      throw new IllegalArgumentException("the archive has no base backup");
    }
    if (bases.stream().map(Base::systemId).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "the archive has base backups of several clusters: take out those that do not belong");
    }
    List<Base> on =
        bases.stream().filter(base -> stock.passes(base.timeline(), base.stop())).toList();
    if (on.isEmpty()) {
      throw new IllegalArgumentException(
          "no base backup leads to timeline " + stock.lineage().timeline());
    }
    Predicate<Base> before = before(target, point);
    Base base =
        on.stream()
            .filter(before)
            .filter(each -> named.isEmpty() || named.get().equals(each.id()))
            .max(Comparator.comparingLong(Base::stop).thenComparing(Base::id))
            .orElseThrow(() -> new IllegalArgumentException(none(on, target, named)));
    return reached(stock, base, target, point);
  }

  private static Predicate<Base> before(RecoveryTarget target, Optional<Long> point) {
    return switch (target) {
      case RecoveryTarget.Latest latest -> base -> true;
      case RecoveryTarget.Time time -> base -> base.ended().isBefore(time.at());
      case RecoveryTarget.Position position -> base -> base.stop() <= position.lsn();
      case RecoveryTarget.Name name -> base -> point.filter(at -> base.stop() <= at).isPresent();
    };
  }

  private static String none(List<Base> on, RecoveryTarget target, Optional<String> named) {
    Base first = on.getFirst();
    if (named.isPresent()) {
      return on.stream().anyMatch(base -> base.id().equals(named.get()))
          ? target.words() + " lies before the end of the base backup " + named.get()
          : "there is no base backup " + named.get() + " on that timeline";
    }
    return target.words()
        + " lies before the first base backup, "
        + first.id()
        + ", which ended at "
        + new RecoveryTarget.Position(first.stop()).text()
        + ", "
        + first.ended();
  }

  private static RestoreChoice reached(
      Stock stock, Base base, RecoveryTarget target, Optional<Long> point) {
    Segments segments = stock.segments();
    long from = segments.holding(base.stop());
    long top = stock.inventory().last(stock.lineage()).orElse(-1L);
    Optional<Segment> gap =
        top < from
            ? Optional.empty()
            : stock.inventory().gaps(stock.lineage(), from, top).stream()
                .findFirst()
                .map(range -> new Segment(range.timeline(), range.first()));
    long end = gap.map(missing -> missing.number() - 1).orElse(top);
    Optional<Segment> last =
        end < from ? Optional.empty() : Optional.of(stock.lineage().segment(end));
    RestoreChoice choice = new RestoreChoice(base, last, gap);
    Optional<Long> position =
        target instanceof RecoveryTarget.Position at ? Optional.of(at.lsn()) : point;
    if (position.isPresent() && segments.holding(position.get()) > Math.max(end, from - 1)) {
      throw new IllegalArgumentException(target.words() + " " + choice.shortfall(segments));
    }
    if (target instanceof RecoveryTarget.Latest && gap.isPresent()) {
      throw new IllegalArgumentException(target.words() + " " + choice.shortfall(segments));
    }
    return choice;
  }

  /** Refuses a time that lies after the last segment was archived. */
  public void requireReaches(RecoveryTarget target, Segments segments, Instant archived) {
    if (target instanceof RecoveryTarget.Time time && time.at().isAfter(archived)) {
      throw new IllegalArgumentException(
          target.words() + " " + shortfall(segments) + ", which was archived at " + archived);
    }
  }

  /**
   * The segments of the log that a recovery reads on its way to the target, in order: from where
   * the backup must be recovered to where the target surely is passed. The first of them may lie in
   * the backup alone.
   *
   * @param point where the target's name stands, if it is a name
   */
  public List<Segment> way(Stock stock, RecoveryTarget target, Optional<Long> point) {
    Segments segments = stock.segments();
    long own = segments.endingAt(base.stop());
    long top = Math.max(own, last.map(Segment::number).orElse(own));
    long end =
        switch (target) {
          case RecoveryTarget.Latest latest -> top;
          // The record that begins there may go on in the next segment.
          case RecoveryTarget.Position position -> segments.holding(position.lsn()) + 1;
          case RecoveryTarget.Name name -> point.map(at -> segments.holding(at) + 1).orElse(top);
          case RecoveryTarget.Time time -> passed(stock, time.at()).orElse(top);
        };
    return LongStream.rangeClosed(base.firstSegment(), Math.clamp(end, own, top))
        .mapToObj(stock.lineage()::segment)
        .toList();
  }

  /** The byte position that whoever recovers all there is must reach at least. */
  public long least(Segments segments) {
    return last.map(segment -> Math.max(base.stop(), segment.number() * segments.size()))
        .orElse(base.stop());
  }

  /** The segment in which a backup ends that began so long after a time that no clock matters. */
  private static Optional<Long> passed(Stock stock, Instant time) {
    return stock.inventory().bases().stream()
        .filter(later -> stock.passes(later.timeline(), later.stop()))
        .filter(later -> later.began().isAfter(time.plus(CLOCKS)))
        .map(later -> stock.segments().holding(later.stop()))
        .min(Comparator.naturalOrder());
  }

  /** Why the log does not lead to a target. */
  private String shortfall(Segments segments) {
    String ends =
        last.map(segment -> segments.name(segment)).orElse("the base backup " + base.id());
    return gap.isPresent()
        ? "is not reached: the archive lacks " + segments.name(gap.get())
        : "is not reached: the archive ends with " + ends;
  }
}
