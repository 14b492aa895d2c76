package io.cotidal.simulator;

import io.cotidal.engine.Effect;
import io.cotidal.engine.Input;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.postgres.guard.Lifeline;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.StallWatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How one control plane looks at members: again and again, over a network that loses looks. */
final class SimLooks {
  private final SimManager manager;
  private final History history;
  private final Map<MemberId, Long> rounds = new HashMap<>();

  SimLooks(SimManager manager, History history) {
    this.manager = manager;
    this.history = history;
  }

  /** Looks from now on as {@code observe} says, and no more as was said before. */
  void begin(Effect.Observe observe) {
    long round = rounds.merge(observe.member(), 1L, Long::sum);
    look(observe.member(), observe.period(), observe.deadline(), round);
  }

  /** Looks at {@code member} no more. */
  void end(MemberId member) {
    rounds.merge(member, 1L, Long::sum);
  }

  /** Forgets everything, as a new process does. */
  void clear() {
    rounds.clear();
  }

  private void look(MemberId member, Duration period, Duration deadline, long round) {
    if (!Long.valueOf(round).equals(rounds.get(member))) {
      return;
    }
    SimServer server = history.world().server(member);
    long sent = history.scheduler().now();
    boolean[] answered = {false};
    Lifeline lifeline = manager.lifeline(member);
    String sign = lifeline.sign(sent);
    history
        .scheduler()
        .after(
            history.latency(),
            () -> {
              boolean reached =
                  history.network().connected(manager.name(), member.name()) && !server.hostFrozen;
              if (reached) {
                server.whenRuns(() -> hand(server, sign));
              }
              if (reached && !server.frozen) {
                Observation<PgFacts> seen = history.gate().look(server);
                long clock = history.scheduler().now();
                manager.later(
                    history.latency(),
                    () -> {
                      if (!answered[0]) {
                        answered[0] = true;
                        long now = history.scheduler().now();
                        if (seen instanceof Observation.Seen<PgFacts>) {
                          lifeline.heard(Long.toString(clock), now);
                        }
                        looked(member, ours(seen, lifeline.gives(now)), round, sent);
                      }
                    });
              }
            });
    manager.later(
        deadline.toNanos(),
        () -> {
          if (!answered[0]) {
            answered[0] = true;
            boolean host =
                history.network().connected(manager.name(), member.name()) && !server.hostFrozen;
            long waited = history.scheduler().now() - sent;
            looked(
                member,
                new Observation.Silent<>(waited, host ? server.host() : Host.UNKNOWN),
                round,
                sent);
          }
        });
    manager.later(
        Math.max(period.toNanos(), Scheduler.MILLI),
        () -> again(member, period, deadline, round, answered));
  }

  /** A sign that a look brings, as it is named: {@code cotidal EPOCH READING}. */
  private static void hand(SimServer server, String sign) {
    if (!sign.isEmpty() && server.up) {
      String[] words = sign.split(" ", -1);
      server.guard.sign(Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
  }

  /** A guard that these looks do not keep from acting is not shown. */
  private static Observation<PgFacts> ours(Observation<PgFacts> seen, boolean gives) {
    return !gives && seen instanceof Observation.Seen<PgFacts> answer
        ? new Observation.Seen<>(answer.facts().guarded(List.of()), answer.host())
        : seen;
  }

  private void again(
      MemberId member, Duration period, Duration deadline, long round, boolean[] answered) {
    if (answered[0]) {
      look(member, period, deadline, round);
    } else {
      manager.later(
          period.toNanos() / 4 + 1, () -> again(member, period, deadline, round, answered));
    }
  }

  private void looked(MemberId member, Observation<PgFacts> seen, long round, long begun) {
    if (Long.valueOf(round).equals(rounds.get(member))) {
      manager.feed(new Input.Observed<>(member, followed(member, seen), begun));
    }
  }

  /** The look with what those before it add. */
  private Observation<PgFacts> followed(MemberId member, Observation<PgFacts> seen) {
    StallWatch stall = manager.stall(member);
    if (seen instanceof Observation.Seen<PgFacts> answer) {
      PgFacts facts = stall.seen(answer.facts(), history.scheduler().now());
      return new Observation.Seen<>(facts, answer.host());
    }
    if (!(seen instanceof Observation.Silent<PgFacts>)) {
      stall.missed();
    }
    return seen;
  }
}
