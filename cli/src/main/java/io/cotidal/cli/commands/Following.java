package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Interrupts;
import io.cotidal.model.OperationId;
import java.time.Duration;
import java.util.Map;

/**
 * Looks at an operation until it has ended, tells its steps as they happen, and says how it ended.
 */
final class Following {
  private static final long MILLI = 1_000_000L;
  private static final long SHORTEST = 25;
  private static final long LONGEST = 200;
  private static final long PATIENCE = 60_000 * MILLI;
  private static final long LONG_STEP = 1_000 * MILLI;

  private final Session session;
  private final Resources resources;

  Following(Session session) {
    this.session = session;
    this.resources = new Resources(session);
  }

  /**
   * Follows {@code operation}, then shows it as data.
   *
   * @param limit how long; the operation goes on behind it
   * @return what its last state amounts to
   */
  ExitCode follow(Node operation, Duration limit) throws InterruptedException {
    return show(last(operation, limit));
  }

  /** Follows {@code operation} for {@code limit}; how it was last seen. */
  Node last(Node operation, Duration limit) throws InterruptedException {
    OperationId id = OperationId.parse(operation.text("id"));
    StepLog log = new StepLog(session, id);
    Interrupts.Watch farewell = session.interrupts().onInterrupt(log::detach);
    try {
      return look(id, operation, limit, log);
    } finally {
      farewell.close();
      log.end();
    }
  }

  private Node look(OperationId id, Node first, Duration limit, StepLog log)
      throws InterruptedException {
    Node operation = first;
    long deadline = saturated(session.time().nanos(), limit);
    long pause = SHORTEST;
    long heard = session.time().nanos();
    boolean lost = false;
    while (true) {
      log.tell(operation, progress(id, log));
      long now = session.time().nanos();
      if (!goesOnByItself(operation.text("state")) || now - deadline >= 0) {
        return operation;
      }
      session.time().pause(Duration.ofMillis(pause));
      pause = Math.min(LONGEST, pause * 2);
      try {
        operation = resources.operation(id);
        heard = session.time().nanos();
        lost = false;
      } catch (Unreachable | Failure e) {
        String reason = passing(e);
        if (session.time().nanos() - heard > PATIENCE) {
          log.note("no answer for a minute (" + reason + "); it may still be running");
          return operation;
        }
        if (!lost) {
          log.note(session.api().server() + " does not answer (" + reason + "); trying again");
        }
        lost = true;
      }
    }
  }

  /**
   * What may pass by itself, in words; anything else is thrown again. The operation itself goes on
   * either way.
   */
  private static String passing(RuntimeException problem) {
    return switch (problem) {
      case Unreachable unreachable -> unreachable.reason();
      case Failure failure when failure.exit() == ExitCode.FAILED -> failure.what();
      default -> throw problem;
    };
  }

  private static long saturated(long now, Duration limit) {
    boolean endless = limit.compareTo(Duration.ofDays(365)) > 0;
    return now + (endless ? Long.MAX_VALUE / 2 : limit.toNanos());
  }

  /** Whether waiting makes sense: nobody has to say anything first. */
  private static boolean goesOnByItself(String state) {
    return switch (state) {
      case "queued", "running", "waiting", "cancelling" -> true;
      default -> false;
    };
  }

  /**
   * How far long steps are, by their sequence. Short ones are over before the question is worth it.
   */
  private Map<String, Node> progress(OperationId id, StepLog log) {
    if (session.quiet() || !log.runningLongerThan(LONG_STEP)) {
      return Map.of();
    }
    try {
      Node all = session.api().get(Resources.path(id.resource())).at("progress");
      return log.progressOf(all);
    } catch (Unreachable | Failure e) {
      // Only an ornament; the loop itself says that nobody answers.
      return Map.of();
    }
  }

  /** Shows how things stand with {@code operation}, and what to do next. */
  ExitCode show(Node operation) {
    switch (session.output()) {
      case TABLE -> session.line(OperationScreen.summary(operation));
      case NAME -> session.line(operation.text("id"));
      case JSON, YAML -> session.record(operation);
    }
    String next = OperationScreen.next(operation);
    if (!next.isEmpty()) {
      session.say("cot: " + next);
    }
    return Words.exit(operation.text("state"));
  }
}
