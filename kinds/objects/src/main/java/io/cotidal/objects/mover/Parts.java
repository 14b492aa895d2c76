package io.cotidal.objects.mover;

import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.listing.Span;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.swift.Applied;
import io.cotidal.objects.swift.ContainerHead;
import io.cotidal.objects.swift.Listing;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sees to it that the segments of a large object are at a site before its manifest comes, wherever
 * they lie: nobody is ever to read a part for the whole. Thread-safe.
 */
final class Parts implements Carrier.Before {
  private static final int DEPTH = 10;
  private static final int PAGE = 1_000;

  /** A listing is read no further if it has more rows between than there are segments. */
  private static final int SPARSE = 10;

  private final ContainerName container;
  private final Carrier carrier;
  private final Set<Need> needs;
  private final int depth;

  /**
   * @param needs takes the containers that are missing
   */
  Parts(ContainerName container, Carrier carrier, Set<Need> needs) {
    this(container, carrier, needs, 0);
  }

  private Parts(ContainerName container, Carrier carrier, Set<Need> needs, int depth) {
    this.container = container;
    this.carrier = carrier;
    this.needs = needs;
    this.depth = depth;
  }

  @Override
  public void manifest(Parcel manifest, Desk source, Desk target)
      throws SiteFailed, InterruptedException {
    if (depth >= DEPTH) {
      throw new SiteFailed(source.number(), "it is made of large objects more than ten deep");
    }
    Optional<String> prefix = manifest.head().segments();
    List<Segment> segments =
        prefix.isPresent()
            ? listed(prefix.get(), source)
            : Segment.of(manifest.bytes(), source.number());
    Map<ContainerName, Map<String, Segment>> places = new HashMap<>();
    for (Segment segment : segments) {
      places
          .computeIfAbsent(segment.in(container.account()), _ -> new HashMap<>())
          .put(segment.name(), segment);
    }
    for (Map.Entry<ContainerName, Map<String, Segment>> place : places.entrySet()) {
      place(place.getKey(), target);
      there(place.getKey(), place.getValue(), target);
      for (Segment segment : place.getValue().values()) {
        bring(place.getKey(), segment, source, target, prefix.isPresent());
      }
    }
  }

  private void place(ContainerName in, Desk target) throws SiteFailed, InterruptedException {
    if (target.container(in).flatMap(ContainerHead::key).isEmpty()) {
      needs.add(new Need(in, target.swift().member()));
      throw new SiteFailed(
          target.number(),
          "site " + target + ": its segments lie in " + in + ", which is not placed there yet");
    }
  }

  private List<Segment> listed(String prefix, Desk source) throws SiteFailed, InterruptedException {
    Segment.Prefix where = Segment.prefix(prefix);
    ContainerName in = new ContainerName(container.account(), where.container());
    return source.call(each -> {
      List<Segment> all = new ArrayList<>();
      rows(source, in, where.prefix(), each, row -> all.add(Segment.listed(in, row)));
      // What is empty adds nothing to the whole; such is a manifest among its own segments.
      all.removeIf(segment -> segment.bytes() == 0);
      return all;
    });
  }

  private interface Taker {
    /** Returns whether more are wanted. */
    boolean take(ObjectRow row);
  }

  private static void rows(Desk site, ContainerName in, String prefix, Deadline each, Taker taker)
      throws SwiftTrouble, IOException {
    Duration most = each.left().plusMillis(1);
    Span span = new Span(prefix, "", "");
    Listing listing = new Listing(in, span, false, PAGE, most);
    try (Rows rows = site.swift().containers().rows(listing)) {
      Optional<ObjectRow> row = rows.next();
      while (row.isPresent() && taker.take(row.get())) {
        row = rows.next();
      }
    } catch (ListingTrouble e) {
      if (e.getCause() instanceof SwiftTrouble trouble) {
        throw trouble;
      }
      throw new IOException(e);
    }
  }

  /** Takes out those that the site lists already. */
  private static void there(ContainerName in, Map<String, Segment> segments, Desk target)
      throws SiteFailed, InterruptedException {
    String prefix = Segment.common(segments.keySet());
    long most = PAGE + (long) SPARSE * segments.size();
    target.call(each -> {
      AtomicLong read = new AtomicLong();
      rows(
          target,
          in,
          prefix,
          each,
          row -> {
            Segment segment = segments.get(row.name());
            if (segment != null && segment.is(row)) {
              segments.remove(row.name());
            }
            return !segments.isEmpty() && read.incrementAndGet() < most;
          });
      return true;
    });
  }

  private void bring(ContainerName in, Segment segment, Desk source, Desk target, boolean raw)
      throws SiteFailed, InterruptedException {
    Reading shown =
        segment.large() ? Reading.shown(in, segment.name()) : Reading.raw(in, segment.name());
    ObjectHead there =
        source
            .call(each -> source.swift().objects().head(shown, each))
            .orElseThrow(() ->
                new SiteFailed(
                    source.number(),
                    "site " + source + ": its segment " + segment + " is missing"));
    Timestamp written = there.written();
    Origin origin =
        new Origin(
            in,
            segment.name(),
            List.of(),
            Optional.of(written),
            segment.large() ? 0 : there.bytes(),
            List.of(source));
    Aim aim = new Aim(in, segment.name(), written, true);
    // Of a dynamic one the segments are read as they are kept.
    Carrier.Before below = raw ? (_, _, _) -> {} : new Parts(in, carrier, needs, depth + 1);
    try {
      if (carrier.carry(new Load(origin), target, aim, below).applied() == Applied.DONE) {
        return;
      }
    } catch (SiteFailed e) {
      if (!e.exists()) {
        throw e;
      }
    }
    Optional<ObjectHead> here = target.call(each -> target.swift().objects().head(shown, each));
    if (here.isEmpty() || !here.get().etag().equals(there.etag())) {
      throw new SiteFailed(
          target.number(),
          "site " + target + ": its segment " + segment + " is another one there, or was deleted");
    }
  }
}
