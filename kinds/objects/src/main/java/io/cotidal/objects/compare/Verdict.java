package io.cotidal.objects.compare;

import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.util.List;
import java.util.Optional;

/** What is to be done about one name. Whoever does it may do it twice, and may stop anywhere. */
public sealed interface Verdict {
  /** Sites to which the object is to come. */
  default SiteSet awaited() {
    return switch (this) {
      case Copy copy -> copy.to();
      case Conflict conflict -> conflict.copy().to();
      case Delete _, Equal _, Hold _ -> SiteSet.NONE;
    };
  }

  /** All sites that could be read and should have it, have it; or none has it, as agreed. */
  record Equal() implements Verdict {}

  /**
   * The object is to come to other sites.
   *
   * @param winner what stays
   * @param from where it is; any of them will do
   * @param to where it is to come; none of them in {@code from}
   * @param stamp under which time it is written there. It is the winner's own but where a site has
   *     another object of exactly that time, or gave this one up ({@link Agreed#gaveUp}): Swift
   *     would keep what it has, so ours comes a step later, and the next pass carries that time to
   *     {@code from}
   * @param posts those of {@code to} that have the same content: metadata are enough
   * @param joining those of {@code to} that join the container. One of them that refuses the
   *     object, being older than a deletion there, says nothing about it: the deletion is of a
   *     former life (the container left that site, and was emptied there). The object is written
   *     there under the time of now, and the outcome says so
   * @param over what was seen at those of {@code to} that have something. Listings lag: if
   *     something else is there now than this or the winner, or anything at a site that showed
   *     nothing, it was never weighed. It is left alone, and the next pass sees it
   */
  record Copy(
      ObjectRow winner,
      SiteSet from,
      SiteSet to,
      Timestamp stamp,
      SiteSet posts,
      SiteSet joining,
      List<Over> over)
      implements Verdict {
    /** Copies the list. */
    public Copy {
      over = List.copyOf(over);
    }
  }

  /**
   * A copy that discards something: the ledger hears of it first.
   *
   * @param losers what is discarded; not empty
   */
  record Conflict(Copy copy, List<Loser> losers) implements Verdict {
    /** Copies the list. */
    public Conflict {
      losers = List.copyOf(losers);
    }

    /**
     * Sites where a deletion seems to be overruled. That they have nothing is only what a listing
     * says, and listings lag: it is worth an entry in the ledger if the site itself says so.
     */
    public SiteSet verify() {
      SiteSet all = SiteSet.NONE;
      for (Loser loser : losers) {
        all = loser.write().isEmpty() ? all.with(loser.site()) : all;
      }
      return all;
    }
  }

  /**
   * The object is to go.
   *
   * @param at where it still is
   * @param stamp under which time it is deleted there: later than all that is known to be dead, and
   *     not later than what somebody may have written since
   * @param verify sites that seem to have deleted it. At least one of them has to say so itself
   *     before anything is deleted: listings lag. Empty if the deletion was agreed on before, and
   *     only a late copy is to go
   * @param losers writes that nobody has seen before and that go with it; mostly empty
   * @param over what was seen at {@code at}. Something else there was never weighed, and is left
   *     alone
   * @param braked whether it counts for the brake: it takes an object away from a site where nobody
   *     deleted it
   */
  record Delete(
      SiteSet at,
      Timestamp stamp,
      SiteSet verify,
      List<Loser> losers,
      List<Over> over,
      boolean braked)
      implements Verdict {
    /** Copies the lists. */
    public Delete {
      over = List.copyOf(over);
      losers = List.copyOf(losers);
    }
  }

  /** Nothing is to be done now, and the sites are not equal, or nobody knows whether they are. */
  record Hold(Reason reason) implements Verdict {}

  /** Why nothing is done. */
  enum Reason {
    /**
     * The object was written later than now. Copied, it would win over every write of the next
     * time, at every site: somebody's clock is wrong.
     */
    FROM_THE_FUTURE,
    /** The latest that was agreed on is at sites that cannot be read. */
    WAITS_FOR_SITE,
    /** Sites that have confirmed a later one show an older one: their listings lag. */
    LISTING_BEHIND
  }

  /**
   * What a later write discards.
   *
   * @param write empty if it is a deletion
   */
  record Loser(int site, Optional<ObjectRow> write) {}

  /** What is overwritten or deleted at a site: the object that was written there then. */
  record Over(int site, Timestamp written) {}
}
