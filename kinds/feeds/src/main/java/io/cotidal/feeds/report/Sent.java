package io.cotidal.feeds.report;

/** What became of a transaction at the master. */
sealed interface Sent {
  /** It is committed. */
  record Committed() implements Sent {}

  /** The server refused that record for what it holds; nothing is committed. */
  record Rejected(Slip slip, String reason) implements Sent {}

  /** Nothing can be told now. */
  record Stopped(Delivery.Obstacle obstacle, String reason) implements Sent {}
}
