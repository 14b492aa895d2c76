package io.cotidal.feeds.report;

/** How a delivery ended. */
public sealed interface Delivery {
  /** Records that the master has now and had not before, as far as we know. */
  int sent();

  /**
   * Nothing waits.
   *
   * @param sent may be 0
   */
  record Delivered(int sent) implements Delivery {}

  /**
   * Something waits still, and is kept.
   *
   * @param left how many records
   * @param reason one line: place, reason, remedy
   */
  record Waiting(int sent, int left, Obstacle obstacle, String reason) implements Delivery {}

  /** What is in the way. */
  enum Obstacle {
    /** Nothing listens there, the network fails, or no answer came in time. */
    UNREACHABLE,
    /** The server is there but does not let us in: the password, a limit, a start not finished. */
    NOT_LET_IN,
    /** A table or a column is missing, or we may not write to it. */
    TABLES,
    /** The server is there, and refuses. */
    REFUSED,
    /** The server refuses some records for what they hold; all others were told. */
    RECORDS,
    /** All is told, but the queue's folder does not let go of it. */
    FOLDER
  }
}
