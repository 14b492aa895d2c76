package io.cotidal.objects.observe;

/** What lies at one place of that which gateways are told: where containers lie, and who serves. */
public sealed interface Notice {
  /** Nobody needs to know. */
  record Unasked() implements Notice {}

  /** Nothing lies there. */
  record Nothing() implements Notice {}

  /**
   * Something does.
   *
   * @param generation as it says; 0 if it cannot be understood
   * @param mark of all else that it says; empty if it cannot be understood
   */
  record Lies(long generation, String mark) implements Notice {}

  /**
   * Nobody can tell.
   *
   * @param reason in one line
   */
  record Unknown(String reason) implements Notice {}

  /** The generation that lies there; 0 if none does that we know of. */
  default long generation() {
    return this instanceof Lies lies ? lies.generation() : 0;
  }
}
