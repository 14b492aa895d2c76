package io.cotidal.lab.rivals;

/** How a rival is set. */
public enum Pace {
  /** As it comes. */
  DEFAULT,
  /** The fastest that its documents name. */
  TUNED
}
