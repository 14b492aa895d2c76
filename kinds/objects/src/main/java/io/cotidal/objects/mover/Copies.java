package io.cotidal.objects.mover;

import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.Outcome;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict.Copy;
import io.cotidal.objects.compare.Verdict.Loser;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.util.List;
import java.util.Optional;

/** Brings objects to sites. Thread-safe. */
final class Copies {
  private final PassOrder order;
  private final List<Desk> desks;
  private final Bringing bringing;
  private final Deletes deletes;
  private final Losing losing;

  Copies(PassOrder order, List<Desk> desks, Bringing bringing, Deletes deletes, Losing losing) {
    this.order = order;
    this.desks = desks;
    this.bringing = bringing;
    this.deletes = deletes;
    this.losing = losing;
  }

  /**
   * Brings the winner to where it is not.
   *
   * @param losers what is discarded by that
   * @param verify sites of which a deletion seems to be overruled
   */
  void copy(Deed deed, Copy copy, List<Loser> losers, SiteSet verify)
      throws Losing.LedgerFailed, InterruptedException {
    SiteSet deleted = deletes.absent(deed, verify);
    if (!losers.isEmpty()) {
      try {
        losing.before(deed, deleted, losers);
      } catch (SiteFailed e) {
        deed.left(e.getMessage());
        return;
      }
    }
    Load load = new Load(origin(deed.finding().key(), copy));
    Timestamp now = Timestamp.of(order.clock().instant());
    SiteSet done = SiteSet.NONE;
    SiteSet later = SiteSet.NONE;
    Anew anew = new Anew(SiteSet.NONE, copy.stamp());
    for (int place : Deletes.places(copy.to())) {
      switch (arrived(deed, copy, load, place)) {
        case HERE -> done = done.with(place);
        case DELETED_LATER -> {
          if (copy.joining().has(place)) {
            anew = anew.with(place, again(deed, copy, load, now, place));
          } else {
            later = later.with(place);
          }
        }
        case LEFT -> {}
      }
    }
    conclude(deed, copy, new Ends(done, later, anew));
  }

  /** Sites where it was written under a later time, and that time, the latest of them. */
  private record Anew(SiteSet sites, Timestamp stamp) {
    Anew with(int place, Optional<Timestamp> written) {
      if (written.isEmpty() || stamp.after(written.get())) {
        return this;
      }
      boolean same = written.get().equals(stamp);
      return new Anew(same ? sites.with(place) : SiteSet.of(place), written.get());
    }
  }

  private record Ends(SiteSet done, SiteSet later, Anew anew) {}

  private static void conclude(Deed deed, Copy copy, Ends ends) {
    if (!ends.anew.sites.isEmpty()) {
      ObjectRow row = copy.winner();
      ObjectRow what =
          new ObjectRow(
              row.name(),
              ends.anew.stamp,
              row.hash(),
              row.bytes(),
              row.version(),
              row.latest(),
              row.marker());
      deed.outcome(new Outcome.Copied(what, ends.anew.sites, SiteSet.NONE));
      deed.left("a site that joins had deleted it before: it has a new time there, for the others");
      return;
    }
    if (!ends.later.isEmpty()) {
      deed.left("it was deleted after it was written: the next pass carries that on");
    } else if (!copy.stamp().equals(copy.winner().written()) && !ends.done.isEmpty()) {
      deed.left(
          "a site would have kept what it had: it is a step later there now, for the others to follow");
    }
    if (!ends.done.isEmpty() || !ends.later.isEmpty()) {
      deed.outcome(Outcome.copied(copy, ends.done, ends.later));
    }
  }

  private Origin origin(Key key, Copy copy) {
    ObjectRow winner = copy.winner();
    List<String> versions =
        key.version().isEmpty() ? List.of() : List.of(key.version(), ObjectRow.UNNAMED);
    List<Desk> sites = Deletes.places(copy.from()).stream().map(desks::get).toList();
    return new Origin(
        order.container(),
        key.name(),
        versions,
        Optional.of(winner.written()),
        winner.bytes(),
        sites.stream().filter(site -> site.out().isEmpty()).toList());
  }

  private Bringing.Arrival arrived(Deed deed, Copy copy, Load load, int place)
      throws InterruptedException {
    try {
      return bringing.bring(deed, copy, load, desks.get(place));
    } catch (SiteFailed e) {
      deed.left(e.getMessage());
      return Bringing.Arrival.LEFT;
    }
  }

  /**
   * Under a time that the site does not refuse: a step behind that under which it gave the object
   * up, if it was so. Only if that is not late enough, the time of now, if no site has a later
   * write that this would overrule.
   */
  private Optional<Timestamp> again(Deed deed, Copy copy, Load load, Timestamp now, int place)
      throws InterruptedException {
    try {
      Timestamp behind = copy.stamp().next().next();
      if (bringing.anew(deed, copy, load, behind, desks.get(place))) {
        return Optional.of(behind);
      }
      if (bringing.latest(deed, copy, desks)
          && bringing.anew(deed, copy, load, now, desks.get(place))) {
        return Optional.of(now);
      }
      deed.left("site " + desks.get(place) + " has deleted it before it joined");
    } catch (SiteFailed e) {
      deed.left(e.getMessage());
    }
    return Optional.empty();
  }
}
