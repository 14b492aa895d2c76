package io.cotidal.objects.mover;

import io.cotidal.model.Secret;
import io.cotidal.objects.swift.Applied;
import io.cotidal.objects.swift.Download;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import io.cotidal.objects.swift.Writing;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.Headers;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries objects from site to site, as they are kept there: manifests and links themselves. What
 * is small is read whole and then written; what is not goes straight from one connection into
 * another. The receiving site checks length and sum. Thread-safe.
 */
final class Carrier {
  private static final int MANIFEST = 16 << 20;

  private final Throttle throttle;
  private final Patience patience;
  private final Deadline deadline;

  Carrier(Throttle throttle, Patience patience, Deadline deadline) {
    this.throttle = throttle;
    this.patience = patience;
    this.deadline = deadline;
  }

  /** What has to be there before a large object. */
  interface Before {
    /** Sees to it. */
    void manifest(Parcel manifest, Desk source, Desk target)
        throws SiteFailed, InterruptedException;
  }

  /**
   * How a write ended.
   *
   * @param bytes that were sent for it
   */
  record Sent(Applied applied, long bytes) {}

  /** Writes what {@code load} is at {@code target}, from the first of its sites that has it. */
  Sent carry(Load load, Desk target, Aim aim, Before before)
      throws SiteFailed, InterruptedException {
    SiteFailed failed = null;
    for (Desk source : load.origin().sites()) {
      try {
        return carry(load, source, target, aim, before);
      } catch (SiteFailed e) {
        if (e.site() != source.number() || source == target) {
          throw e;
        }
        failed = e;
      }
    }
    throw failed != null
        ? failed
        : new SiteFailed(target.number(), load.origin() + " is at no site that can be asked");
  }

  private Sent carry(Load load, Desk source, Desk target, Aim aim, Before before)
      throws SiteFailed, InterruptedException {
    target.check();
    if (load.parcel().isEmpty() && !load.streamed()) {
      load.read(parcel(load.origin(), source));
    }
    if (load.parcel().isEmpty()) {
      Sent sent = stream(load, source, target, aim);
      if (sent != null) {
        return sent;
      }
      load.read(parcel(load.origin(), source));
    }
    Parcel parcel = load.parcel().orElseThrow();
    if (parcel.large()) {
      before.manifest(parcel, source, target);
    }
    Writing writing = writing(aim, target, parcel.headers());
    Applied applied =
        target.call(each -> target.swift().objects().put(writing, Body.of(parcel.bytes()), each));
    throttle.moved(parcel.bytes().length, deadline);
    return new Sent(applied, parcel.bytes().length);
  }

  /** Its head at a site, checked to be what is meant. */
  ObjectHead head(Origin origin, Desk source) throws SiteFailed, InterruptedException {
    for (int id = 0; id < origin.ids(); id++) {
      Reading reading = origin.raw(id);
      Optional<ObjectHead> head = source.call(each -> source.swift().objects().head(reading, each));
      if (head.isPresent()) {
        check(origin, source, head.get());
        return head.get();
      }
    }
    throw new SiteFailed(source.number(), "site " + source + ": " + origin + " is not there now");
  }

  private static void check(Origin origin, Desk source, ObjectHead head) throws SiteFailed {
    if (origin.written().isPresent() && !origin.written().get().equals(head.written())) {
      throw new SiteFailed(
          source.number(),
          "site " + source + ": " + origin + " was written anew; the next pass sees it");
    }
  }

