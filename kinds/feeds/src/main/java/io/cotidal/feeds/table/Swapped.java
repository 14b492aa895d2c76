package io.cotidal.feeds.table;

import java.util.List;
import java.util.Optional;

/**
 * A generation is served.
 *
 * @param previous the generation that was served before; empty if there was none
 * @param changed false if it was served already, and nothing had to be done
 * @param made whether there was no such view before: what was granted upon one that somebody
 *     dropped went with it
 * @param remade whether the view had to be dropped and made again, because its columns changed
 * @param warnings foreign keys that do not hold, one line each
 */
public record Swapped(
    Optional<String> previous,
    boolean changed,
    boolean made,
    boolean remade,
    List<String> warnings) {
  /** Copies the list. */
  public Swapped {
    warnings = List.copyOf(warnings);
  }
}
