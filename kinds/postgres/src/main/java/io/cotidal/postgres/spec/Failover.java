package io.cotidal.postgres.spec;

import java.time.Duration;

/**
 * When and how the primary is replaced.
 *
 * @param automatic whether mode {@code manage} fails over, and takes the old primary back, without
 *     approval
 * @param tick how often each member is looked at
 * @param deadline how long a look may take before it counts as silent
 * @param confirm how many failures in a row confirm that a primary is gone
 * @param silence for how long a primary must have been silent, and the replicas' receivers without
 *     a message
 * @param fence how a primary that may still live is kept from acknowledging writes
 * @param drop after how long without a replica it leaves the quorum list
 * @param guard for how long a primary that waits for no replica goes on without anybody who vouches
 *     for it; zero for no guard
 * @param isolated for how long commits must have waited, and no replica have heard the primary,
 *     until a primary that answers is replaced; zero for never
 */
public record Failover(
    boolean automatic,
    Duration tick,
    Duration deadline,
    int confirm,
    Duration silence,
    Fence fence,
    Duration drop,
    Duration guard,
    Duration isolated) {

  /**
   * A replica hears from a living primary once a second at least: its receiver asks for a message
   * after half of {@code wal_receiver_timeout}. A part of a second more is for a busy machine.
   */
  private static final Duration HEARS = Duration.ofMillis(1300);

  /**
   * Replicas' vouching takes up to {@code wal_writer_delay}, 200 ms, and a round of the guard's,
   * and begins after half of the time.
   */
  private static final Duration LEAST_GUARD = Duration.ofSeconds(1);

  /**
   * A receiver that lost its primary asks again after {@code wal_retrieve_retry_interval}, 5 s
   * unless Cotidal set it; the rest is for its connection, and for a busy machine.
   */
  private static final Duration ISOLATED = Duration.ofSeconds(8);

  /** A receiver gives up after {@code wal_receiver_timeout}, 2 s, and asks again at once. */
  private static final Duration LEAST_ISOLATED = Duration.ofSeconds(3);

  /** The same of a server that keeps PostgreSQL's own {@code wal_retrieve_retry_interval}. */
  private static final Duration LEAST_ISOLATED_AS_FOUND = Duration.ofSeconds(6);

  /** 200 ms, three confirmations, 1.5 s of silence. */
  public static final Failover DEFAULT =
      new Failover(
          true,
          Duration.ofMillis(200),
          Duration.ofMillis(400),
          3,
          Duration.ofMillis(1500),
          Fence.PROCESS,
          Duration.ofSeconds(10));

  /** Without a guard; an isolated primary is replaced after the usual time. */
  public Failover(
      boolean automatic,
      Duration tick,
      Duration deadline,
      int confirm,
      Duration silence,
      Fence fence,
      Duration drop) {
    this(automatic, tick, deadline, confirm, silence, fence, drop, Duration.ZERO, ISOLATED);
  }

  /** The same with a guard. */
  public Failover guarded(Duration lease) {
    return new Failover(automatic, tick, deadline, confirm, silence, fence, drop, lease, isolated);
  }

  /** The same; an isolated primary is replaced after {@code time}, or never if that is zero. */
  public Failover isolatedFor(Duration time) {
    return new Failover(automatic, tick, deadline, confirm, silence, fence, drop, guard, time);
  }

  /** The shortest guard that looks so far apart can keep from acting. */
  public static Duration leastGuard(Duration tick, Duration deadline) {
    Duration looks = tick.multipliedBy(2).plus(deadline);
    return looks.compareTo(LEAST_GUARD) > 0 ? looks : LEAST_GUARD;
  }

  /**
   * The shortest time after which replicas that hear nothing are known not to be about to connect.
   *
   * @param asFound whether some replica's receiver is not set up by Cotidal
   */
  public static Duration leastIsolated(Duration silence, Duration tick, boolean asFound) {
    Duration connects = asFound ? LEAST_ISOLATED_AS_FOUND : LEAST_ISOLATED;
    Duration looks = silence.plus(tick.multipliedBy(2));
    return looks.compareTo(connects) > 0 ? looks : connects;
  }

  /** What counts as proof that the old primary acknowledges nothing any more. */
  public enum Fence {
    /** Its process is gone, killed if need be; if the host cannot be asked, the quorum. */
    PROCESS,
    /**
     * The quorum alone: enough replicas are cut off from it that no commit of its can be
     * acknowledged.
     */
    QUORUM
  }

  /**
   * The silence that is meant if nobody says another: what was seen of a replica is a tick old at
   * most, and it heard from its primary lately when it was seen.
   */
  public static Duration silenceFor(Duration tick) {
    return tick.plus(HEARS);
  }
}
