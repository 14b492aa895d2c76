package io.cotidal.model;

/** Whether the effect of a step is there, looked at afresh. */
public sealed interface Inspection {
  /** It is there. */
  record Applied(Details evidence) implements Inspection {}

  /** It is not there; the act may be done. */
  record NotApplied(String reason) implements Inspection {}

  /** The look did not tell. */
  record Unknown(String reason) implements Inspection {}
}
