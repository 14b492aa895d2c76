package io.cotidal.model;

/** The worst that an operation does when it goes well. */
public enum Risk {
  /** Changes nothing: a question, and no operation. */
  NONE,
  /** Adds or repairs. */
  SAFE,
  /** A short interruption: a switchover, a restart. */
  DISRUPTIVE,
  /** Destroys data or promotes. */
  IRREVERSIBLE
}
