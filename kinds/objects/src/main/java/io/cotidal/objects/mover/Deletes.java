package io.cotidal.objects.mover;

import io.cotidal.model.Secret;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.Outcome;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict.Delete;
import io.cotidal.objects.compare.Verdict.Over;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.swift.Applied;
import io.cotidal.objects.swift.Writing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Carries deletions on. Thread-safe. */
final class Deletes {
  private final ContainerName container;
  private final List<Desk> desks;
  private final Sight sight;
  private final Losing losing;

  Deletes(ContainerName container, List<Desk> desks, Sight sight, Losing losing) {
    this.container = container;
    this.desks = desks;
    this.sight = sight;
    this.losing = losing;
  }

  /** Deletes what is to go, once a site that deleted it has said so itself. */
  void delete(Deed deed, Delete delete) throws Losing.LedgerFailed, InterruptedException {
    SiteSet gone = absent(deed, delete.verify());
    if (gone.isEmpty() && !delete.verify().isEmpty()) {
      if (deed.why().isEmpty()) {
        deed.left("no site that seemed to have deleted it says so: its listing lags");
      }
      return;
    }
    try {
      losing.before(deed, SiteSet.NONE, delete.losers());
    } catch (SiteFailed e) {
      deed.left(e.getMessage());
      return;
    }
    for (int site : places(delete.at())) {
      try {
        if (erased(deed, delete, desks.get(site))) {
          gone = gone.with(site);
        } else {
          deed.left("site " + desks.get(site) + " has another one now; the next pass sees it");
        }
      } catch (SiteFailed e) {
        deed.left(e.getMessage());
      }
    }
    deed.outcome(new Outcome.Deleted(gone));
  }

  /** Those that say themselves that they have nothing. */
  SiteSet absent(Deed deed, SiteSet sites) throws InterruptedException {
    SiteSet absent = SiteSet.NONE;
    for (int site : places(sites)) {
      try {
        if (sight.at(desks.get(site), deed.finding().key()).isEmpty()) {
          absent = absent.with(site);
        }
      } catch (SiteFailed e) {
        deed.left(e.getMessage());
      }
    }
    return absent;
  }

  private boolean erased(Deed deed, Delete delete, Desk site)
      throws SiteFailed, InterruptedException {
    Key key = deed.finding().key();
    Optional<Sight.Seen> seen = sight.at(site, key);
    if (seen.isEmpty()) {
      return true;
    }
    if (!Sight.weighed(seen, delete.over(), site.number())) {
      return false;
    }
    Secret secret = site.key(container);
    // What stands for a deletion was made later than it says; nobody ever writes it anew.
    Timestamp own = seen.get().latest().next();
    boolean marker = seen.get().latest().after(seen.get().written());
    Timestamp stamp = marker && own.after(delete.stamp()) ? own : delete.stamp();
    Writing plain = Writing.of(container, key.name(), stamp, secret);
    Writing writing = key.version().isEmpty() ? plain : plain.version(seen.get().id());
    Applied applied = site.call(each -> site.swift().objects().delete(writing, each));
    if (applied == Applied.OLDER) {
      return sight.at(site, key).isEmpty();
    }
    deed.deleted();
    return true;
  }

  /** The places of these sites. */
  static List<Integer> places(SiteSet sites) {
    List<Integer> all = new ArrayList<>(sites.size());
    sites.each(all::add);
    return all;
  }

  /** Whether a verdict knew of something at that site. */
  static boolean shows(List<Over> over, int site) {
    return over.stream().anyMatch(one -> one.site() == site);
  }
}
