package io.cotidal.sources.roll;

/** What the health that a source tells of has to do with membership. */
public enum Admission {
  /**
   * It holds back who is new. Who was counted before stays, for a server that is ill is still a
   * member; and so does whoever is there at the first answer, for nobody knows who was counted.
   */
  NEWCOMERS,
  /** Nobody is held back. */
  ANYBODY,
  /** Who is not well is not counted, as if it were gone. */
  THE_WELL
}
