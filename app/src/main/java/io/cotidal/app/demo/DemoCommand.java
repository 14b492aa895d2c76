package io.cotidal.app.demo;

import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.lab.Reasons;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code cot demo}, {@code cot demo break} and {@code cot demo tour}. */
public final class DemoCommand implements LocalCommand {
  private static final String USAGE =
      """
      usage: cot demo [--port N]        three real PostgreSQL members, the daemon, its page and a writer, until Ctrl-C
             cot demo break             kill the primary of the demo that runs in another terminal
             cot demo tour [--port N]   switchover, crash and frozen primary, unattended and measured

        --port N   of the page, 1 to 65535 (demo: 7400, tour: any that is free)
      COT_DEMO_DIR names the folder in which the demo works, COT_STATE_DIR the one in which it remembers what it started.
      """;

  private static final int PAGE = 7400;

  private final Daemons daemons;

  /** The command, with what starts its daemon. */
  public DemoCommand(Daemons daemons) {
    this.daemons = daemons;
  }

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String summary() {
    return "run a real cluster here; `demo break` kills its primary, `demo tour` measures it all";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    PrintStream err = terminal.err();
    Optional<Wish> wish = Wish.of(arguments);
    if (wish.isEmpty()) {
      err.print(
          "cot demo: cannot make sense of '%s'%n%s".formatted(String.join(" ", arguments), USAGE));
      return ExitCode.USAGE.number();
    }
    try {
      return (perform(wish.get(), terminal) ? ExitCode.OK : ExitCode.FAILED).number();
    } catch (DemoProblem e) {
      err.println("cot demo: " + e.sentence());
    } catch (IOException e) {
      String reason = Reasons.of(e);
      err.println(
          Reasons.diskFull(reason)
              ? "cot demo: the disk is full: free some, or name another folder in COT_DEMO_DIR"
              : "cot demo: " + reason);
    }
    return ExitCode.FAILED.number();
  }

  private boolean perform(Wish wish, Terminal terminal) throws DemoProblem, IOException {
    Path state = StateFolder.ofUser();
    Screen screen = new Screen(terminal.out(), terminal.outIsTerminal());
    switch (wish.what()) {
      case HELP -> terminal.out().print(USAGE);
      case BREAK -> Break.run(state, terminal.out());
      case TOUR -> {
        Site place = new Site(daemons, state, Site.chosenBase(), wish.port().orElse(0));
        return stoppable(state, stop -> new Tour(screen, stop).run(place));
      }
      case LIVE -> {
        Site place = new Site(daemons, state, Site.chosenBase(), wish.port().orElse(PAGE));
        return stoppable(
            state,
            stop -> {
              new LiveDemo(screen, stop).run(place);
              return true;
            });
      }
    }
    return true;
  }

  private static boolean stoppable(Path state, Work work) throws DemoProblem, IOException {
    DaemonLog.in(state);
    Stop stop = Stop.onSignal();
    try {
      return work.run(stop);
    } finally {
      stop.ended();
    }
  }

  @FunctionalInterface
  private interface Work {
    /** Whether it went well. */
    boolean run(Stop stop) throws DemoProblem, IOException;
  }
}
