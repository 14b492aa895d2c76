package io.cotidal.postgres.guard;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How looks keep a primary's guard from acting. Each look brings back the server's own clock, and
 * the next one hands that reading back as the name of its session: a sign that holds from the
 * moment at which the server gave the reading away, however late it comes. So a sign that lay
 * unread while the server was frozen is as old as it is, and the daemon knows without a clock in
 * common when the last one ends. Nothing is written for it, and no disk is waited for. Thread-safe.
 */
public final class Lifeline {
  private long epoch;
  private Duration lease = Duration.ZERO;
  private boolean ended = true;
  private long led;
  private String reading = "";
  private long readAt;
  private OptionalLong given = OptionalLong.empty();

  /** From now on looks are signs of that leadership, as long as it is one. */
  public synchronized void begin(long leadership, Duration length, long nanos) {
    epoch = leadership;
    lease = length;
    led = nanos;
    ended = false;
  }

  /** Whether looks are signs of that leadership. */
  public synchronized boolean begun(long leadership, long nanos) {
    return epoch == leadership && gives(nanos);
  }

  /**
   * Whether looks are signs. Once nobody has said for as long as one holds that we lead, they are
   * none until it is begun anew: we may have been paused, and another one may count on that.
   */
  public synchronized boolean gives(long nanos) {
    ended |= nanos - led >= lease.toNanos();
    return !ended;
  }

  /** We lead. */
  public synchronized void lead(long leadership, long nanos) {
    if (epoch == leadership && gives(nanos)) {
      led = nanos;
    }
  }

  /** The name that a look's session is to have; empty if it is to give no sign. */
  public synchronized String sign(long nanos) {
    if (!gives(nanos) || reading.isEmpty()) {
      return "";
    }
    given = OptionalLong.of(readAt);
    return "cotidal " + epoch + " " + reading;
  }

  /**
   * Takes a reading in.
   *
   * @param clock seconds, by the server's own clock
   * @param nanos monotonic time here once it had come
   */
  public synchronized void heard(String clock, long nanos) {
    reading = clock;
    readAt = nanos;
  }

  /**
   * Gives no sign any more until it is begun anew.
   *
   * @return monotonic time here after which no reading was taken that was handed back; empty if
   *     none was
   */
  public synchronized OptionalLong end() {
    ended = true;
    return given;
  }
}
