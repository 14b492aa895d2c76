package io.cotidal.postgres.plan.cluster;

/** Names of operations that change what a cluster is seen to be while they are under way. */
public final class Types {
  /** A first primary, and copies of it. */
  public static final String CREATE = "create";

  /** A cluster from a base backup and the archive. */
  public static final String RESTORE = "restore";

  /** A primary that is gone is replaced. */
  public static final String FAILOVER = "failover";

  /** Everybody is down: whoever got furthest becomes primary. */
  public static final String COLD_START = "cold-start";

  /** The primary hands its role over in order. */
  public static final String SWITCHOVER = "switchover";

  /** A member is stopped and started. */
  public static final String RESTART = "restart";

  /** All are restarted for their parameters, one after another. */
  public static final String ROLL_OUT = "roll-out";

  /** A stopped replica is started. */
  public static final String START = "start";

  /** A replica is told whom to follow. */
  public static final String FOLLOW = "follow";

  /** A former primary becomes a replica. */
  public static final String REJOIN = "rejoin";

  /** A member that was taken out is taken back. */
  public static final String ENABLE = "enable";

  /** A replica is made anew. */
  public static final String CLONE = "clone";

  /** A member is stopped until somebody starts it. */
  public static final String STOP = "stop";

  /** A member is stopped, and forgotten by the primary. */
  public static final String DISABLE = "disable";

  private Types() {}
}
