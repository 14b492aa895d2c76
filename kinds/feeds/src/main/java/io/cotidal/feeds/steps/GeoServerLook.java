package io.cotidal.feeds.steps;

import io.cotidal.feeds.geoserver.Listing;
import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.geoserver.SiteException;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.MemberId;
import io.cotidal.remote.ActFailed;
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
  private final SortedSet<String> channels;
  private final Map<MemberId, Rounds> rounds = new ConcurrentHashMap<>();

  /** Looks for what {@code publications} say. */
  GeoServerLook(Publications publications, Wishes wishes, FeedsSpec.Choice choice) {
    this.publications = publications;
    this.wishes = wishes;
    this.rules = !choice.skips().rules();
    this.channels = choice.channels();
  }

  FeedsFacts.GeoServer now(MemberId server, Site site, Deadline deadline)
      throws SiteException, InterruptedException {
    Listing listing = site.listing(deadline);
    SortedMap<Subject, Body> readable = new TreeMap<>();
    for (Map.Entry<Subject, Thing> each : publications.current().entrySet()) {
      Subject subject = each.getKey();
      if (has(listing, subject)) {
        each.getValue()
            .publish()
            .map(Thing.Wish.Publish::body)
            .filter(body -> shown(listing, body))
            .ifPresent(body -> readable.put(subject, body));
      }
    }
    return new FeedsFacts.GeoServer(
        listing.version(), present(listing), changed(new Reader(server, site, deadline), readable));
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
      boolean odd = print.flatMap(Site.Print::change).isPresent();
      turns.had(subject, odd);
      print.filter(_ -> odd).ifPresent(each -> prints.put(subject.key(), each.digest()));
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

  /**
   * What is there, under the key of every sort that it could be of: this look may come before the
   * repository's first, and then nobody knows which.
   */
  private SortedSet<String> present(Listing listing) {
    SortedSet<String> keys = new TreeSet<>();
    add(keys, listing.layers(), List.of(Sort.LAYER, Sort.WMS_LAYER, Sort.LIVE_LAYER));
    add(keys, listing.stores(), List.of(Sort.WMS_STORE, Sort.LIVE_STORE));
    add(keys, listing.groups(), List.of(Sort.GROUP));
    add(keys, listing.workspaces(), List.of(Sort.WORKSPACE));
    channels.forEach(channel -> keys.add(new Subject(Sort.RULES, channel, "").key()));
    return keys;
  }

  private static void add(SortedSet<String> keys, SortedSet<String> names, List<Sort> sorts) {
    for (String name : names) {
      String title = name.replaceFirst(":", ".");
      sorts.forEach(sort -> keys.add(sort.word() + "/" + title));
    }
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
