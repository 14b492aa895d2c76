package io.cotidal.sources.port;

import java.util.List;

/** Stand-in. */
public sealed interface SourceAnswer {
  /** Stand-in. */
  record Members(List<Found> found) implements SourceAnswer {
    /** Copies. */
    public Members {
      found = List.copyOf(found);
    }
  }

  /** Stand-in. */
  record Unavailable(String reason) implements SourceAnswer {}
}
