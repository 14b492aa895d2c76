package io.cotidal.feeds.geoserver;

/** Whether a layer can be read as its readers do. */
public sealed interface Probe {
  /** Features, or a map, came. */
  record Good() implements Probe {}

  /** It answered, and with an error. */
  record Bad(String reason) implements Probe {}

  /** Nobody can tell: it did not answer, or would not let us in. */
  record Unknown(String reason) implements Probe {}
}
