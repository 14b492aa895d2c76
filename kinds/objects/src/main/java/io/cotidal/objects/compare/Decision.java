package io.cotidal.objects.compare;

import io.cotidal.objects.compare.Verdict.Conflict;
import io.cotidal.objects.compare.Verdict.Copy;
import io.cotidal.objects.compare.Verdict.Delete;
import io.cotidal.objects.compare.Verdict.Equal;
import io.cotidal.objects.compare.Verdict.Hold;
import io.cotidal.objects.compare.Verdict.Loser;
import io.cotidal.objects.compare.Verdict.Over;
import io.cotidal.objects.compare.Verdict.Reason;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one name. The latest write stays. A deletion has no time that anybody outside a
 * site can read; it is known to be later than what was agreed on at its site, so it wins over that
 * and over nothing else. Where a write wins over a deletion here that was in truth later, the site
 * refuses the copy, and that proves it ({@link Outcome.Copied#deletedLater}).
 */
public final class Decision {
  private static final Equal EQUAL = new Equal();

  private final Meeting meeting;
  private final Rules rules;
  private final @Nullable Agreed agreed;

  private Decision(Meeting meeting, Rules rules) {
    this.meeting = meeting;
    this.rules = rules;
    this.agreed = meeting.agreed();
  }

  /**
   * The verdict.
   *
   * @param now of a clock that runs right
   */
  public static Verdict of(Meeting meeting, Rules rules, Timestamp now) {
    return new Decision(meeting, rules).verdict(now);
  }

  private Verdict verdict(Timestamp now) {
    ObjectRow winner = meeting.latest();
    if (winner == null) {
      return nowhere();
    }
    if (agreed != null && !winner.written().after(agreed.written())) {
      if (agreed.gone()) {
        return late(winner, agreed);
      }
      SiteSet deleted = agreed.held().in(meeting.absent());
      if (!deleted.isEmpty()) {
        return deletion(deleted, agreed);
      }
    }
    return spread(winner, now);
  }

  /** No site that could be read has it. */
  private Verdict nowhere() {
    if (agreed == null) {
      throw new IllegalArgumentException("neither a row nor an agreement about " + meeting.key());
    }
    if (agreed.gone()) {
      return EQUAL;
    }
    SiteSet deleted = agreed.held().in(meeting.absent());
    return deleted.isEmpty() ? new Hold(Reason.WAITS_FOR_SITE) : deletion(deleted, agreed);
  }

  /** It is agreed to be gone, and an old copy has come to light. */
  private Verdict late(ObjectRow winner, Agreed tombstone) {
    Timestamp after = winner.written().next();
    return new Delete(
        meeting.present(),
        after.after(tombstone.written()) ? after : tombstone.written(),
        SiteSet.NONE,
        unseen(meeting.present(), null),
        over(meeting.present()),
        false);
  }

  private Verdict deletion(SiteSet deleted, Agreed before) {
    SiteSet waiting = SiteSet.NONE;
    for (long rest = meeting.unknown().bits(); rest != 0; rest &= rest - 1) {
      int site = Long.numberOfTrailingZeros(rest);
      waiting = before.missed(site) ? waiting.with(site) : waiting;
    }
    return new Delete(
        meeting.present(),
        before.written().next(),
        deleted,
        unseen(meeting.present(), null),
        over(meeting.present()),
        !meeting.present().isEmpty() || !waiting.isEmpty());
  }

  /** The write stays, and comes to where it is not yet. */
  private Verdict spread(ObjectRow winner, Timestamp now) {
    SiteSet from = meeting.believed(winner);
    from = from.isEmpty() ? meeting.holders(winner) : from;
    from = from.minus(unsure(winner, from));
    if (from.isEmpty()) {
      return new Hold(Reason.WAITS_FOR_SITE);
    }
    SiteSet to = meeting.known().minus(from).in(rules.placed());
    boolean old = agreed != null && !agreed.gone() && agreed.written().after(winner.written());
    if (old) {
      to = worthwhile(to, winner);
    }
    if (to.isEmpty()) {
      return old ? new Hold(reason()) : EQUAL;
    }
    long latest = now.steps() + rules.skew().toNanos() / 10_000;
    if (winner.written().steps() > latest) {
      return new Hold(Reason.FROM_THE_FUTURE);
    }
    Copy copy = copy(winner, from, to);
    List<Loser> losers = new ArrayList<>(unseen(to.in(meeting.present()), winner));
    to.minus(meeting.present())
        .each(site -> {
          if (agreed != null && agreed.missed(site)) {
            losers.add(new Loser(site, Optional.empty()));
          }
        });
    return losers.isEmpty() ? copy : new Conflict(copy, losers);
  }

  /**
   * Sites that join and show what is agreed on, and have not confirmed it: if the container was
   * there in a former life, that may be what a listing has not forgotten. They are asked
   * themselves, as others are for which it is meant. Where nobody else shows it, one that has
   * confirmed it could not be read: it is waited for, since what they show says nothing.
   */
  private SiteSet unsure(ObjectRow winner, SiteSet from) {
    if (agreed == null || !agreed.is(winner) || !meeting.key().version().isEmpty()) {
      return SiteSet.NONE;
    }
    return from.in(rules.joining()).minus(agreed.held());
  }

  /**
   * The latest that was agreed on is nowhere to be seen, so this one is doomed or a listing lags.
   * Sites that have confirmed the latest need none of it, nor do those that deleted it.
   */
  private SiteSet worthwhile(SiteSet to, ObjectRow winner) {
    SiteSet left = to;
    for (long rest = to.bits(); rest != 0; rest &= rest - 1) {
      int site = Long.numberOfTrailingZeros(rest);
      boolean has = agreed != null && agreed.held().has(site);
      boolean deleted =
          agreed != null
              && meeting.row(site) == null
              && agreed.missed(site)
              && !winner.written().after(agreed.seen(site));
      // Brought back under a time that it takes, it would overrule the latest.
      boolean gave = agreed != null && agreed.gaveUp(site, winner.written());
      left = has || deleted || gave ? left.without(site) : left;
    }
    return left;
  }

  private Reason reason() {
    boolean shows = agreed != null && !agreed.held().in(meeting.present()).isEmpty();
    return shows ? Reason.LISTING_BEHIND : Reason.WAITS_FOR_SITE;
  }

  private Copy copy(ObjectRow winner, SiteSet from, SiteSet to) {
    boolean tie = false;
    SiteSet posts = SiteSet.NONE;
    for (long rest = to.in(meeting.present()).bits(); rest != 0; rest &= rest - 1) {
      int site = Long.numberOfTrailingZeros(rest);
      ObjectRow row = meeting.row(site);
      if (row != null) {
        tie |= row.written().equals(winner.written()) && !Meeting.same(row, winner);
        posts = Meeting.content(row, winner) ? posts.with(site) : posts;
      }
    }
    Timestamp stamp = behind(from.and(to), tie ? winner.written().next() : winner.written());
    SiteSet joining = to.in(rules.joining());
    return new Copy(winner, from, to, stamp, posts, joining, over(to));
  }

  /**
   * A time that sites which gave the object up do not refuse: it is later than that under which
   * they did so, however late that is done. A client that deleted it there since is later still,
   * and its site refuses this rightly.
   */
  private Timestamp behind(SiteSet sites, Timestamp stamp) {
    Timestamp later = stamp;
    boolean old = agreed != null && agreed.written().after(stamp);
    if (agreed != null && !agreed.gone() && !old && meeting.key().version().isEmpty()) {
      for (Agreed.Earlier one : agreed.earlier()) {
        boolean gave = sites.has(one.site()) && agreed.gaveUp(one.site(), later);
        later = gave ? one.written().next() : later;
      }
    }
    return later;
  }

  /** What these sites show. */
  private List<Over> over(SiteSet sites) {
    List<Over> all = new ArrayList<>(0);
    sites.each(site -> {
      ObjectRow row = meeting.row(site);
      if (row != null) {
        all.add(new Over(site, row.written()));
      }
    });
    return all;
  }

  /**
   * Writes at these sites that nobody has seen before.
   *
   * @param winner over which they lose; null if it is a deletion. Equal contents that met for the
   *     first time are no loss
   */
  private List<Loser> unseen(SiteSet sites, @Nullable ObjectRow winner) {
    if (sites.isEmpty()) {
      return List.of();
    }
    List<Loser> losers = new ArrayList<>(0);
    for (long rest = sites.bits(); rest != 0; rest &= rest - 1) {
      int site = Long.numberOfTrailingZeros(rest);
      ObjectRow row = meeting.row(site);
      if (row != null && (unseen(site, row) || (winner != null && contested(site, winner)))) {
        boolean first = agreed == null || agreed.seen(site).equals(Timestamp.NEVER);
        if (!first || winner == null || !Meeting.content(row, winner)) {
          losers.add(new Loser(site, Optional.of(row)));
        }
      }
    }
    return losers;
  }

  /**
   * Whether {@code site} has what was agreed on, and none of those that have the winner had it:
   * then whoever wrote the winner did not know of it.
   */
  private boolean contested(int site, ObjectRow winner) {
    return agreed != null
        && !agreed.gone()
        && agreed.held().has(site)
        && !Agreement.knew(agreed, meeting.holders(winner), agreed.written());
  }

  private boolean unseen(int site, ObjectRow row) {
    if (agreed == null || row.written().after(agreed.seen(site))) {
      return true;
    }
    if (agreed.gone()) {
      // Its absence was what a listing said. What comes to light is only known if it is what is
      // gone.
      return agreed.held().has(site) && !row.hash().equals(agreed.hash());
    }
    return agreed.held().has(site)
        && !agreed.hash().isEmpty()
        && row.written().equals(agreed.written())
        && !agreed.is(row);
  }
}
