package io.cotidal.gateway.outbox;

import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.Timestamp;

/** One line of the outbox. */
sealed interface Note {
  /**
   * The beginning of a file.
   *
   * @param stamp the latest that was given
   * @param next the next id
   */
  record Begun(Timestamp stamp, long next) implements Note {}

  /** Something was open when the file was begun. */
  record Held(Subject subject, Timestamp since, Timestamp stamp, long version, Footing footing)
      implements Note {}

  /** The end of the beginning. */
  record Whole() implements Note {}

  /** A change is about to be tried. */
  record Intended(long id, Timestamp stamp, Subject subject, String verb, Footing footing)
      implements Note {}

  /**
   * How it ended.
   *
   * @param done whether it may have been done
   */
  record Ended(long id, boolean done) implements Note {}

  /** What has been agreed of it, before anything is done about that. */
  record Kept(Subject subject, Footing footing) implements Note {}

  /** Its sites are the same, and were looked at after that version. */
  record Converged(Subject subject, long version) implements Note {}
}
