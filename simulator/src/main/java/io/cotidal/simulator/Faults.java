package io.cotidal.simulator;

import io.cotidal.engine.Command;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.SourceAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Twenty faults a history, of a random choice of kinds, each with its end. */
final class Faults {
  private static final int COUNT = 20;

  /** Commits must have waited for so long until a primary that answers is replaced. */
  private static final long ISOLATED = 8 * Scheduler.SECOND;

  private static final Actor OPERATOR = new Actor("operator");

  /** One kind of fault: makes it happen to somebody, and ends it after {@code lasts}. */
  private interface Fault {
    void strike(long lasts);
  }

  private final History history;
  private final RandomGenerator random;

  Faults(History history) {
    this.history = history;
    this.random = history.random();
  }

  void plan() {
    List<Fault> all =
        List.of(
            this::crash,
            this::crash,
            this::restart,
            this::blip,
            this::freeze,
            this::freezeHost,
            this::cutMembers,
            this::cutManager,
            this::cutStore,
            this::pauseManager,
            this::crashManager,
            this::clock,
            this::slowActs,
            this::errors,
            this::slowMessages,
            this::storeFails,
            this::source,
            this::operator,
            this::operator,
            this::outAndBack,
            this::pause,
            this::partition,
            this::isolate);
    List<Fault> chosen = new ArrayList<>();
    for (Fault fault : all) {
      if (random.nextInt(3) != 0) {
        chosen.add(fault);
      }
    }
    if (chosen.isEmpty()) {
      chosen.addAll(all);
    }
    for (int i = 0; i < COUNT; i++) {
      Fault fault = chosen.get(random.nextInt(chosen.size()));
      long at = 5 * Scheduler.SECOND + random.nextLong(History.PEACE - 20 * Scheduler.SECOND);
      long lasts = Scheduler.SECOND / 2 + random.nextLong(14 * Scheduler.SECOND);
      history.scheduler().at(at, () -> fault.strike(lasts));
    }
  }

  /**
   * Heals whatever is still wrong; what was crashed stays so, for that is the control plane's
   * business.
   */
  void end() {
    history.network().healAll();
    history.storeFails = 0;
    history.slowMessages = 0;
    history.gate().slow = 0;
    history.gate().errorBefore = 0;
    history.gate().errorAfter = 0;
    history.world().servers().forEach(SimServer::thaw);
    for (SimManager manager : history.managers()) {
      if (!manager.alive()) {
        manager.start();
      }
      manager.resume();
      manager.source(SourceAnswer.Members.named(history.spec().members()));
    }
  }

  private void after(long nanos, Runnable end) {
    history.scheduler().after(nanos, end);
  }

  private SimServer server() {
    List<SimServer> servers = history.world().servers();
    // The primary is where it hurts most.
    if (random.nextInt(2) == 0) {
      for (SimServer server : servers) {
        if (server.takesWrites()) {
          return server;
        }
      }
    }
    return servers.get(random.nextInt(servers.size()));
  }

  private SimManager manager() {
    List<SimManager> managers = history.managers();
    if (random.nextInt(2) == 0) {
      for (SimManager manager : managers) {
        if (history.lease().holds(manager.name())) {
          return manager;
        }
      }
    }
    return managers.get(random.nextInt(managers.size()));
  }

  private void crash(long lasts) {
    SimServer server = server();
    history.tell(server.id + " crashes");
    server.crash();
  }

  /** It crashes, and its own unit starts it again through the gate. */
  private void restart(long lasts) {
    SimServer server = server();
    history.tell("fault at " + server.id + " for " + lasts / Scheduler.MILLI + " ms");
    server.crash();
    after(
        lasts,
        () -> {
          if (!server.up && server.data.equals("present")) {
            server.start(history.rules().startsDemoted());
          }
        });
  }

  private void blip(long lasts) {
    server().blip(Math.min(lasts, 3 * Scheduler.SECOND));
  }

  private void freeze(long lasts) {
    SimServer server = server();
    history.tell("fault at " + server.id + " for " + lasts / Scheduler.MILLI + " ms");
    server.freeze(false);
    after(lasts, server::thaw);
  }

  private void freezeHost(long lasts) {
    SimServer server = server();
    history.tell("fault at " + server.id + " for " + lasts / Scheduler.MILLI + " ms");
    server.freeze(true);
    after(lasts, server::thaw);
  }

  private void cutMembers(long lasts) {
    String one = server().id.name();
    String other = server().id.name();
    if (!one.equals(other)) {
      cut(one, other, lasts);
    }
  }

  private void cutManager(long lasts) {
    cut(manager().name(), server().id.name(), lasts);
  }

  private void cutStore(long lasts) {
    cut(manager().name(), SimManager.STORE, lasts);
  }

  /** One or both ways. */
  private void cut(String one, String other, long lasts) {
    history.tell("cut " + one + " - " + other + " for " + lasts / Scheduler.MILLI + " ms");
    int ways = random.nextInt(3);
    Network network = history.network();
    if (ways != 1) {
      network.cut(one, other);
      after(lasts, () -> network.heal(one, other));
    }
    if (ways != 2) {
      network.cut(other, one);
      after(lasts, () -> network.heal(other, one));
    }
  }

