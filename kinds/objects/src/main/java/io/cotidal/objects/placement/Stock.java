package io.cotidal.objects.placement;

import io.cotidal.model.MemberId;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A container with what it holds where.
 *
 * @param subject what rules may ask of it
 * @param whole the container that it holds the parts for, if it does
 * @param at the sites where it is, with what it holds there
 */
public record Stock(Subject subject, Optional<Subject> whole, SortedMap<MemberId, Amount> at) {
  /** Copies the map. */
  public Stock {
    at = Collections.unmodifiableSortedMap(new TreeMap<>(at));
  }
}
