package io.cotidal.feeds.steps;

import io.cotidal.feeds.geoserver.Applied;
import io.cotidal.feeds.geoserver.Gone;
import io.cotidal.feeds.geoserver.Probe;
import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.geoserver.SiteException;
import io.cotidal.feeds.geoserver.Spot;
import io.cotidal.feeds.geoserver.Wanted;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Acts on GeoServers. Each writes only what differs, so that it may be done again. */
final class AtGeoServer {
  private final Map<MemberId, Site> sites;
  private final Wishes wishes;
  private final Publications publications;
  private final Formerly formerly;

  AtGeoServer(
      Map<MemberId, Site> sites, Wishes wishes, Publications publications, Formerly formerly) {
    this.sites = Map.copyOf(sites);
    this.wishes = wishes;
    this.publications = publications;
    this.formerly = formerly;
  }

  private Site site(Act.Turn turn) throws ActFailed {
    Site site = sites.get(turn.member());
    if (site == null) {
      throw new ActFailed(turn.member() + ": the configuration names no such GeoServer");
    }
    return site;
  }

  /** An act that may be repeated at will: inspection has nothing to find out. */
  private interface Repeatable extends Act {
    @Override
    default Inspection inspect(Turn turn) {
      return new Inspection.NotApplied("it is done again, and writes only what differs");
    }
  }

  /** Brings a GeoServer to what a job says, and sees that it serves it. */
  Act showing() {
    return (Repeatable)
        turn -> {
          Thing.Wish.Publish wish = AtRepository.wish(publications, turn);
          Subject subject = turn.subject();
          Site site = site(turn);
          try {
            int writes = surroundings(site, subject, wish.body(), turn.deadline());
            Applied applied =
                site.apply(wishes.told(turn.member(), subject, wish.body()), turn.deadline());
            Optional<Spot> spot = spot(subject, wish.body());
            if (spot.isPresent()) {
              serve(site, spot.get(), turn);
            }
            if (wish.body() instanceof Body.Rules rules) {
              formerly.are(turn.member(), subject, rules);
            }
            return Details.of(Acts.PRINT, applied.print())
                .with(Acts.WRITES, writes + applied.writes());
          } catch (SiteException e) {
            throw ActFailed.because(e);
          }
        };
  }

  /** What must be there before the thing itself: its workspace with the datastore of its tables. */
  private static int surroundings(Site site, Subject subject, Body body, Deadline deadline)
      throws SiteException {
    if (body instanceof Body.Rules || body instanceof Body.Workspace) {
      return 0;
    }
    Optional<String> schema =
        body instanceof Body.Layer layer ? Optional.of(layer.schemas().view()) : Optional.empty();
    Subject workspace = new Subject(Sort.WORKSPACE, subject.workspace(), "");
    return site.apply(new Wanted.Workspace(workspace, schema, false), deadline).writes();
  }

  /** Tiles go, columns are read anew, and readers' own questions must be answered. */
  private static void serve(Site site, Spot spot, Act.Turn turn) throws SiteException, ActFailed {
    boolean changed = turn.says(Acts.CHANGED);
    // A group has no table of its own.
    if (changed && !spot.store().isEmpty()) {
      site.reset(Site.Level.LAYER, spot, turn.deadline());
    }
    switch (site.settle(spot, turn.deadline()).probe()) {
      case Probe.Good _ -> {}
      case Probe.Bad bad ->
          throw new ActFailed(spot.qualified() + " is not served: " + bad.reason());
      case Probe.Unknown unknown ->
          throw new ActFailed(spot.qualified() + " cannot be probed: " + unknown.reason());
    }
    if (changed || turn.says(Acts.EMPTY)) {
      site.truncate(spot, turn.deadline());
    }
  }

  /** Where readers would ask for it; empty if they do not ask for such things. */
  static Optional<Spot> spot(Subject subject, Body body) {
    return switch (body) {
      case Body.Layer layer -> Optional.of(Spot.layer(subject, !layer.spatialColumn().isEmpty()));
      case Body.LiveLayer layer ->
          Optional.of(Spot.live(subject, layer.store(), !layer.spatialColumn().isEmpty()));
      case Body.WmsLayer layer -> Optional.of(Spot.cascaded(subject, layer.store()));
      case Body.Group _ -> Optional.of(Spot.group(subject));
      case Body.WmsStore _, Body.LiveStore _, Body.Workspace _, Body.Rules _, Body.Roles _ ->
          Optional.empty();
    };
  }

  /** Lets a GeoServer forget what it knows of a table. */
  Act resetting() {
    return (Repeatable)
        turn -> {
          try {
            site(turn).reset(Site.Level.LAYER, Spot.layer(turn.subject(), true), turn.deadline());
            return Details.NONE;
          } catch (SiteException e) {
            throw ActFailed.because(e);
          }
        };
  }

  /** Takes a thing away: groups let go of it first, for a GeoServer keeps what a group shows. */
  Act hiding() {
    return (Repeatable)
        turn -> {
          Subject subject = turn.subject();
          Site site = site(turn);
          try {
            int writes = release(site, subject, turn.deadline());
            writes += site.remove(gone(turn, subject), turn.deadline()).writes();
            return Details.of(Acts.WRITES, writes);
          } catch (SiteException e) {
            throw ActFailed.because(e);
          }
        };
  }

  private int release(Site site, Subject subject, Deadline deadline) throws SiteException {
    int writes = 0;
    for (Thing thing : publications.current().values()) {
      Optional<Body> body = thing.publish().map(Thing.Wish.Publish::body);
      if (body.isPresent() && body.get() instanceof Body.Group group) {
        List<Body.Member> others =
            group.members().stream().filter(each -> !each.subject().equals(subject)).toList();
        if (others.size() < group.members().size() && !others.isEmpty()) {
          Body.Group rest = new Body.Group(others, group.access(), group.face());
          writes += site.apply(new Wanted.Group(thing.subject(), rest), deadline).writes();
        }
      }
    }
    return writes;
  }

  private Gone gone(Act.Turn turn, Subject subject) throws ActFailed {
    return switch (subject.sort()) {
      case LAYER, WMS_LAYER, LIVE_LAYER -> new Gone.Layer(subject, store(subject));
      case WMS_STORE, LIVE_STORE -> new Gone.Store(subject);
      case GROUP -> new Gone.Group(subject);
      case WORKSPACE -> new Gone.Workspace(subject);
      case RULES -> new Gone.Rules(subject, formerly.of(turn.member(), subject));
      case ROLES -> throw new ActFailed(subject + ": roles are the database's");
    };
  }

  /** The store of a layer that goes, as far as a job still says it. */
  private String store(Subject subject) {
    return Optional.ofNullable(publications.current().get(subject))
        .map(thing -> thing.fields().get("store"))
        .map(String::valueOf)
        .orElse("");
  }
}
