package io.cotidal.objects.spec;

/** When a gateway asks other sites for an object that its own site does not give. */
public enum Fallback {
  /** Never. */
  NEVER,
  /** When its own site says that it is not there. */
  MISSING,
  /** When its own site does not answer, or says that it cannot. */
  OUTAGE,
  /** Both. */
  BOTH;

  /** Whether for what is not there. */
  public boolean missing() {
    return this == MISSING || this == BOTH;
  }

  /** Whether while its own site is out of order. */
  public boolean outage() {
    return this == OUTAGE || this == BOTH;
  }
}
