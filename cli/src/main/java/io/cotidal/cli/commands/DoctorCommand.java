package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Tone;
import java.util.List;
import java.util.Optional;

/** {@code cot doctor}: what is wrong, and how to mend it. */
final class DoctorCommand implements Command {
  private final Optional<LocalCommand> local;

  /**
   * The command.
   *
   * @param local looks at this machine, for when there is no server
   */
  DoctorCommand(Optional<LocalCommand> local) {
    this.local = local;
  }

  @Override
  public void declare(Form form) {
    form.flag("--local", "Look at this machine instead of asking the server.")
        .detail(
            "Each check that fails comes with its remedy. Ends with 1 if one fails. If no server"
                + " answers, this machine is looked at instead.")
        .example("doctor", "");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) {
    if (arguments.flag("--local") && local.isPresent()) {
      return here(session, local.get());
    }
    Node answer;
    try {
      answer = session.api().get("/api/v1/doctor");
    } catch (Unreachable e) {
      if (local.isEmpty()) {
        throw e;
      }
      session.say(
          "cot: cannot reach "
              + session.api().server()
              + " ("
              + e.reason()
              + "); looking at this machine instead");
      return here(session, local.get());
    }
    List<Node> checks = answer.list("checks");
    boolean well = checks.stream().allMatch(it -> it.flag("ok"));
    switch (session.output()) {
      case TABLE -> checks.forEach(check -> line(session, check));
      case NAME ->
          checks.stream().filter(it -> !it.flag("ok")).forEach(it -> session.line(it.text("name")));
      case JSON, YAML -> session.record(answer);
    }
    if (well) {
      session.say("Nothing is wrong.");
    }
    return well ? ExitCode.OK : ExitCode.FAILED;
  }

  private static ExitCode here(Session session, LocalCommand command) {
    return command.run(List.of(), session.terminal()) == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private static void line(Session session, Node check) {
    Cell mark = check.flag("ok") ? new Cell("ok   ", Tone.GOOD) : new Cell("FAILS", Tone.CRITICAL);
    session
        .terminal()
        .out()
        .println(
            session.style().paint(mark.tone(), mark.text())
                + "  "
                + Text.plain(check.text("name") + ": " + check.text("sentence")));
    if (!check.flag("ok") && !check.text("remedy").isEmpty()) {
      session.line("       " + check.text("remedy"));
    }
  }
}
