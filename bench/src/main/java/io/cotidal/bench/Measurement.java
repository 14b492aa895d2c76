package io.cotidal.bench;

import java.util.Map;

/** What a measurement came to, as people and machines read it. */
interface Measurement {
  /** Its name. */
  String bench();

  /** Whether all targets are met. */
  boolean met();

  /** Lines of a table. */
  String table();

  /** One line; with further texts at its end. */
  String json(Map<String, String> more);
}
