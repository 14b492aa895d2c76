package io.cotidal.simulator;

import org.jspecify.annotations.Nullable;

/** The election: one holder at a time, until it fails to renew. Says only who may act. */
final class SimLease {
  static final long TTL = 3 * Scheduler.SECOND;

  private final Scheduler scheduler;
  private @Nullable String holder;
  private long until;

  SimLease(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  boolean holds(String name) {
    return name.equals(holder) && scheduler.now() < until;
  }

  /** Takes or renews; false if another one holds it. */
  boolean acquire(String name) {
    if (holder != null && !holder.equals(name) && scheduler.now() < until) {
      return false;
    }
    holder = name;
    until = scheduler.now() + TTL;
    return true;
  }
}
