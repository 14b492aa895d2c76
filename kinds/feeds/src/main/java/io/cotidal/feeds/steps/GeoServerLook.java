package io.cotidal.feeds.steps;

import io.cotidal.feeds.geoserver.Listing;
import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.geoserver.SiteException;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.remote.Deadline;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks at a GeoServer: what of our jobs it has. */
final class GeoServerLook {
  private final Publications publications;

  GeoServerLook(Publications publications) {
    this.publications = publications;
  }

  FeedsFacts.GeoServer now(Site site, Deadline deadline) throws SiteException {
    Listing listing = site.listing(deadline);
    SortedSet<String> present = new TreeSet<>();
    for (Subject subject : publications.current().keySet()) {
      if (has(listing, subject)) {
        present.add(subject.key());
      }
    }
    return new FeedsFacts.GeoServer(listing.version(), present, new TreeMap<>());
  }

  private static boolean has(Listing listing, Subject subject) {
    String name = subject.workspace() + ":" + subject.name();
    return switch (subject.sort()) {
      case LAYER, WMS_LAYER, LIVE_LAYER -> listing.layers().contains(name);
      case WMS_STORE, LIVE_STORE -> listing.stores().contains(name);
      case GROUP -> listing.groups().contains(name);
      case WORKSPACE -> listing.workspaces().contains(subject.workspace());
      case RULES, ROLES -> true;
    };
  }
}
