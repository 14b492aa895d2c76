package io.cotidal.model;

/** What an act on a real server came to. */
public sealed interface Outcome {
  /** The effect was read back. */
  record Done(Details evidence) implements Outcome {}

  /** The act is known not to have taken effect, or to be impossible. */
  record Failed(String reason) implements Outcome {}

  /** The gate remembers a newer stamp: somebody else leads. */
  record Refused(Stamp newer) implements Outcome {}

  /** No answer, or one that leaves open whether the act took effect. */
  record Unknown(String reason) implements Outcome {}
}
