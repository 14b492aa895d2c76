package io.cotidal.runtime;

import io.cotidal.engine.Driver;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one member, over and over. Never two looks at once; looks begin a period apart, the next
 * one at once if one took longer. The deadline holds even if the driver hangs: the look is
 * abandoned and the member reported silent, and silent again at every turn until the hanging look
 * has ended, without beginning another.
 */
final class Lookout<F> {
  private static final Logger log = LoggerFactory.getLogger(Lookout.class);

  /**
   * What a driver may take beyond the deadline that it was given, so that its own answer comes
   * first.
   */
  static final Duration GRACE = Duration.ofMillis(100);

  private final String name;
  private final MemberId member;
  private final Driver<F> driver;
  private final Clock clock;
  private final Consumer<Observation<F>> report;

  // Everything below is guarded by this.
  private boolean active;
  private Duration period = Duration.ZERO;
  private Duration deadline = Duration.ZERO;
  private long begun;
  private boolean again;
  private @Nullable Look current;
  private long turn;
  private Clock.Alarm next = () -> {};
  private String lastProblem = "";

  /**
   * A lookout that does not look yet.
   *
   * @param report told of each look, on another thread; must not block
   */
  Lookout(
      String resource,
      MemberId member,
      Driver<F> driver,
      Clock clock,
      Consumer<Observation<F>> report) {
    this.name = "look " + resource + " " + member;
    this.member = member;
    this.driver = driver;
    this.clock = clock;
    this.report = report;
  }

  /** One call of the driver. */
  private static final class Look {
    final Duration asked;
    long started;
    boolean abandoned;
    Clock.Alarm limit = () -> {};

    Look(Duration asked, long started) {
      this.asked = asked;
      this.started = started;
    }
  }

  /** Look at once, or as soon as the look under way has ended, and then every {@code newPeriod}. */
  synchronized void observe(Duration newPeriod, Duration newDeadline) {
    active = true;
    period = newPeriod;
    deadline = newDeadline;
    if (current == null || current.abandoned) {
      begin();
    } else {
      again = true;
    }
  }

  /** Look no more. What a look under way finds is dropped. */
  synchronized void stop() {
    active = false;
    again = false;
    next.cancel();
  }

  private void begin() {
    long now = clock.now().nanos();
    next.cancel();
    begun = now;
    again = false;
    if (current != null) {
      report.accept(new Observation.Silent<>(now - current.started, Host.UNKNOWN));
      plan();
      return;
    }
    Look look = new Look(deadline, now);
    current = look;
    Thread.ofVirtual().name(name).start(() -> look(look));
  }

  /** The time that it took until the thread ran was ours, not the member's. */
  private synchronized void limit(Look look) {
    Thread thread = Thread.currentThread();
    look.started = clock.now().nanos();
    long end = look.started + look.asked.plus(GRACE).toNanos();
    look.limit = clock.at(end, () -> judge(look, thread));
  }

  /**
   * Behind all that is ready to run: an answer that is there and has only not been read yet,
   * because this process is short of processors, is no silence.
   */
  private void judge(Look look, Thread thread) {
    Thread.ofVirtual().name(name + " judge").start(() -> overdue(look, thread));
  }

  private void plan() {
    if (!active) {
      return;
    }
    long now = clock.now().nanos();
    long due = again ? now : Math.max(now, begun + period.toNanos());
    long planned = ++turn;
    next = clock.at(due, () -> due(planned));
  }

  private synchronized void due(long planned) {
    if (active && planned == turn && (current == null || current.abandoned)) {
      begin();
    }
  }

  private void look(Look look) {
    limit(look);
    Observation<F> seen;
    String problem = "";
    try {
      seen = driver.observe(member, look.asked);
    } catch (RuntimeException | Error e) {
      problem = Failures.sentence(e);
      if (!problem.equals(lastProblem())) {
        log.error("event=look-broken look=\"{}\"", name, e);
      }
      seen = new Observation.CannotTell<>(problem, Host.UNKNOWN);
    }
    if (!ended(look, seen, problem)) {
      log.info("event=hung-look-ended look=\"{}\"", name);
    }
  }

  private synchronized String lastProblem() {
    return lastProblem;
  }

  /** Whether anybody still waited for it. */
  private synchronized boolean ended(Look look, Observation<F> seen, String problem) {
    current = null;
    lastProblem = problem;
    look.limit.cancel();
    if (look.abandoned) {
      return false;
    }
    if (active) {
      report.accept(seen);
      plan();
    }
    return true;
  }

  private void overdue(Look look, Thread thread) {
    if (abandon(look)) {
      thread.interrupt();
      log.warn("event=look-hangs look=\"{}\" member is reported silent meanwhile", name);
    }
  }

  private synchronized boolean abandon(Look look) {
    if (current != look || look.abandoned) {
      return false;
    }
    look.abandoned = true;
    if (active) {
      report.accept(new Observation.Silent<>(clock.now().nanos() - look.started, Host.UNKNOWN));
      plan();
    }
    return true;
  }
}
