package io.cotidal.objects.mover;

import io.cotidal.model.Secret;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.Verdict.Copy;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.swift.Applied;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import io.cotidal.objects.swift.Writing;
import java.util.List;
import java.util.Optional;

/** Brings one object to one site. Thread-safe. */
final class Bringing {
  /** What is known of the site afterwards. */
  enum Arrival {
    /** It has it. */
    HERE,
    /** It has nothing, and refuses it: there it was deleted later. */
    DELETED_LATER,
    /** It is as it was, or nobody knows. */
    LEFT
  }

  private final ContainerName container;
  private final Carrier carrier;
  private final Sight sight;
  private final Parts parts;

  Bringing(ContainerName container, Carrier carrier, Sight sight, Parts parts) {
    this.container = container;
    this.carrier = carrier;
    this.sight = sight;
    this.parts = parts;
  }

  /** Brings it there, if what is there is what the verdict knew of. */
  Arrival bring(Deed deed, Copy copy, Load load, Desk target)
      throws SiteFailed, InterruptedException {
    Key key = deed.finding().key();
    ObjectRow winner = copy.winner();
    boolean fresh = key.version().isEmpty() && !Deletes.shows(copy.over(), target.number());
    Optional<Sight.Seen> seen = Optional.empty();
    if (!fresh) {
      seen = sight.at(target, key);
      if (seen.isPresent() && seen.get().is(copy.stamp(), winner.hash())) {
        return Arrival.HERE;
      }
      if (!Sight.weighed(seen, copy.over(), target.number())) {
        return other(deed, target);
      }
    }
    if (!key.version().isEmpty()) {
      return winner.marker()
          ? marked(deed, copy, target)
          : version(deed, copy, load, target, seen.isPresent());
    }
    boolean post = seen.isPresent() && copy.posts().has(target.number());
    return written(deed, copy, load, target, post, fresh);
  }

  private static Arrival other(Deed deed, Desk target) {
    deed.left("site " + target + " has another one than its listing shows; the next pass sees it");
    return Arrival.LEFT;
  }

  private Arrival written(Deed deed, Copy copy, Load load, Desk target, boolean post, boolean fresh)
      throws SiteFailed, InterruptedException {
    if (post) {
      Optional<Applied> applied = posted(load.origin(), copy.stamp(), target);
      if (applied.isPresent()) {
        return applied.get() == Applied.DONE ? here(deed, 0) : refused(deed, copy, target);
      }
    }
    Aim aim = new Aim(container, copy.winner().name(), copy.stamp(), fresh);
    try {
      Carrier.Sent sent = carrier.carry(load, target, aim, parts);
      return sent.applied() == Applied.DONE
          ? here(deed, sent.bytes())
          : refused(deed, copy, target);
    } catch (SiteFailed e) {
      if (e.exists()) {
        return refused(deed, copy, target);
      }
      throw e;
    }
  }

  private static Arrival here(Deed deed, long bytes) {
    deed.copied(bytes);
    return Arrival.HERE;
  }

  /** The site keeps what it has: what is that? */
  private Arrival refused(Deed deed, Copy copy, Desk target)
      throws SiteFailed, InterruptedException {
    Optional<Sight.Seen> seen = sight.at(target, deed.finding().key());
    if (seen.isEmpty()) {
      return Arrival.DELETED_LATER;
    }
    if (seen.get().is(copy.stamp(), copy.winner().hash())) {
      // An answer was lost, or somebody was faster.
      return here(deed, 0);
    }
    return other(deed, target);
  }

  /** Writes metadata alone; empty if that does not do for this object, or it is gone there. */
  private Optional<Applied> posted(Origin origin, Timestamp stamp, Desk target)
      throws SiteFailed, InterruptedException {
    SiteFailed failed = null;
    for (Desk source : origin.sites()) {
      try {
        ObjectHead head = carrier.head(origin, source);
        return head.link().isPresent() || head.manifest() || head.segments().isPresent()
            ? Optional.empty()
            : Optional.of(post(origin, head, stamp, target));
      } catch (SiteFailed e) {
        if (e.was(Why.MISSING) && e.site() == target.number()) {
          return Optional.empty();
        }
        if (e.site() != source.number()) {
          throw e;
        }
        failed = e;
      }
    }
    throw failed != null
        ? failed
        : new SiteFailed(target.number(), origin + " is at no site that can be asked");
  }

  private Applied post(Origin origin, ObjectHead head, Timestamp stamp, Desk target)
      throws SiteFailed, InterruptedException {
    Secret key = target.key(container);
    Writing writing =
        Writing.of(container, origin.name(), stamp, key).with(Parcel.metadata(head, head.type()));
    return target.call(each -> target.swift().objects().post(writing, each));
  }

  /** The version that stands for a deletion is made by one. */
  private Arrival marked(Deed deed, Copy copy, Desk target)
      throws SiteFailed, InterruptedException {
    Writing writing =
        Writing.of(container, copy.winner().name(), copy.winner().written(), target.key(container));
    Applied applied = target.call(each -> target.swift().objects().delete(writing, each));
    return applied == Applied.OLDER ? refused(deed, copy, target) : here(deed, 0);
  }

  /** A version is called by when it was written; its metadata may have been changed since. */
  private Arrival version(Deed deed, Copy copy, Load load, Desk target, boolean there)
      throws SiteFailed, InterruptedException {
    ObjectRow winner = copy.winner();
    Timestamp written = Timestamp.parse(deed.finding().key().version());
    long bytes = 0;
    if (!there) {
      Aim aim = new Aim(container, winner.name(), written, false);
      bytes = carrier.carry(load, target, aim, parts).bytes();
      Optional<Sight.Seen> seen = sight.at(target, deed.finding().key());
      if (seen.isEmpty()) {
        return Arrival.DELETED_LATER;
      }
      if (seen.get().is(copy.stamp(), winner.hash())) {
        return here(deed, bytes);
      }
      if (!seen.get().etag().equals(winner.hash())) {
        return other(deed, target);
      }
    }
    if (!winner.latest()) {
      // Its metadata came along; when it was set aside is each site's own affair.
      return here(deed, bytes);
    }
    Optional<Applied> applied = posted(load.origin(), copy.stamp(), target);
    boolean done = applied.isPresent() && applied.get() == Applied.DONE;
    return done ? here(deed, bytes) : refused(deed, copy, target);
  }

  /**
   * Whether all sites say themselves that they have nothing later, and have it where it was seen.
   */
  boolean latest(Deed deed, Copy copy, List<Desk> sites) throws SiteFailed, InterruptedException {
    for (Desk site : sites) {
      Optional<Sight.Seen> seen = sight.at(site, deed.finding().key());
      boolean later = seen.isPresent() && seen.get().written().after(copy.winner().written());
      if (later || (seen.isEmpty() && copy.from().has(site.number()))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes it under another time at a site that joins and had deleted it in a former life.
   *
   * @return false if the site refuses it, or it is a version, which has no other time
   */
  boolean anew(Deed deed, Copy copy, Load load, Timestamp stamp, Desk target)
      throws SiteFailed, InterruptedException {
    if (!deed.finding().key().version().isEmpty()) {
      return false;
    }
    Aim aim = new Aim(container, copy.winner().name(), stamp, true);
    Carrier.Sent sent = carrier.carry(load, target, aim, parts);
    boolean done = sent.applied() == Applied.DONE;
    if (done) {
      deed.copied(sent.bytes());
    }
    return done;
  }
}
