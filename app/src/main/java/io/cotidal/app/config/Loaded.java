package io.cotidal.app.config;

import java.util.List;

/** What came of reading a configuration. */
public sealed interface Loaded {
  /** It can be used. */
  record Valid(Configuration configuration) implements Loaded {}

  /**
   * It cannot be used.
   *
   * @param problems all that is wrong with it; at least one
   */
  record Invalid(List<Problem> problems) implements Loaded {
    /** Copies the list. */
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
