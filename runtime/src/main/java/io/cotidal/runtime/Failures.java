package io.cotidal.runtime;

import java.time.Duration;

/** Words for what went wrong. */
final class Failures {
  private Failures() {}

  /** The failure's kind and, if it has one, its message. */
  static String sentence(Throwable failure) {
    String message = failure.getMessage();
    String kind = failure.getClass().getSimpleName();
    return message == null ? kind : kind + ": " + message;
  }

  /** A duration for people: {@code 250 ms}, {@code 10 s}. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
