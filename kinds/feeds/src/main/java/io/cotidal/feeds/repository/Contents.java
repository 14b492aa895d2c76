package io.cotidal.feeds.repository;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of one commit that may be jobs.
 *
 * @param files contents by path; the arrays are shared and never written to
 * @param refused files that were wanted and not read, each with the reason
 */
public record Contents(SortedMap<String, byte[]> files, SortedMap<String, String> refused) {
  /** Copies the maps. */
  public Contents {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
  }
}
