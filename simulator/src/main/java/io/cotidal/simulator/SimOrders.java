package io.cotidal.simulator;

import io.cotidal.engine.Effect;
import io.cotidal.engine.Input;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.guard.Guard;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** How the orders of one control plane travel to members, and their answers back. */
final class SimOrders {
  /** After so long a connection to a member counts as broken. */
  private static final long BROKEN = 10 * Scheduler.SECOND;

  private final Map<MemberId, Long> heard = new HashMap<>();
  private final SimManager manager;
  private final History history;

  SimOrders(SimManager manager, History history) {
    this.manager = manager;
    this.history = history;
  }

  void stamp(Effect.StampMember stamp) {
    this.<Outcome>toMember(
        stamp.member(),
        stamp.deadline(),
        (server, then) -> history.gate().stamp(server, stamp.stamp(), then::take),
        new Outcome.Unknown("no answer"),
        outcome ->
            manager.feed(new Input.Stamped<>(stamp.member(), stamp.stamp().epoch(), outcome)));
  }

  void act(Effect.Act act) {
    MemberId member = member(act.step());
    switch (act.step().act()) {
      case Acts.GUARD ->
          manager
              .lifeline(member)
              .begin(act.stamp().epoch(), lease(act.step()), history.scheduler().now());
      case Acts.UNGUARD -> manager.lifeline(member).end();
      case Acts.CUT_OFF -> heard.remove(member);
      default -> {
        // Nothing of it is this process's own.
      }
    }
    if (act.step().act().equals(Acts.AWAIT_GUARD) && history.rules().awaitsGuards()) {
      long left = over(act.step(), member) - history.scheduler().now();
      manager.later(Math.max(0, left), () -> send(act));
    } else {
      send(act);
    }
  }

  /** When the guard of another member must have acted, as the real act works it out. */
  private long over(Step step, MemberId here) {
    long now = history.scheduler().now();
    long lease = lease(step).toNanos();
    MemberId old = new MemberId(step.arguments().need(Acts.FROM));
    long sign = manager.lifeline(old).end().orElse(now + lease);
    return Math.max(sign, heard.getOrDefault(here, now)) + lease + Guard.MARGIN.toNanos();
  }

  private static Duration lease(Step step) {
    return Duration.ofMillis(Long.parseLong(step.arguments().need(Acts.LEASE)));
  }

  /** Forgets what this process knew of its own acts. */
  void clear() {
    heard.clear();
  }

  private void send(Effect.Act act) {
    long deadline = history.scheduler().now() + act.step().deadline().toNanos();
    this.<Outcome>toMember(
        member(act.step()),
        act.step().deadline(),
        (server, then) -> history.gate().act(server, act.step(), act.stamp(), deadline, then::take),
        new Outcome.Unknown("no answer"),
        outcome -> {
          MemberId member = member(act.step());
          if (act.step().act().equals(Acts.CUT_OFF) && outcome instanceof Outcome.Done) {
            heard.put(member, history.world().server(member).heardUntil);
          }
          manager.feed(new Input.StepResult<>(act.operation(), act.sequence(), outcome));
        });
  }

  void inspect(Effect.Inspect inspect) {
    this.<Inspection>toMember(
        member(inspect.step()),
        inspect.step().deadline(),
        (server, then) ->
            history.gate().inspect(server, inspect.step(), inspect.stamp(), then::take),
        new Inspection.Unknown("no answer"),
        found ->
            manager.feed(new Input.Inspected<>(inspect.operation(), inspect.sequence(), found)));
  }

  private static MemberId member(Step step) {
    MemberId member = step.member();
    if (member == null) {
      throw new IllegalStateException("an act without a member: " + step.key());
    }
    return member;
  }

  private interface Taker<T> {
    void take(T answer);
  }

  private interface AtMember<T> {
    void run(SimServer server, Taker<T> then);
  }

  /**
   * Sends, perhaps late; answers, perhaps never; at the deadline, answers for the one who did not.
   */
  private <T> void toMember(
      MemberId member, Duration deadline, AtMember<T> work, T unknown, Taker<T> then) {
    SimServer server = history.world().server(member);
    boolean[] answered = {false};
    Taker<T> once =
        answer -> {
          if (!answered[0]) {
            answered[0] = true;
            then.take(answer);
          }
        };
    Runnable lost =
        () -> manager.later(Math.min(deadline.toNanos(), BROKEN), () -> once.take(unknown));
    history
        .scheduler()
        .after(
            history.actLatency(),
            () -> {
              if (!history.network().passes(manager.name(), member.name())) {
                lost.run();
                return;
              }
              work.run(
                  server,
                  answer -> {
                    if (history.network().passes(member.name(), manager.name())) {
                      manager.later(history.latency(), () -> once.take(answer));
                    } else {
                      lost.run();
                    }
                  });
            });
    manager.later(deadline.toNanos(), () -> once.take(unknown));
  }
}
