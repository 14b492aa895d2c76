package io.cotidal.runtime;

import io.cotidal.model.Found;
import io.cotidal.model.Moment;
import io.cotidal.model.ResourceId;
import io.cotidal.model.SourceAnswer;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one resource's source of members, over and over, on one virtual thread at a time. Asks begin
 * a period apart; after news the next one is soon, for where one member changes others do; after
 * failures pauses double. A source that hangs is reported unavailable, again and again until the
 * hanging ask has ended, without being asked another time. Its methods are thread-safe; all but
 * {@link #close} return at once.
 */
final class SourceWatch {
  private static final Logger log = LoggerFactory.getLogger(SourceWatch.class);

  /**
   * A source may wait for news so long, even if its period is shorter. Longer than one question to
   * it may take, for it waits only as long as it could still ask.
   */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a source may take beyond its patience, so that its own answer comes first. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** How soon it is asked again after news, unless its period is shorter. */
  static final Duration SOON = Duration.ofSeconds(1);

  /** The longest pause after failures, unless its period is longer. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final String name;
  private final Discovery discovery;
  private final Clock clock;
  private final Consumer<SourceAnswer> report;
  private final Duration patience;

  // Everything below is guarded by this.
  private boolean active;
  private @Nullable Ask current;
  private Clock.Alarm next = () -> {};
  private Set<Found> latest = Set.of();
  private int failures;

  /** One call of the source. */
  private final class Ask {
    final long begun = clock.now().nanos();
    final Thread thread = Thread.ofVirtual().name(name).unstarted(this::run);
    Clock.Alarm limit = () -> {};
    boolean overdue;

    private void run() {
      ended(this, answer());
    }
  }

  /**
   * A watch that does not ask yet.
   *
   * @param report told of each answer, on any thread; must not block
   */
  SourceWatch(
      ResourceId resource, Discovery discovery, Clock clock, Consumer<SourceAnswer> report) {
    this.name = "source " + resource;
    this.discovery = discovery;
    this.clock = clock;
    this.report = report;
    this.patience = longer(discovery.period(), PATIENCE);
  }

  /** Asks at once, and from then on. */
  synchronized void start() {
    active = true;
    log.info("event=source-watched watch=\"{}\" source=\"{}\"", name, describe());
    begin();
  }

  /** Asks no more. What an ask under way finds is dropped. */
  synchronized void stop() {
    active = false;
    next.cancel();
    Ask asking = current;
    if (asking != null) {
      asking.limit.cancel();
      asking.thread.interrupt();
    }
  }

  /** Ends what the source keeps open. May block. */
  void close() {
    discovery.source().close();
  }

  private void begin() {
    next.cancel();
    if (current != null) {
      hangs(current);
      return;
    }
    Ask ask = new Ask();
    current = ask;
    // The verdict is behind all that is ready to run: an answer that is there counts.
    Runnable verdict = () -> Thread.ofVirtual().name(name + " judge").start(() -> overdue(ask));
    ask.limit = clock.at(ask.begun + patience.plus(GRACE).toNanos(), verdict);
    ask.thread.start();
  }

  private synchronized void due() {
    if (active) {
      begin();
    }
  }

  private SourceAnswer answer() {
    try {
      return discovery.source().ask(patience);
    } catch (RuntimeException | Error e) {
      log.error("event=source-broken watch=\"{}\"", name, e);
      return new SourceAnswer.Unavailable(
          describe() + ": " + Failures.sentence(e) + "; a bug, see the log");
    }
  }

  private synchronized void overdue(Ask ask) {
    if (active && current == ask) {
      log.warn("event=source-hangs watch=\"{}\" its members stay as they are", name);
      ask.overdue = true;
      ask.thread.interrupt();
      hangs(ask);
    }
  }

  private void hangs(Ask ask) {
    long waited = (clock.now().nanos() - ask.begun) / Moment.MILLI;
    failed(
        new SourceAnswer.Unavailable(
            describe()
                + ": no answer for "
                + Failures.text(Duration.ofMillis(waited))
                + "; see whether it can be reached"));
  }

  private synchronized void ended(Ask ask, SourceAnswer answer) {
    current = null;
    ask.limit.cancel();
    if (!active) {
      return;
    }
    if (ask.overdue) {
      // What it says now may be as old as its question: it is asked anew.
      log.info("event=hung-source-ended watch=\"{}\"", name);
      begin();
      return;
    }
    switch (answer) {
      case SourceAnswer.Members members -> answered(ask, members);
      case SourceAnswer.Unavailable unavailable -> failed(unavailable);
    }
  }

  private void answered(Ask ask, SourceAnswer.Members members) {
    failures = 0;
    report.accept(members);
    Set<Found> found = Set.copyOf(members.found());
    boolean news = !found.equals(latest);
    latest = found;
    long now = clock.now().nanos();
    long period = discovery.period().toNanos();
    plan(news ? now + Math.min(period, SOON.toNanos()) : Math.max(now, ask.begun + period));
  }

  private void failed(SourceAnswer.Unavailable answer) {
    report.accept(answer);
    long pause = discovery.period().toNanos();
    long longest = longer(discovery.period(), LONGEST_PAUSE).toNanos();
    for (int i = 0; i < failures && pause < longest; i++) {
      pause *= 2;
    }
    failures++;
    plan(clock.now().nanos() + Math.min(pause, longest));
  }

  private void plan(long at) {
    next.cancel();
    next = clock.at(at, this::due);
  }

  private String describe() {
    return discovery.source().describe();
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
