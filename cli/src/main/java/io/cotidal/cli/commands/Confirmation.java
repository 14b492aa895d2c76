package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.cli.terminal.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Asks before something that cannot be undone. */
final class Confirmation {
  private static final int LONGEST = 500;

  private Confirmation() {}

  /** The option that answers beforehand. */
  static void declare(Form form) {
    form.flag("--yes", "Do not ask, even if it cannot be undone.");
  }

  /**
   * Makes sure that a person means it.
   *
   * @param what would be done, for the question
   * @param name to be typed
   * @throws Failure if nobody can answer, or the answer is another name
   */
  static void ask(Arguments arguments, Session session, String what, String name) {
    if (arguments.flag("--yes")) {
      return;
    }
    Terminal terminal = session.terminal();
    if (!canAnswer(terminal)) {
      throw Failure.usage(
          what + " cannot be undone, and nobody is here to ask", "add --yes if you mean it");
    }
    terminal.err().println(Text.plain(what + " cannot be undone."));
    terminal.err().print("Type " + name + " to go on: ");
    terminal.err().flush();
    if (!answer(terminal).equals(name)) {
      throw new Failure(ExitCode.FAILED, "not confirmed; nothing was changed", "");
    }
  }

  /** Whether a person sees the question and can answer it. */
  static boolean canAnswer(Terminal terminal) {
    return terminal.inIsTerminal() && terminal.errIsTerminal();
  }

  private static String answer(Terminal terminal) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int b = terminal.in().read(); b >= 0 && b != '\n'; b = terminal.in().read()) {
        if (line.size() < LONGEST) {
          line.write(b);
        }
      }
    } catch (IOException e) {
      // A terminal that went away has not confirmed anything.
      return "";
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }
}
