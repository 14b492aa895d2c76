package io.cotidal.copies.capacity;

/** Whether something may begin. */
public sealed interface Verdict {
  /** It may. */
  record Allowed() implements Verdict {}

  /**
   * It may not, now.
   *
   * @param reason one line: what is short, by how much, and what helps
   */
  record Refused(String reason) implements Verdict {}
}
