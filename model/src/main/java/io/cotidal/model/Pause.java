package io.cotidal.model;

/**
 * Somebody wants nothing to be done by itself to a resource for a while.
 *
 * @param sinceMicros wall time at which it began
 * @param untilMicros wall time at which it ends by itself; 0 if somebody must end it
 * @param actor who asked for it
 * @param reason for people; may be empty
 */
public record Pause(long sinceMicros, long untilMicros, Actor actor, String reason) {
  /** How long it was meant to last, in microseconds; 0 if until somebody ends it. */
  public long lifeMicros() {
    return untilMicros == 0 ? 0 : Math.max(0, untilMicros - sinceMicros);
  }
}
