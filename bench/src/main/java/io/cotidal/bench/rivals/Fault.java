package io.cotidal.bench.rivals;

import java.util.Locale;
import java.util.Optional;

/** What becomes of the primary. */
enum Fault {
  /** SIGKILL to the postmaster alone; who looks after it lives. */
  KILL_POSTMASTER("kill postmaster", 1_000),
  /** SIGKILL to all that runs on its machine, first to who looks after it. */
  NODE_DEAD("node dead", 1_000),
  /** SIGSTOP to all that runs on its machine, for 60 seconds at most, then SIGCONT. */
  NODE_FROZEN("node frozen", 3_000),
  /** The same for PostgreSQL alone. */
  POSTGRES_FROZEN("PostgreSQL frozen", 3_000),
  /** Nothing passes between it and who decides, for 40 seconds; replicas and clients see it. */
  CUT_CONTROL("cut primary-control", 0),
  /** Nothing passes between it and the replicas, for 40 seconds; who decides and clients see it. */
  CUT_REPLICAS("cut primary-replicas", 0),
  /** In order. */
  SWITCHOVER("switchover", 500);

  private final String title;
  private final long target;

  Fault(String title, long target) {
    this.title = title;
    this.target = target;
  }

  /** For people. */
  String title() {
    return title;
  }

  /** For the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Milliseconds that our 95th percentile must stay under, if there is such a bar. */
  Optional<Long> target() {
    return target == 0 ? Optional.empty() : Optional.of(target);
  }

  /** Whether a way is cut. */
  boolean cuts() {
    return this == CUT_CONTROL || this == CUT_REPLICAS;
  }

  /** Whether processes are stopped and go on later. */
  boolean freezes() {
    return this == NODE_FROZEN || this == POSTGRES_FROZEN;
  }

  /** Whether nobody on the primary's machine answers. */
  boolean takesMachine() {
    return this == NODE_DEAD || this == NODE_FROZEN;
  }
}
