package io.cotidal.objects.swift;

import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.listing.Pages;
import io.cotidal.objects.listing.Place;
import io.cotidal.objects.names.Encoded;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Pages of one container at one site. */
final class ContainerPages implements Pages {
  private static final int NO_CONTENT = 204;
  private static final Headers HEADERS =
      Headers.of(new Header("Accept", "application/json"), new Header("Accept-Encoding", "gzip"));

  private final SiteLine line;
  private final Listing listing;

  ContainerPages(SiteLine line, Listing listing) {
    this.line = line;
    this.listing = listing;
  }

  @Override
  public InputStream page(Place place) throws ListingTrouble {
    Request request = request(place);
    try {
      Answer answer = line.withToken(request, Set.of(200, NO_CONTENT), Deadline.in(listing.each()));
      return bytes(request, answer);
    } catch (SwiftTrouble e) {
      throw new ListingTrouble(e.getMessage(), e);
    }
  }

  @Override
  public ListingTrouble broken(IOException cause) {
    SwiftTrouble trouble = line.troubles().of(request(Place.before(listing.span())), cause);
    return new ListingTrouble(trouble.getMessage(), trouble);
  }

  private InputStream bytes(Request request, Answer answer) throws SwiftTrouble {
    if (answer.status() == NO_CONTENT) {
      answer.close();
      return new ByteArrayInputStream("[]".getBytes(StandardCharsets.US_ASCII));
    }
    boolean packed =
        answer.headers().first("Content-Encoding").map("gzip"::equalsIgnoreCase).orElse(false);
    try {
      return packed ? new GZIPInputStream(answer.body(), 16 * 1024) : answer.body();
    } catch (IOException e) {
      answer.close();
      throw line.troubles().of(request, e);
    }
  }

  private Request request(Place place) {
    StringBuilder target = new StringBuilder(line.target(listing.container().path()));
    target.append("?format=json&limit=").append(listing.page());
    add(target, "prefix", listing.span().prefix());
    add(target, "marker", place.name());
    add(target, "end_marker", listing.span().before());
    if (listing.versions()) {
      target.append("&versions=true");
      add(target, "version_marker", place.version());
    }
    return Request.of("GET", target.toString(), HEADERS);
  }

  private static void add(StringBuilder target, String name, String value) {
    if (!value.isEmpty()) {
      target.append('&').append(name).append('=').append(Encoded.segment(value));
    }
  }
}
