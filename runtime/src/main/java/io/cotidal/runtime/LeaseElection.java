package io.cotidal.runtime;

import io.cotidal.engine.LeaseRow;
import io.cotidal.engine.LeaseRow.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon of all that share a store, by a row of it that is renewed. Who does not get it renewed
 * in time counts itself out on its own clock before the row ends on the store's: also one that was
 * frozen and wakes up, and one whose store does not answer.
 *
 * <p>The row may be taken when it has ended on the store's clock, or when it has not changed for
 * its whole life by ours: so a store's clock that jumps back keeps nobody waiting.
 */
public final class LeaseElection implements Election {
  private static final Logger log = LoggerFactory.getLogger(LeaseElection.class);

  /** How often a lease is renewed in its life, and looked at by those who wait for it. */
  private static final int LOOKS = 6;

  /** The part of its life by which a holder counts itself out early: clocks differ in speed. */
  private static final int MARGIN = 20;

  private final LeaseRow row;
  private final Clock clock;
  private final Duration life;
  private final Supplier<String> address;
  private final String holder = UUID.randomUUID().toString();

  /** Asks the store, which may take its time. */
  private final Serial asking = new Serial("lease");

  /** Tells the candidate, however long the store takes. */
  private final Serial telling = new Serial("election");

  private volatile String reason = "the election has not begun";
  private volatile long epoch;
  private volatile long validUntil = Long.MIN_VALUE;
  private volatile boolean closed;

  // Belongs to the tasks of asking.
  private @Nullable Lease seen;
  private long unchangedSince;

  // Belongs to the tasks of telling.
  private boolean told;
  private String toldReason = "";

  /**
   * Takes part with that row, and closes it in the end.
   *
   * @param life for how long the row is taken each time
   * @param address where people find this daemon
   */
  public LeaseElection(LeaseRow row, Clock clock, Duration life, Supplier<String> address) {
    this.row = row;
    this.clock = clock;
    this.life = life;
    this.address = address;
  }

  @Override
  public void start(Candidate candidate) {
    asking.run(() -> turn(candidate));
  }

  @Override
  public boolean held() {
    return !closed && epoch > 0 && clock.now().nanos() < validUntil;
  }

  @Override
  public String reason() {
    return held() ? "" : reason;
  }

  /** One who needs no address any more: whoever could tell it may be gone already. */
  private LeaseRow.Candidate anywhere() {
    return new LeaseRow.Candidate(holder, "", life);
  }

  private LeaseRow.Candidate me() {
    return new LeaseRow.Candidate(holder, address.get(), life);
  }

  private void turn(Candidate candidate) {
    if (closed) {
      return;
    }
    Duration next = life.dividedBy(LOOKS);
    try {
      if (epoch > 0) {
        renew(candidate);
      } else {
        next = look(candidate, next);
      }
    } catch (RuntimeException e) {
      String problem = Failures.sentence(e);
      reason = problem;
      if (!held()) {
        out(candidate, problem);
      }
    }
    clock.at(clock.now().nanos() + next.toNanos(), () -> asking.run(() -> turn(candidate)));
  }

  private void renew(Candidate candidate) {
    long sent = clock.now().nanos();
    Optional<Lease> renewed = held() ? row.renew(me(), epoch) : Optional.empty();
    if (renewed.isPresent()) {
      hold(candidate, renewed.get(), sent);
    } else {
      // Perhaps it is still ours by the store's clock; by our own it was not for a while, and what
      // others did then is to be read first.
      Lease now = row.read();
      String why =
          now.holder().equals(holder) ? "the lease was not renewed in time" : leads(now.address());
      row.resign(anywhere(), epoch);
      out(candidate, why);
    }
  }

  private static String leads(String address) {
    return "the daemon at " + address + " leads";
  }

  /** Looks at the row, and takes it if nobody holds it any more; when to look again. */
  private Duration look(Candidate candidate, Duration next) {
    long sent = clock.now().nanos();
    Lease now = row.read();
    Lease before = seen;
    if (before == null || before.mark() != now.mark() || before.epoch() != now.epoch()) {
      seen = now;
      unchangedSince = sent;
    }
    boolean ended = now.left().compareTo(Duration.ZERO) <= 0;
    boolean silent = sent - unchangedSince > life.toNanos() && !now.holder().isEmpty();
    if (ended || silent) {
      sent = clock.now().nanos();
      Optional<Lease> taken = row.take(now, me());
      if (taken.isPresent()) {
        hold(candidate, taken.get(), sent);
        return next;
      }
      now = row.read();
    }
    out(candidate, now.holder().isEmpty() ? "nobody leads yet" : leads(now.address()));
    Duration left = now.left();
    return left.isPositive() && left.compareTo(next) < 0 ? left.plusMillis(1) : next;
  }

  private void hold(Candidate candidate, Lease lease, long sent) {
    // Who was out for a moment, by its own clock, begins anew: it reads before it acts.
    boolean late = epoch > 0 && !held();
    validUntil = sent + life.toNanos() - life.toNanos() / MARGIN;
    epoch = lease.epoch();
    seen = null;
    reason = "";
    long until = validUntil;
    clock.at(until, () -> telling.run(() -> expired(candidate, until)));
    telling.run(() -> {
      if (late) {
        tell(candidate, "the lease was renewed too late");
      }
      if (!closed && !told && held()) {
        told = true;
        log.info("event=lease-won epoch={} address={}", epoch, address.get());
        candidate.won();
      }
    });
  }

  /** The store did not answer in time, or we did not ask in time. */
  private void expired(Candidate candidate, long until) {
    if (validUntil == until) {
      tell(candidate, "the lease was not renewed in time" + because());
    }
  }

  private String because() {
    return reason.isEmpty() ? "" : ": " + reason;
  }

  private void out(Candidate candidate, String why) {
    epoch = 0;
    validUntil = Long.MIN_VALUE;
    reason = why;
    telling.run(() -> tell(candidate, why));
  }

  private void tell(Candidate candidate, String why) {
    boolean news = told || !why.equals(toldReason);
    told = false;
    toldReason = why;
    if (closed || !news) {
      return;
    }
    log.warn("event=not-leading reason=\"{}\" this daemon shows and does not act", why);
    candidate.lost(why);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    reason = "this daemon has resigned";
    CountDownLatch done = new CountDownLatch(1);
    asking.run(() -> {
      try {
        if (epoch > 0) {
          row.resign(anywhere(), epoch);
        }
      } catch (RuntimeException e) {
        log.warn("event=resign-failed reason=\"{}\"", Failures.sentence(e));
      } finally {
        row.close();
        done.countDown();
      }
    });
    await(done);
  }

  private static void await(CountDownLatch done) {
    try {
      if (!done.await(1, TimeUnit.SECONDS)) {
        log.warn("event=resign-slow the lease ends by itself");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
