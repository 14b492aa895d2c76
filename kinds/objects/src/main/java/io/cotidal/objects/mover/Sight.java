package io.cotidal.objects.mover;

import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.Verdict.Over;
import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.listing.Span;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.swift.Listing;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks sites themselves, by the newest of their copies: listings lag. Thread-safe. */
final class Sight {
  /** No site gives less. */
  private static final int PAGE = 100;

  private final ContainerName container;

  Sight(ContainerName container) {
    this.container = container;
  }

  /**
   * What is there.
   *
   * @param latest up to when it was changed: a deletion of it must be later
   * @param id by which the site knows the version; empty in a container without versions
   */
  record Seen(Timestamp written, String etag, Timestamp latest, String id) {
    boolean is(Timestamp stamp, String hash) {
      return written.equals(stamp) && etag.equals(hash);
    }
  }

  /** What {@code site} has now; empty if nothing. */
  Optional<Seen> at(Desk site, Key key) throws SiteFailed, InterruptedException {
    Reading plain = Reading.raw(container, key.name());
    if (key.version().isEmpty()) {
      return head(site, plain).map(head -> seen(head, ""));
    }
    Optional<ObjectHead> named = head(site, plain.version(key.version()));
    return named.isPresent()
        ? named.map(head -> seen(head, key.version()))
        : site.call(each -> listed(site, key, each));
  }

  private static Seen seen(ObjectHead head, String id) {
    return new Seen(head.written(), head.etag(), head.written(), id);
  }

  private static Optional<ObjectHead> head(Desk site, Reading reading)
      throws SiteFailed, InterruptedException {
    return site.call(each -> site.swift().objects().head(reading, each));
  }

  /** What stands for a deletion, or was there before versions were kept: it has no such head. */
  private Optional<Seen> listed(Desk site, Key key, Deadline each)
      throws SwiftTrouble, IOException {
    Duration most = each.left().plusMillis(1);
    Listing listing = new Listing(container, new Span(key.name(), "", ""), true, PAGE, most);
    try (Rows rows = site.swift().containers().rows(listing)) {
      for (Optional<ObjectRow> row = rows.next();
          row.isPresent() && row.get().name().equals(key.name());
          row = rows.next()) {
        ObjectRow one = row.get();
        boolean marker = one.marker() && one.version().equals(key.version());
        boolean unnamed =
            one.version().equals(ObjectRow.UNNAMED)
                && one.written().toString().equals(key.version());
        if (marker || unnamed) {
          Timestamp written = marker ? Timestamp.parse(one.version()) : one.written();
          return Optional.of(new Seen(written, one.hash(), one.written(), one.version()));
        }
      }
      return Optional.empty();
    } catch (ListingTrouble e) {
      if (e.getCause() instanceof SwiftTrouble trouble) {
        throw trouble;
      }
      throw new IOException(e);
    }
  }

  /** Whether that is what the verdict knew of: listings lag, and clients go on. */
  static boolean weighed(Optional<Seen> seen, List<Over> over, int site) {
    if (seen.isEmpty()) {
      return true;
    }
    return over.stream()
        .anyMatch(one -> one.site() == site && one.written().equals(seen.get().written()));
  }
}
