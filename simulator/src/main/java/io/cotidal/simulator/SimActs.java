package io.cotidal.simulator;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.guard.Guard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What each act does to a server, and how its effect is found again. */
final class SimActs {
  private static final long POLL = 150 * Scheduler.MILLI;

  private final Scheduler scheduler;
  private final World world;
  private final Rules rules;
  private final Consumer<String> trace;
  private final Set<String> everDone = new HashSet<>();

  SimActs(Scheduler scheduler, World world, Rules rules, Consumer<String> trace) {
    this.scheduler = scheduler;
    this.world = world;
    this.rules = rules;
    this.trace = trace;
  }

  /** Does what {@code step} asks for if it is possible, and says what came of it. */
  void effect(SimServer server, Step step, Stamp stamp, long deadline, Consumer<Outcome> then) {
    String impossible = impossible(server, step);
    trace.accept(
        step.sentence()
            + " under "
            + stamp
            + (impossible.isEmpty() ? "" : " is impossible: " + impossible));
    if (!impossible.isEmpty()) {
      then.accept(new Outcome.Failed(impossible));
      return;
    }
    applies(server, step, stamp);
    switch (step.act()) {
      case Acts.CUT_OFF -> cutOff(server);
      case Acts.FENCE -> {
        if (rules.fences()) {
          server.fence(rules.startsDemoted());
        }
      }
      case Acts.STOP -> server.stop();
      case Acts.PROMOTE ->
          server.promote(
              members(step, Acts.QUORUM), Integer.parseInt(step.arguments().need(Acts.K)));
      case Acts.SET_QUORUM ->
          server.setQuorum(
              members(step, Acts.QUORUM), Integer.parseInt(step.arguments().need(Acts.K)));
      case Acts.FOLLOW -> {
        server.upstream = new MemberId(step.arguments().need(Acts.UPSTREAM));
        server.connected = false;
      }
      case Acts.START -> {
        if (world.out(server.id)) {
          world.invariants().violated(server.id + " is started although it shall be down");
        }
        String upstream = step.arguments().get(Acts.UPSTREAM, "");
        server.upstream = upstream.isEmpty() ? null : new MemberId(upstream);
        server.start(rules.startsDemoted());
      }
      case Acts.REWIND -> rewind(server, source(step));
      case Acts.CLONE -> copy(server, source(step));
      case Acts.SLOTS -> forget(step);
      case Acts.GUARD -> server.guard.begin(guard(step, stamp), members(step, Acts.QUORUM));
      case Acts.UNGUARD -> server.guard.end();
      default -> {
        // A checkpoint and a wait change nothing that anybody sees.
      }
    }
    await(server, step, deadline, then);
  }

  private String impossible(SimServer server, Step step) {
    return switch (step.act()) {
      case Acts.CUT_OFF, Acts.PROMOTE, Acts.FOLLOW ->
          !server.serves() ? "it does not answer" : !server.recovering ? "it is no standby" : "";
      case Acts.STOP -> server.serves() ? "" : "it does not answer";
      case Acts.GUARD,
          Acts.UNGUARD,
          Acts.CHECKPOINT,
          Acts.SET_QUORUM,
          Acts.AWAIT_FLUSH,
          Acts.SLOTS ->
          server.takesWrites() ? "" : "it is no primary that answers";
      case Acts.START ->
          server.up ? "it runs" : server.data.equals("present") ? "" : "its data is " + server.data;
      case Acts.REWIND, Acts.CLONE ->
          server.up ? "it runs" : source(step).takesWrites() ? "" : "the source does not answer";
      default -> "";
    };
  }

  private static Guard guard(Step step, Stamp stamp) {
    return Guard.of(
        stamp.epoch(),
        Duration.ofMillis(Long.parseLong(step.arguments().need(Acts.LEASE))),
        members(step, Acts.QUORUM));
  }

  private SimServer source(Step step) {
    return world.server(new MemberId(step.arguments().need(Acts.FROM)));
  }

  private void cutOff(SimServer server) {
    server.heardUntil = server.connected ? server.lastMessage : scheduler.now();
    if (rules.cutsOff()) {
      server.upstream = null;
      server.connected = false;
    }
  }

  private static void rewind(SimServer server, SimServer source) {
    server.wal = server.wal.common(source.wal);
    server.control = "in archive recovery";
    server.recovering = true;
    server.data = "present";
  }

