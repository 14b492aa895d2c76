package io.cotidal.objects.compare;

import io.cotidal.objects.compare.Agreed.Earlier;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How what was agreed on becomes what is agreed on. It only ever moves forward: an older object
 * that a listing still shows never replaces a later one that was confirmed.
 */
public final class Agreement {
  private Agreement() {}

  /**
   * After a look that found everything equal ({@link Verdict.Equal}).
   *
   * @return empty if there is nothing to remember any more
   */
  public static Optional<Agreed> seen(Meeting meeting, Keep keep, Timestamp now) {
    Agreed before = meeting.agreed();
    ObjectRow row = meeting.latest();
    if (row == null) {
      return before == null ? Optional.empty() : buried(before, meeting.absent(), keep, now);
    }
    SiteSet at = meeting.believed(row);
    if (before != null && at.isEmpty()) {
      return Optional.of(before);
    }
    if (before != null && before.is(row)) {
      SiteSet held = before.held().and(at);
      return Optional.of(held.equals(before.held()) ? before : before.at(held, rest(before, held)));
    }
    return Optional.of(Agreed.alive(row, at, contested(before, at, carried(before, at, true))));
  }

  private static Optional<Agreed> buried(Agreed before, SiteSet absent, Keep keep, Timestamp now) {
    SiteSet held = before.held().and(absent);
    long age = now.steps() - before.since().steps();
    if (held.holds(keep.sites()) && age >= keep.tombstones().toNanos() / 10_000) {
      return Optional.empty();
    }
    return Optional.of(held.equals(before.held()) ? before : before.at(held, rest(before, held)));
  }

  /**
   * After a verdict was acted on.
   *
   * @param before what was agreed on when the verdict was made; null if nothing
   * @return what is agreed on now; empty if still nothing
   */
  public static Optional<Agreed> after(
      @Nullable Agreed before, Verdict verdict, Outcome outcome, Timestamp now) {
    return switch (verdict) {
      case Verdict.Equal _, Verdict.Hold _ -> Optional.ofNullable(before);
      case Verdict.Copy copy -> copied(before, copy, outcome, now);
      case Verdict.Conflict conflict -> copied(before, conflict.copy(), outcome, now);
      case Verdict.Delete delete -> deleted(before, delete, outcome, now);
    };
  }

  private static Optional<Agreed> copied(
      @Nullable Agreed before, Verdict.Copy copy, Outcome outcome, Timestamp now) {
    if (!(outcome instanceof Outcome.Copied(ObjectRow what, SiteSet at, SiteSet later))) {
      return Optional.ofNullable(before);
    }
    boolean older = before != null && !before.gone() && before.written().after(what.written());
    SiteSet deleted = older ? SiteSet.NONE : later.minus(copy.joining());
    if (!deleted.isEmpty()) {
      return Optional.of(doomed(before, copy, new Outcome.Copied(what, at, deleted), now));
    }
    if (at.isEmpty()) {
      return Optional.ofNullable(before);
    }
    if (before != null && before.is(what)) {
      SiteSet held = before.held().and(at);
      return Optional.of(before.at(held, rest(before, held)));
    }
    if (before != null && older) {
      return Optional.of(aside(before, copy, what, at));
    }
    if (before != null && before.gone() && !what.written().after(before.written())) {
      return Optional.of(before);
    }
    return Optional.of(
        Agreed.alive(what, at, contested(before, copy.from(), carried(before, at, true))));
  }

  /**
   * A later one is agreed on: this one is only remembered as what those sites had. Where it was
   * written it stays unseen, so that the ledger hears of it when the later one comes.
   */
  private static Agreed aside(Agreed before, Verdict.Copy copy, ObjectRow what, SiteSet at) {
    SiteSet others = at.minus(before.held());
    List<Earlier> all = new ArrayList<>(rest(before, others));
    others.each(site -> {
      Earlier now = new Earlier(site, what.written(), true);
      Timestamp own = copy.from().has(site) ? what.written() : same(copy, site);
      all.add(own.after(before.seen(site)) ? now.unseen() : now);
    });
    return before.at(before.held(), sorted(all));
  }

  /**
   * When {@code site} wrote the same content that it then got under another time: of a tie, what
   * wins comes back to where it was written. {@link Timestamp#NEVER} if it had another, or none.
   */
  private static Timestamp same(Verdict.Copy copy, int site) {
    if (copy.posts().has(site)) {
      for (Verdict.Over over : copy.over()) {
        if (over.site() == site) {
          return over.written();
        }
      }
    }
    return Timestamp.NEVER;
  }

  /**
   * A site deleted the object after it was written. Where it came from, it stays unseen: the pass
   * that deletes it there finds a write that nobody has agreed on, and the ledger hears of it.
   */
  private static Agreed doomed(
      @Nullable Agreed before, Verdict.Copy copy, Outcome.Copied outcome, Timestamp now) {
    Timestamp written = outcome.what().written().next();
    if (before != null && before.written().after(written)) {
      written = before.written();
    }
    Timestamp had = outcome.what().written();
    long source = Math.min(had.steps(), copy.winner().written().steps());
    Timestamp unseen = new Timestamp(Math.max(0, source - 1));
    SiteSet left = outcome.at().and(copy.from()).minus(outcome.deletedLater());
    List<Earlier> all =
        new ArrayList<>(
            contested(
                before,
                outcome.deletedLater(),
                carried(before, left.and(outcome.deletedLater()), false)));
    left.each(site -> all.add(new Earlier(site, copy.from().has(site) ? unseen : had, true)));
    return tombstone(outcome.what(), written, now).at(outcome.deletedLater(), sorted(all));
  }

