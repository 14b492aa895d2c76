package io.cotidal.postgres.observe;

import io.cotidal.postgres.spec.Failover;
import java.time.Duration;

/**
 * For how long a server has stood still, look after look. A server tells that a commit waits, and
 * when its receiver's last message came; it does not tell since when somebody waits, nor since when
 * it has no receiver. One that has just come back has none either, and is about to have one: so
 * only looks that follow one another count. After one that found no server, and after a while
 * without an answer, all counts anew. One slow look says nothing. Thread-safe.
 */
public final class StallWatch {
  /** Who does not lead looks five times less often. */
  private static final int SELDOM = 5;

  private final long patience;
  private boolean followed;
  private long lookedAt;
  private boolean waited;
  private long waitsSince;
  private long heardAt;

  /** Of looks as {@code failover} has them. */
  public StallWatch(Failover failover) {
    Duration between = failover.tick().multipliedBy(SELDOM);
    this.patience = between.plus(failover.deadline().multipliedBy(2)).toNanos();
  }

  /** The facts of a look that ended at monotonic {@code nanos}, with what the ones before add. */
  public synchronized PgFacts seen(PgFacts facts, long nanos) {
    boolean anew = !followed || nanos - lookedAt > patience;
    boolean waits = facts.stall().oldestMillis() != null;
    if (anew || !waits || !waited) {
      waitsSince = nanos;
    }
    PgFacts.Receiver receiver = facts.receiver();
    boolean receives =
        receiver != null
            && receiver.streaming()
            && receiver.sender() != null
            && receiver.silentMillis() < Look.NEVER_HEARD_MILLIS;
    if (anew || receives || !facts.recovering()) {
      heardAt = nanos;
    }
    long unheard =
        receives && receiver != null ? receiver.silentMillis() : (nanos - heardAt) / 1_000_000;
    if (receives) {
      // Should the receiver end, what it had not heard before counts on.
      heardAt = nanos - unheard * 1_000_000;
    }
    followed = true;
    waited = waits;
    lookedAt = nanos;
    return facts.stalled(
        new Stall(
            facts.stall().oldestMillis(),
            (nanos - waitsSince) / 1_000_000,
            facts.recovering() ? unheard : 0));
  }

  /**
   * The server refused a look, or was not to be asked: what was found before says nothing of now.
   */
  public synchronized void missed() {
    followed = false;
  }
}
