package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.model.MemberId;
import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.listing.Span;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.swift.Download;
import io.cotidal.objects.swift.Listing;
import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** By the clients with which we reach sites, one for each. */
final class SwiftStock implements Stock {
  private static final int PAGE = 1_000;

  private final Map<MemberId, Swift> clients;

  SwiftStock(Map<MemberId, Swift> clients) {
    this.clients = clients;
  }

  @Override
  public Optional<ObjectHead> head(MemberId site, Reading reading, Deadline deadline)
      throws SwiftTrouble {
    return at(site).objects().head(reading, deadline);
  }

  @Override
  public Kept kept(MemberId site, Reading reading, int most, Deadline deadline)
      throws SwiftTrouble, Unsure {
    try (Download download = at(site).objects().get(reading, deadline)) {
      byte[] bytes = download.body().readNBytes(most);
      if (bytes.length != download.head().bytes()) {
        throw new Unsure("it is longer than " + most + " bytes, or than it says");
      }
      return new Kept(download.head(), bytes);
    } catch (IOException e) {
      throw new Unsure("site " + site + ": it breaks off: " + e.getMessage());
    }
  }

  @Override
  public List<ObjectRow> rows(Within within, int most, Deadline deadline)
      throws SwiftTrouble, Unsure {
    Span span = new Span(within.prefix(), "", "");
    Listing listing =
        new Listing(within.container(), span, false, PAGE, deadline.left().plusMillis(1));
    List<ObjectRow> all = new ArrayList<>();
    try (Rows rows = at(within.site()).containers().rows(listing)) {
      for (Optional<ObjectRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        if (all.size() == most || deadline.over()) {
          throw new Unsure("it has more than " + most + " segments, or they are not told in time");
        }
        all.add(row.get());
      }
      return all;
    } catch (ListingTrouble e) {
      if (e.getCause() instanceof SwiftTrouble trouble) {
        throw trouble;
      }
      throw new Unsure("site " + within.site() + ": " + e.getMessage());
    }
  }

  @Override
  public OptionalInt says(MemberId site, Head head, Deadline deadline) throws SwiftTrouble, Unsure {
    List<Header> lines = new ArrayList<>();
    try {
      for (Field field : head.fields()) {
        lines.add(new Header(field.name(), field.value()));
      }
      return at(site).says(head.method(), head.target(), new Headers(lines), deadline);
    } catch (IllegalArgumentException e) {
      throw new Unsure("what the client has sent cannot be said again: " + e.getMessage());
    }
  }

  private Swift at(MemberId site) {
    Swift swift = clients.get(site);
    if (swift == null) {
      throw new IllegalStateException("the site " + site + " is not configured");
    }
    return swift;
  }
}
