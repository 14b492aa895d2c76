package io.cotidal.feeds.repository;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies in a commit.
 *
 * @param entries plain files, in the order of paths
 * @param refused names that are not read, each with the reason; control characters are shown as
 *     question marks
 */
public record Listing(List<Entry> entries, SortedMap<String, String> refused) {
  /** Copies the collections. */
  public Listing {
    entries = List.copyOf(entries);
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
  }
}
