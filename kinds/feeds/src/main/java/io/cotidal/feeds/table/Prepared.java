package io.cotidal.feeds.table;

import java.util.List;

/**
 * A workspace, or roles, are as they should be.
 *
 * @param changed false if it was so already, and nothing was written
 * @param warnings what was left alone, one line each
 */
public record Prepared(boolean changed, List<String> warnings) {
  /** Copies the list. */
  public Prepared {
    warnings = List.copyOf(warnings);
  }
}