  private Parcel parcel(Origin origin, Desk source) throws SiteFailed, InterruptedException {
    for (int id = 0; true; id++) {
      Reading reading = origin.raw(id);
      try {
        Raw raw = source.call(each -> raw(reading, source, each));
        check(origin, source, raw.head);
        return typed(origin, source, raw);
      } catch (SiteFailed e) {
        if (!e.was(Why.MISSING) || id + 1 == origin.ids()) {
          throw e;
        }
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  private record Raw(ObjectHead head, byte[] bytes) {}

  private static Raw raw(Reading reading, Desk source, Deadline each)
      throws SwiftTrouble, IOException {
    try (Download download = source.swift().objects().get(reading, each)) {
      if (download.head().bytes() > MANIFEST) {
        throw new IOException("an object is longer than its listing says; the next pass sees it");
      }
      byte[] bytes = download.body().readNBytes(MANIFEST);
      if (bytes.length != download.head().bytes()) {
        throw new IOException("an object is longer or shorter than it says");
      }
      return new Raw(download.head(), bytes);
    }
  }

  /** A manifest that is read raw does not tell the type of what it stands for. */
  private static Parcel typed(Origin origin, Desk source, Raw raw)
      throws SiteFailed, InterruptedException {
    String type = raw.head.type();
    if (raw.head.manifest()) {
      Reading shown = Reading.shown(origin.container(), origin.name());
      Optional<String> version = raw.head.version().filter(_ -> !origin.versions().isEmpty());
      Reading reading = version.map(shown::version).orElse(shown);
      ObjectHead head =
          source
              .call(each -> source.swift().objects().head(reading, each))
              .orElseThrow(() ->
                  new SiteFailed(
                      source.number(), "site " + source + ": " + origin + " is not there now"));
      type = head.type();
    }
    return new Parcel(raw.head, Parcel.whole(raw.head, type), raw.bytes);
  }

  private static Writing writing(Aim aim, Desk target, Headers headers)
      throws SiteFailed, InterruptedException {
    Secret key = target.key(aim.container());
    Headers all = aim.fresh() ? headers.with("If-None-Match", "*") : headers;
    return Writing.of(aim.container(), aim.name(), aim.stamp(), key).with(all);
  }

  /** Null if it is small after all, or large and made of others: then it is to be read whole. */
  private @Nullable Sent stream(Load load, Desk source, Desk target, Aim aim)
      throws SiteFailed, InterruptedException {
    Patience.Tries tries = patience.tries();
    target.key(aim.container());
    int id = 0;
    while (true) {
      Attempt attempt = attempt(load, source, target, aim, id);
      if (attempt.trouble == null) {
        return attempt.sent;
      }
      if (attempt.trouble.why() == Why.MISSING
          && attempt.desk == source
          && ++id < load.origin().ids()) {
        continue;
      }
      attempt.desk.again(tries, attempt.trouble);
    }
  }

  private record Attempt(@Nullable Sent sent, Desk desk, @Nullable SwiftTrouble trouble) {}

  private Attempt attempt(Load load, Desk source, Desk target, Aim aim, int id)
      throws SiteFailed, InterruptedException {
    Desk first = source.number() <= target.number() ? source : target;
    Desk second = first == source ? target : source;
    // Always in this order, so that no two wait for each other.
    try (Governor.Permit one = first.enter();
        Governor.Permit two = first == second ? null : second.enter()) {
      Governor.Permit from = first == source ? one : two;
      Governor.Permit to = first == source ? (two == null ? one : two) : one;
      return passed(load, new Ends(source, target, from == null ? one : from, to), aim, id);
    }
  }

  private record Ends(Desk source, Desk target, Governor.Permit from, Governor.Permit to) {}

  private Attempt passed(Load load, Ends ends, Aim aim, int id)
      throws SiteFailed, InterruptedException {
    Desk source = ends.source;
    try (Download download = source.swift().objects().get(load.origin().raw(id), deadline)) {
      check(load.origin(), source, download.head());
      ends.from.well();
      ObjectHead head = download.head();
      if (head.manifest() || head.segments().isPresent() || head.bytes() <= Load.SMALL) {
        return new Attempt(null, source, null);
      }
      return put(ends, download, aim);
    } catch (SwiftTrouble e) {
      source.badly(ends.from, e);
      return new Attempt(null, source, e);
    }
  }

  private Attempt put(Ends ends, Download download, Aim aim)
      throws SiteFailed, InterruptedException {
    ObjectHead head = download.head();
    Writing writing = writing(aim, ends.target, Parcel.whole(head, head.type()));
    Body body = Body.of(head.bytes(), new ThrottledStream(download.body(), throttle, deadline));
    try {
      Applied applied = ends.target.swift().objects().put(writing, body, deadline);
      ends.target.well(ends.to);
      return new Attempt(new Sent(applied, head.bytes()), ends.target, null);
    } catch (SwiftTrouble e) {
      boolean broke = e.why() == Why.SOURCE;
      Desk guilty = broke ? ends.source : ends.target;
      if (broke) {
        ends.from.badly();
      } else {
        guilty.badly(ends.to, e);
      }
      return new Attempt(null, guilty, e);
    }
  }
}
