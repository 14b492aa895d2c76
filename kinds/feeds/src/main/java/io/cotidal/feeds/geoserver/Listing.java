package io.cotidal.feeds.geoserver;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is there, by name. All but workspaces are named {@code workspace:name}.
 *
 * @param version of GeoServer; empty if it does not say
 * @param stores datastores and WMS stores
 * @param styles those of workspaces
 */
public record Listing(
    String version,
    SortedSet<String> workspaces,
    SortedSet<String> layers,
    SortedSet<String> stores,
    SortedSet<String> groups,
    SortedSet<String> styles) {
  /** Copies the sets. */
  public Listing {
    workspaces = Collections.unmodifiableSortedSet(new TreeSet<>(workspaces));
    layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
    stores = Collections.unmodifiableSortedSet(new TreeSet<>(stores));
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    styles = Collections.unmodifiableSortedSet(new TreeSet<>(styles));
  }
}