  /** A member is alone, but for its clients. */
  private void partition(long lasts) {
    SimServer alone = server();
    history.tell(alone.id + " is alone for " + lasts / Scheduler.MILLI + " ms");
    for (SimServer other : history.world().servers()) {
      if (other != alone) {
        cutBoth(alone.id.name(), other.id.name(), lasts);
      }
    }
    for (SimManager manager : history.managers()) {
      cutBoth(alone.id.name(), manager.name(), lasts);
    }
  }

  /** No member hears another, or one; everybody else reaches it, and the cut lasts. */
  private void isolate(long lasts) {
    SimServer alone = server();
    long longer = lasts + ISOLATED;
    boolean all = random.nextInt(4) == 0;
    String who = all ? "no member hears another" : "no member hears " + alone.id;
    history.tell(who + " for " + longer / Scheduler.MILLI + " ms");
    for (SimServer one : history.world().servers()) {
      for (SimServer other : history.world().servers()) {
        if (one.id.compareTo(other.id) < 0 && (all || one == alone || other == alone)) {
          cutBoth(one.id.name(), other.id.name(), longer);
        }
      }
    }
  }

  private void cutBoth(String one, String other, long lasts) {
    Network network = history.network();
    network.cut(one, other);
    network.cut(other, one);
    after(
        lasts,
        () -> {
          network.heal(one, other);
          network.heal(other, one);
        });
  }

  private void pauseManager(long lasts) {
    SimManager manager = manager();
    manager.pause();
    after(lasts, manager::resume);
  }

  private void crashManager(long lasts) {
    SimManager manager = manager();
    if (manager.alive()) {
      manager.crash();
      after(
          lasts,
          () -> {
            if (!manager.alive()) {
              manager.start();
            }
          });
    }
  }

  private void clock(long lasts) {
    SimManager manager = manager();
    long step = random.nextBoolean() ? 3_600_000_000L : -3_600_000_000L;
    manager.wallOffset += step;
    after(lasts, () -> manager.wallOffset -= step);
  }

  private void slowActs(long lasts) {
    history.gate().slow = 300;
    after(lasts, () -> history.gate().slow = 0);
  }

  private void errors(long lasts) {
    history.gate().errorBefore = 200;
    history.gate().errorAfter = 200;
    after(
        lasts,
        () -> {
          history.gate().errorBefore = 0;
          history.gate().errorAfter = 0;
        });
  }

  private void slowMessages(long lasts) {
    history.slowMessages = 400;
    after(lasts, () -> history.slowMessages = 0);
  }

  private void storeFails(long lasts) {
    history.storeFails = 200;
    after(lasts, () -> history.storeFails = 0);
  }

  private void source(long lasts) {
    List<MemberId> members = history.spec().members();
    SourceAnswer.Unavailable answer = new SourceAnswer.Unavailable("the source does not answer");
    SourceAnswer.Members rest = SourceAnswer.Members.named(members.subList(0, members.size() - 1));
    SourceAnswer read = history.rules().unavailable(answer, rest);
    history.managers().forEach(manager -> manager.source(read));
    after(
        lasts,
        () ->
            history
                .managers()
                .forEach(manager -> manager.source(SourceAnswer.Members.named(members))));
  }

  /** Nothing is to be done by itself, just when something may be needed. */
  private void pause(long lasts) {
    history.tell("paused for " + lasts / Scheduler.MILLI + " ms");
    manager().command(new Command.Pause(OPERATOR, Duration.ofNanos(lasts), "drill"));
  }

  /**
   * A member is taken out, and asked back after a while; whoever is asked may be busy or cut off.
   */
  private void outAndBack(long lasts) {
    Details member = Details.of("member", server().id);
    boolean stop = random.nextBoolean();
    switch (random.nextInt(4)) {
      case 0 -> ask("restart", member.with("in-place", random.nextBoolean()));
      case 1 -> ask("promote", member);
      default -> {
        ask(stop ? "stop" : "disable", member);
        after(lasts, () -> ask(stop ? "start" : "enable", member));
      }
    }
  }

  private void ask(String action, Details input) {
    history.tell("an operator asks for " + action + " " + input);
    manager().command(new Command.Begin(OPERATOR, action, input, null, false));
  }

  private void operator(long lasts) {
    SimManager manager = manager();
    Details member = Details.of("member", server().id);
    Command command =
        switch (random.nextInt(4)) {
          case 0 -> new Command.Begin(OPERATOR, "switchover", Details.NONE, null, false);
          case 1 ->
              new Command.Begin(OPERATOR, "failover", Details.of("force", "true"), null, false);
          case 2 -> new Command.Begin(OPERATOR, "rejoin", member, null, false);
          default -> new Command.Cancel(OPERATOR, history.store().load().lastNumber());
        };
    manager.command(command);
  }
}
