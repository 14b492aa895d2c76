package io.cotidal.objects.compat;

import java.util.List;

/**
 * What the original's settings come to.
 *
 * @param yaml our configuration, in mode {@code observe}; what no file says is marked {@code FILL
 *     IN}. Holds no secret
 * @param removals what goes out of Swift's files, a line each, in the order in which they lie
 * @param warnings what somebody should know, a line each with the remedy
 */
public record Adopted(String yaml, List<String> removals, List<String> warnings) {
  /** Copies the lists. */
  public Adopted {
    removals = List.copyOf(removals);
    warnings = List.copyOf(warnings);
  }
}
