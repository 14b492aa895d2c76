package io.cotidal.cli.commands;

import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;

/** Shows a screen once, or again whenever it changes. */
final class Watching {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final String HOME = "\u001b[H";
  private static final String CLEAR = "\u001b[2J";
  private static final String REST_OF_LINE = "\u001b[K";
  private static final String REST_OF_SCREEN = "\u001b[J";

  /** Something that is asked of the server and shown. */
  interface Screen {
    /** Shows it on the session's terminal. */
    void show(Session session);
  }

  private Watching() {}

  /** Once, or, with {@code --watch}, until Ctrl-C. */
  static ExitCode run(Arguments arguments, Session session, Screen screen)
      throws InterruptedException {
    if (arguments.flag("--watch")) {
      return always(session, screen);
    }
    screen.show(session);
    return ExitCode.OK;
  }

  /**
   * Until Ctrl-C, or until nobody reads the data any more. A server that does not answer is said so
   * and asked again; what was shown last stays. Only a first look that fails ends it.
   */
  static ExitCode always(Session session, Screen screen) throws InterruptedException {
    String last = "";
    boolean lost = false;
    while (true) {
      try {
        String now = render(session, screen);
        if (lost || !now.equals(last)) {
          draw(session.terminal(), now, last.isEmpty());
        }
        lost = false;
        last = now;
      } catch (Unreachable e) {
        if (last.isEmpty()) {
          throw e;
        }
        if (!lost) {
          session.say(
              session.api().server() + " does not answer (" + e.reason() + "); trying again");
        }
        lost = true;
      }
      if (session.terminal().out().checkError()) {
        return ExitCode.OK;
      }
      session.time().pause(PERIOD);
    }
  }

  private static String render(Session session, Screen screen) {
    Terminal terminal = session.terminal();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream page = new PrintStream(bytes, false, terminal.out().charset());
    Terminal paper =
        new Terminal(
            terminal.in(),
            page,
            terminal.err(),
            terminal.inIsTerminal(),
            terminal.outIsTerminal(),
            terminal.errIsTerminal(),
            terminal.columns());
    screen.show(session.writingTo(paper));
    page.flush();
    return bytes.toString(terminal.out().charset());
  }

  private static void draw(Terminal terminal, String page, boolean first) {
    if (terminal.outIsTerminal()) {
      // Written over the last page, not after a blank one: nothing flickers.
      terminal.out().print(first ? HOME + CLEAR : HOME);
      terminal.out().print(page.replace("\n", REST_OF_LINE + "\n") + REST_OF_SCREEN);
    } else {
      terminal.out().print(first ? page : "\n" + page);
    }
    terminal.out().flush();
  }
}