  private static void copy(SimServer server, SimServer source) {
    server.wal = source.wal;
    server.control = "in archive recovery";
    server.recovering = true;
    server.data = "present";
  }

  private void forget(Step step) {
    for (MemberId gone : members(step, Acts.GONE)) {
      if (world.disabled(gone)) {
        continue;
      }
      world.invariants().violated(gone + " was let go of, and is a member");
    }
  }

  private static List<MemberId> members(Step step, String argument) {
    String list = step.arguments().get(argument, "");
    return list.isEmpty()
        ? List.of()
        : new ArrayList<>(Arrays.stream(list.split(",", -1)).map(MemberId::new).toList());
  }

  /** Answers when what the act waits for has come, or when its time is nearly over. */
  private void await(SimServer server, Step step, long deadline, Consumer<Outcome> then) {
    boolean streams = step.arguments().get(Acts.STREAM, "").equals("true");
    boolean flushes = step.act().equals(Acts.AWAIT_FLUSH);
    boolean come =
        flushes ? flushed(server, step) : !streams || (server.connected && server.serves());
    if (come) {
      then.accept(new Outcome.Done(evidence(server)));
    } else if (scheduler.now() + POLL >= deadline) {
      then.accept(new Outcome.Failed(flushes ? "they lag" : "it does not stream"));
    } else {
      scheduler.after(POLL, () -> await(server, step, deadline, then));
    }
  }

  private static boolean flushed(SimServer server, Step step) {
    long position = Long.parseLong(step.arguments().need(Acts.POSITION));
    return members(step, Acts.QUORUM).stream()
        .allMatch(member -> server.hasFlushed(member, position));
  }

  private static Details evidence(SimServer server) {
    return Details.of(Acts.TIMELINE, server.wal.timeline())
        .with(Acts.POSITION, server.wal.position())
        .with(Acts.PROOF, server.up ? "" : "process gone");
  }

  private void applies(SimServer server, Step step, Stamp stamp) {
    String effect = stamp.number() + "/" + step.key();
    boolean again =
        everDone.contains(effect)
            && once(step)
            && present(server, step, stamp) instanceof Inspection.Applied;
    world.invariants().applies(server, step, stamp, again);
    everDone.add(effect);
  }

  /** Acts of which a second one would do harm; the others set what is set already. */
  private static boolean once(Step step) {
    return switch (step.act()) {
      case Acts.PROMOTE, Acts.CLONE, Acts.REWIND, Acts.INIT -> true;
      default -> false;
    };
  }

  /** Tells from the effect alone. */
  Inspection present(SimServer server, Step step, Stamp stamp) {
    boolean there =
        switch (step.act()) {
          case Acts.CUT_OFF ->
              server.up && server.recovering && server.upstream == null && !server.connected;
          case Acts.FENCE, Acts.STOP -> !server.up && server.recovering;
          case Acts.PROMOTE -> server.up && !server.recovering;
          case Acts.SET_QUORUM ->
              server.takesWrites()
                  && server.k == Integer.parseInt(step.arguments().need(Acts.K))
                  && server.quorum.equals(members(step, Acts.QUORUM));
          case Acts.AWAIT_FLUSH -> server.takesWrites() && flushed(server, step);
          case Acts.FOLLOW, Acts.START -> follows(server, step);
          case Acts.GUARD -> server.takesWrites() && server.guard.is(guard(step, stamp));
          case Acts.UNGUARD -> server.takesWrites() && !server.guard.there();
          case Acts.REWIND, Acts.CLONE ->
              !server.up
                  && server.data.equals("present")
                  && server.recovering
                  && server.wal.within(source(step).wal);
          default -> false;
        };
    return there
        ? new Inspection.Applied(evidence(server))
        : new Inspection.NotApplied("it is not there");
  }

  private static boolean follows(SimServer server, Step step) {
    String upstream = step.arguments().get(Acts.UPSTREAM, "");
    boolean streams = step.arguments().get(Acts.STREAM, "").equals("true");
    boolean right =
        upstream.isEmpty()
            ? server.upstream == null
            : new MemberId(upstream).equals(server.upstream);
    return server.serves() && server.recovering && right && (!streams || server.connected);
  }
}
