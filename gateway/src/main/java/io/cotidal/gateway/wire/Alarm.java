package io.cotidal.gateway.wire;

import java.time.Duration;

/** A moment at which patience ends, if any is set. */
final class Alarm {
  private boolean set;
  private long at;

  /** Rings that long after {@code now}, and not sooner. */
  void set(long now, Duration length) {
    set = true;
    at = now + length.toNanos() + Loop.TICK_NANOS;
  }

  void off() {
    set = false;
  }

  boolean isSet() {
    return set;
  }

  boolean rings(long now) {
    return set && now - at >= 0;
  }
}
