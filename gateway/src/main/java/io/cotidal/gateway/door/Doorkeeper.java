package io.cotidal.gateway.door;

/** Says what becomes of requests. */
@FunctionalInterface
public interface Doorkeeper {
  /** Judges by the head alone, and does not block. */
  Ruling judge(Head head);
}
