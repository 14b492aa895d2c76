package io.cotidal.bench;

import io.cotidal.app.demo.Strike;
import io.cotidal.app.demo.Thaw;

/**
 * What one line of the failover measurement strikes the primary with, and how much time that may
 * cost.
 */
enum Cell {
  /** All its processes killed. */
  PROCESS_DEAD("process dead", Strike.CRASH, "process", Thaw.NEVER, 1_000),
  /** All its processes stopped; the control plane kills them before it promotes. */
  FROZEN_FENCED("frozen, fenced by process", Strike.FREEZE, "process", Thaw.NEVER, 3_000),
  /** All its processes stopped, thawed after the move and watched while no control plane runs. */
  FROZEN_THAWED("frozen, fenced by quorum, thawed", Strike.FREEZE, "quorum", Thaw.ALONE, 3_000),
  /** In order. */
  SWITCHOVER("switchover", Strike.SWITCHOVER, "process", Thaw.NEVER, 500),
  /** In order, as one client sees it behind a pgbouncer; its errors count as lost. */
  THROUGH_PGBOUNCER("switchover through pgbouncer", Strike.SWITCHOVER, "process", Thaw.NEVER, 500);

  private final String title;
  private final Strike strike;
  private final String fence;
  private final Thaw thaw;
  private final long target;

  Cell(String title, Strike strike, String fence, Thaw thaw, long target) {
    this.title = title;
    this.strike = strike;
    this.fence = fence;
    this.thaw = thaw;
    this.target = target;
  }

  String title() {
    return title;
  }

  Strike strike() {
    return strike;
  }

  /** Whether it is measured behind a proxy. */
  boolean proxied() {
    return this == THROUGH_PGBOUNCER;
  }

  /** How the old primary is fenced meanwhile. */
  String fence() {
    return fence;
  }

  /** What becomes of it after another has taken over. */
  Thaw thaw() {
    return thaw;
  }

  /** Milliseconds that the 95th percentile of the gap must stay under. */
  long target() {
    return target;
  }
}
