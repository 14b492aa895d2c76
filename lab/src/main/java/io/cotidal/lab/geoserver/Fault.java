package io.cotidal.lab.geoserver;

/** How a call of the REST interface can go wrong. */
public enum Fault {
  /** It answers 500 and does nothing. */
  ERROR,
  /** It does nothing and does not answer while it lives. */
  HANG,
  /** It does what it was told, and the connection ends before the answer. */
  CUT
}
