package io.cotidal.cli;

import io.cotidal.cli.commands.Catalogue;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.commands.Surroundings;
import io.cotidal.cli.terminal.Interrupts;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.cli.terminal.Time;
import io.cotidal.model.Action;
import io.cotidal.model.Permission;
import io.cotidal.model.Risk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs {@code cot} as a shell would: with streams, an environment and a clock of its own. */
final class Shell {
  /** Wall time at the start of each run: 2026-11-21 10:00:00 UTC. */
  static final long NOW = 1_795_255_200_000_000L;

  static final List<Action> ACTIONS =
      List.of(
          new Action(
              "postgres",
              "switchover",
              "Hand the primary's role to another member.",
              Permission.OPERATOR,
              Risk.DISRUPTIVE,
              List.of(new Action.Field("to", Action.Type.MEMBER, true, "The new primary."))),
          new Action(
              "postgres",
              "failover",
              "Promote a replica although the primary cannot be asked.",
              Permission.OPERATOR,
              Risk.IRREVERSIBLE,
              List.of(
                  new Action.Field(
                      "to", Action.Type.MEMBER, false, "The new primary; the best if left out."),
                  new Action.Field(
                      "accept-loss", Action.Type.FLAG, false, "Go on although rows may be lost."))),
          new Action(
              "postgres",
              "check-replicas",
              "Say whether the replicas follow.",
              Permission.VIEWER,
              Risk.NONE,
              List.of(new Action.Field("member", Action.Type.MEMBER, false, "Only this one."))),
          new Action(
              "postgres",
              "rejoin",
              "Bring a member back as a replica.",
              Permission.OPERATOR,
              Risk.SAFE,
              List.of(
                  new Action.Field("member", Action.Type.MEMBER, true, "Which one."),
                  new Action.Field("reason", Action.Type.TEXT, false, "Why, for the record."))));

  private final Map<String, String> environment = new HashMap<>();
  private final List<LocalCommand> local = new ArrayList<>();
  private final AtomicInteger actionsAsked = new AtomicInteger();
  private final List<String> programs = new ArrayList<>();
  private boolean missing;
  private String typed = "";
  private boolean terminal;
  private int columns = 80;
  private int interruptAfter = Integer.MAX_VALUE;

  /** What a run came to. */
  record Result(int exit, String out, String err) {}

  Shell(String server) {
    environment.put("COT_SERVER", server);
    environment.put("COT_TOKEN", ApiServer.TOKEN);
    environment.put("HOME", "/nonexistent");
  }

  Shell set(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Shell unset(String name) {
    environment.remove(name);
    return this;
  }

  /** All three streams are a terminal of so many columns. */
  Shell onTerminal(int width) {
    terminal = true;
    columns = width;
    return this;
  }

  Shell typing(String text) {
    typed = text;
    return this;
  }

  Shell with(LocalCommand command) {
    local.add(command);
    return this;
  }

  /** Ctrl-C instead of the pause of this number, counted from 1. */
  Shell interruptAtPause(int number) {
    interruptAfter = number;
    return this;
  }

  int actionsAsked() {
    return actionsAsked.get();
  }

  /** Programs that were run, each as its words and its environment. */
  List<String> programs() {
    return programs;
  }

  private int program(List<String> words, Map<String, String> with) throws IOException {
    if (missing) {
      throw new IOException("no such program");
    }
    programs.add(String.join("|", words) + " " + new java.util.TreeMap<>(with));
    return 0;
  }

  /** This machine has no other programs. */
  Shell withoutPrograms() {
    missing = true;
    return this;
  }

  Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal streams =
        new Terminal(
            new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            terminal,
            terminal,
            terminal,
            () -> columns);
    Clock clock = new Clock();
    Catalogue catalogue =
        new Catalogue(
            "1.2.3",
            () -> {
              actionsAsked.incrementAndGet();
              return ACTIONS;
            },
            local);
    Cli cli =
        new Cli(new Surroundings(streams, environment, clock, clock, this::program), catalogue);
    int exit = cli.run(arguments);
    boolean interrupted = Thread.interrupted();
    return new Result(
        interrupted ? 130 : exit,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  /** Time passes only when somebody waits. */
  private final class Clock implements Time, Interrupts {
    private long nanos;
    private int pauses;
    private Runnable farewell = () -> {};

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long micros() {
      return NOW + nanos / 1000;
    }

    @Override
    public ZoneId zone() {
      return ZoneOffset.UTC;
    }

    @Override
    public void pause(Duration length) throws InterruptedException {
      nanos += length.toNanos();
      pauses++;
      if (pauses >= interruptAfter) {
        farewell.run();
        throw new InterruptedException();
      }
    }

    @Override
    public Watch onInterrupt(Runnable then) {
      farewell = then;
      return () -> farewell = () -> {};
    }
  }
}
