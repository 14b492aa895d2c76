package io.cotidal.bench.rivals;

import io.cotidal.lab.rivals.AutoFailoverCluster;
import io.cotidal.lab.rivals.Pace;
import io.cotidal.lab.rivals.PatroniCluster;
import io.cotidal.lab.rivals.RepmgrCluster;
import java.util.Locale;
import java.util.Optional;

/** Who is measured, and how it is set. */
enum Entry {
  /** As it comes; where commits wait for nobody with the guard that its documents recommend. */
  COTIDAL("Cotidal", Pace.DEFAULT),
  /** With one etcd. */
  PATRONI("Patroni 3.0.2", Pace.DEFAULT),
  /** ttl 20, loop_wait 1, retry_timeout 3, primary_start_timeout 0. */
  PATRONI_TUNED("Patroni 3.0.2", Pace.TUNED),
  /** As it comes. */
  AUTO_FAILOVER("pg_auto_failover 2.0", Pace.DEFAULT),
  /** Checks each second with one retry, unhealthy 4 s, demote 3 s, partition 4 s. */
  AUTO_FAILOVER_TUNED("pg_auto_failover 2.0", Pace.TUNED),
  /** As it comes. */
  REPMGR("repmgr 5.3.3", Pace.DEFAULT),
  /** Two attempts a second apart, a look each second. */
  REPMGR_TUNED("repmgr 5.3.3", Pace.TUNED);

  private static final String ONE_ADDRESS =
      "it knows a member by one address, for replication and for all else: neither way can be cut"
          + " alone";

  private final String product;
  private final Pace pace;

  Entry(String product, Pace pace) {
    this.product = product;
    this.pace = pace;
  }

  /** For people. */
  String title() {
    return this == COTIDAL ? product : product + (pace == Pace.TUNED ? ", tuned" : ", defaults");
  }

  /**
   * How ours is set, said beside what was measured: a machine that is gone or frozen cannot help.
   */
  static String ours(boolean waits) {
    return waits
        ? "Cotidal as it comes (quorum: 1); a dead or frozen machine's gate is not asked"
        : "Cotidal with quorum: 0 and failover.guard: 1.5s; a dead or frozen machine's gate is not"
            + " asked, its guard is the proof";
  }

  /** For the command line and the results. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Pace pace() {
    return pace;
  }

  /** Why it cannot be run here, with the remedy; empty if it can. */
  Optional<String> missing() {
    return switch (this) {
      case COTIDAL -> Optional.empty();
      case PATRONI, PATRONI_TUNED -> PatroniCluster.missing();
      case AUTO_FAILOVER, AUTO_FAILOVER_TUNED -> AutoFailoverCluster.missing();
      case REPMGR, REPMGR_TUNED -> RepmgrCluster.missing();
    };
  }

  /** Why there is no such cell for it; empty if there is. */
  Optional<String> without(Fault fault) {
    return switch (this) {
      case COTIDAL, PATRONI, PATRONI_TUNED -> Optional.empty();
      case AUTO_FAILOVER, AUTO_FAILOVER_TUNED ->
          fault.cuts() ? Optional.of(ONE_ADDRESS) : Optional.empty();
      case REPMGR, REPMGR_TUNED ->
          switch (fault) {
            case CUT_CONTROL -> Optional.of("nobody decides but the members themselves");
            case CUT_REPLICAS -> Optional.of(ONE_ADDRESS);
            case SWITCHOVER -> Optional.of("it needs a login by SSH from member to member");
            case KILL_POSTMASTER, NODE_DEAD, NODE_FROZEN, POSTGRES_FROZEN -> Optional.empty();
          };
    };
  }
}
