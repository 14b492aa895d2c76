package io.cotidal.objects.swift;

import io.cotidal.objects.listing.Span;
import io.cotidal.objects.names.ContainerName;
import java.time.Duration;

/**
 * Which rows are read, and how.
 *
 * @param versions all versions, with their delete markers; the container must keep versions
 * @param page rows of a page, no more than the site's own limit
 * @param each so long a page may take; one that takes longer is asked for again from its last row
 */
public record Listing(
    ContainerName container, Span span, boolean versions, int page, Duration each) {
  private static final Duration USUAL = Duration.ofMinutes(5);

  /** All rows. */
  public static Listing of(ContainerName container, Capabilities site) {
    return new Listing(container, Span.ALL, false, site.listing(), USUAL);
  }

  /** A part of it. */
  public Listing within(Span part) {
    return new Listing(container, part, versions, page, each);
  }

  /** With all versions. */
  public Listing withVersions() {
    return new Listing(container, span, true, page, each);
  }
}
