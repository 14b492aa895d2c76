package io.cotidal.feeds.steps;

import io.cotidal.feeds.geoserver.Listing;
import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.geoserver.SiteException;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.model.MemberId;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a GeoServer: what of our jobs it has, and of some of them by turns whether somebody
 * changed it there. Thread-safe.
 */
final class GeoServerLook {
  private static final Logger log = LoggerFactory.getLogger(GeoServerLook.class);

  /** No more of a look than this is spent on reading things one by one. */
  private static final Duration READING = Duration.ofSeconds(3);

  private final Publications publications;
  private final Wishes wishes;
  private final boolean rules;
  private final Map<MemberId, Rounds> rounds = new ConcurrentHashMap<>();

  /** Looks for what {@code publications} say; {@code rules} tells whether rules are ours. */
  GeoServerLook(Publications publications, Wishes wishes, boolean rules) {
    this.publications = publications;
    this.wishes = wishes;
    this.rules = rules;
  }

  FeedsFacts.GeoServer now(MemberId server, Site site, Deadline deadline)
      throws SiteException, InterruptedException {
    Listing listing = site.listing(deadline);
    SortedSet<String> present = new TreeSet<>();
    SortedMap<Subject, Body> readable = new TreeMap<>();
    for (Map.Entry<Subject, Thing> each : publications.current().entrySet()) {
      Subject subject = each.getKey();
      if (has(listing, subject)) {
        present.add(subject.key());
        each.getValue()
            .publish()
            .map(Thing.Wish.Publish::body)
            .filter(body -> shown(listing, body))
            .ifPresent(body -> readable.put(subject, body));
      }
    }
    return new FeedsFacts.GeoServer(
        listing.version(), present, changed(new Reader(server, site, deadline), readable));
  }

  /** Who is read, and until when. */
  private record Reader(MemberId server, Site site, Deadline deadline) {}

  /** Prints of those that are not as their jobs say. */
  private SortedMap<String, String> changed(Reader reader, SortedMap<Subject, Body> readable)
      throws InterruptedException {
    Rounds turns = rounds.computeIfAbsent(reader.server(), _ -> new Rounds());
    Deadline end = reader.deadline().atMost(READING);
    SortedMap<String, String> prints = new TreeMap<>();
    List<Subject> next = turns.next(readable.keySet());
    for (Subject subject : next) {
      Body body = readable.get(subject);
      if (body == null || end.over()) {
        break;
      }
      Optional<Site.Print> print = print(reader, subject, body);
      boolean odd = print.isPresent() && !print.get().asWanted();
      turns.had(subject, odd);
      if (odd) {
        prints.put(subject.key(), print.get().digest());
      }
    }
    return prints;
  }

  /** What cannot be read now is not known to be changed: its next turn comes. */
  private Optional<Site.Print> print(Reader reader, Subject subject, Body body)
      throws InterruptedException {
    try {
      return Optional.of(
          reader.site().print(wishes.compared(reader.server(), subject, body), reader.deadline()));
    } catch (SiteException | ActFailed e) {
      log.debug("event=not-compared job={} reason=\"{}\"", subject, ActFailed.line(e));
      return Optional.empty();
    }
  }

  /** Whether GeoServer is told of it, and of all that it consists of there. */
  private boolean shown(Listing listing, Body body) {
    return switch (body) {
      case Body.Layer layer -> layer.shown();
      case Body.Workspace workspace -> workspace.shown();
      case Body.Rules _ -> rules;
      case Body.Roles _ -> false;
      // While a member is away, the group is told the others: that is nobody's change.
      case Body.Group group ->
          group.members().stream().allMatch(member -> has(listing, member.subject()));
      case Body.WmsStore _, Body.WmsLayer _, Body.LiveStore _, Body.LiveLayer _ -> true;
    };
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
