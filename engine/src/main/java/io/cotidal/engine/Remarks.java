package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Severity;
import java.util.List;

/**
 * What a kind has to say that is neither a diagnosis nor about an operation, and what it must
 * remember so that it says each thing once. Kept in memory only, by the one that leads: whoever
 * begins to lead may say again what still holds.
 *
 * @param memory handed in at the next call
 * @param said for the log, in order
 */
public record Remarks(Details memory, List<Remark> said) {
  /** Copies the list. */
  public Remarks {
    said = List.copyOf(said);
  }

  /**
   * One event.
   *
   * @param code a stable word
   * @param text one sentence
   */
  public record Remark(Severity severity, String code, String text, Details details) {}

  /** Nothing is to be said; {@code memory} stays. */
  public static Remarks none(Details memory) {
    return new Remarks(memory, List.of());
  }
}
