package io.cotidal.simulator;

import io.cotidal.engine.Effect;
import io.cotidal.engine.Input;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Step;
import java.time.Duration;

/** How the orders of one control plane travel to members, and their answers back. */
final class SimOrders {
  /** After so long a connection to a member counts as broken. */
  private static final long BROKEN = 10 * Scheduler.SECOND;

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
    long deadline = history.scheduler().now() + act.step().deadline().toNanos();
    this.<Outcome>toMember(
        member(act.step()),
        act.step().deadline(),
        (server, then) -> history.gate().act(server, act.step(), act.stamp(), deadline, then::take),
        new Outcome.Unknown("no answer"),
        outcome -> manager.feed(new Input.StepResult<>(act.operation(), act.sequence(), outcome)));
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
