package io.cotidal.objects.spec;

import java.util.Locale;
import java.util.Optional;

/** At how many of its sites a change is made before the client is told that it is made. */
public enum Promise {
  /** At the client's own; the others follow. */
  LOCAL,
  /** At more than half of them. */
  QUORUM,
  /** At all of them. */
  ALL;

  /**
   * How many.
   *
   * @param sites where the container is to be, at least 1
   */
  public int needed(int sites) {
    return switch (this) {
      case LOCAL -> 1;
      case QUORUM -> sites / 2 + 1;
      case ALL -> sites;
    };
  }

  /** As the configuration writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads it; empty if it is none. */
  public static Optional<Promise> of(String word) {
    for (Promise each : values()) {
      if (each.word().equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
