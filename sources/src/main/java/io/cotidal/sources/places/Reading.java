package io.cotidal.sources.places;

import io.cotidal.sources.port.Found;
import java.util.List;

/**
 * What one question came to.
 *
 * @param members as the place names them
 * @param token what the place calls this state of affairs; empty if it has no word for it
 */
public record Reading(List<Found> members, String token) {
  /** Copies the list. */
  public Reading {
    members = List.copyOf(members);
  }
}