  private static Optional<Agreed> deleted(
      @Nullable Agreed before, Verdict.Delete delete, Outcome outcome, Timestamp now) {
    if (before == null || !(outcome instanceof Outcome.Deleted(SiteSet gone)) || gone.isEmpty()) {
      return Optional.ofNullable(before);
    }
    SiteSet held = before.gone() ? before.held().minus(delete.at()).and(gone) : gone;
    Timestamp stamp = before.written().after(delete.stamp()) ? before.written() : delete.stamp();
    return Optional.of(
        new Agreed(
            before.key(),
            stamp,
            before.hash(),
            before.bytes(),
            before.marker(),
            now.after(Timestamp.NEVER) ? now : Timestamp.NEVER.next(),
            held,
            carried(before, held, false)));
  }

  private static Agreed tombstone(ObjectRow row, Timestamp written, Timestamp now) {
    return new Agreed(
        new Key(row.name(), row.version()),
        written,
        row.hash(),
        row.bytes(),
        row.marker(),
        now.after(Timestamp.NEVER) ? now : Timestamp.NEVER.next(),
        SiteSet.NONE,
        List.of());
  }

  /**
   * What was agreed on at the sites that do not have the new one.
   *
   * @param alive whether the new one is an object. After a tombstone nobody misses the object that
   *     was there before
   */
  private static List<Earlier> carried(@Nullable Agreed before, SiteSet now, boolean alive) {
    if (before == null || (before.earlier().isEmpty() && now.holds(before.held()))) {
      return List.of();
    }
    List<Earlier> all = new ArrayList<>();
    before
        .held()
        .minus(now)
        .each(site -> all.add(new Earlier(site, before.written(), !before.gone())));
    for (Earlier one : before.earlier()) {
      if (!now.has(one.site())) {
        boolean present = one.present() && !(alive && before.gone());
        all.add(new Earlier(one.site(), one.written(), present));
      }
    }
    return sorted(all);
  }

  /**
   * The same after a write or a deletion at one of {@code from}. What none of these had known was
   * not replaced there but is overruled: where it still is, it stays unseen, so that the ledger
   * hears of it when it goes.
   */
  private static List<Earlier> contested(@Nullable Agreed before, SiteSet from, List<Earlier> all) {
    if (before == null || before.gone() || all.isEmpty()) {
      return all;
    }
    return all.stream().map(one -> knew(before, from, one.written()) ? one : one.unseen()).toList();
  }

  /** Whether one of these sites has confirmed what was written then, or something later. */
  static boolean knew(Agreed before, SiteSet sites, Timestamp written) {
    boolean knew = false;
    for (long rest = sites.bits(); rest != 0; rest &= rest - 1) {
      knew |= !written.after(before.seen(Long.numberOfTrailingZeros(rest)));
    }
    return knew;
  }

  private static List<Earlier> rest(Agreed before, SiteSet held) {
    return before.earlier().isEmpty()
        ? List.of()
        : before.earlier().stream().filter(one -> !held.has(one.site())).toList();
  }

  private static List<Earlier> sorted(List<Earlier> all) {
    return all.stream().sorted((a, b) -> Integer.compare(a.site(), b.site())).toList();
  }

  /**
   * The same for another list of sites, after the container was placed anew.
   *
   * @param places for each of the old sites its place in the new list; -1 if it is not there any
   *     more
   * @return empty if no site that is left knows of it
   */
  public static Optional<Agreed> moved(Agreed row, int[] places) {
    SiteSet held = SiteSet.NONE;
    for (long rest = row.held().bits(); rest != 0; rest &= rest - 1) {
      int place = places[Long.numberOfTrailingZeros(rest)];
      held = place < 0 ? held : held.with(place);
    }
    List<Earlier> all =
        row.earlier().stream()
            .filter(one -> places[one.site()] >= 0)
            .map(one -> new Earlier(places[one.site()], one.written(), one.present()))
            .toList();
    if (!held.isEmpty() || row.gone()) {
      return Optional.of(row.at(held, sorted(all)));
    }
    Timestamp latest = Timestamp.NEVER;
    for (Earlier one : all) {
      latest = one.present() && one.written().after(latest) ? one.written() : latest;
    }
    return latest.equals(Timestamp.NEVER) ? Optional.empty() : Optional.of(older(row, all, latest));
  }

  /** The sites that had the latest are all gone: now the latest of the others is. */
  private static Agreed older(Agreed row, List<Earlier> all, Timestamp latest) {
    SiteSet held = SiteSet.NONE;
    for (Earlier one : all) {
      boolean has = one.present() && one.written().equals(latest);
      held = has ? held.with(one.site()) : held;
    }
    SiteSet those = held;
    return new Agreed(
        row.key(),
        latest,
        "",
        row.bytes(),
        row.marker(),
        Timestamp.NEVER,
        held,
        sorted(all.stream().filter(one -> !those.has(one.site())).toList()));
  }

  /**
   * How long a deletion is remembered.
   *
   * @param sites those that have to confirm it
   * @param tombstones and so long at least
   */
  public record Keep(SiteSet sites, Duration tombstones) {}
}
