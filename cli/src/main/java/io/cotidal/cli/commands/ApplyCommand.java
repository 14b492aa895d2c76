package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Tone;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code cot apply}: lets the daemon take up its changed configuration. */
final class ApplyCommand implements Command {
  static final List<String> FILE = List.of("-f", "--file");
  private static final String PATH = "/api/v1/configuration/apply";

  @Override
  public void declare(Form form) {
    form.option(FILE, "FILE", "It must be what stands in the daemon's own file.")
        .flag("--dry-run", "Only show what would change.")
        .detail(
            "The daemon reads its file again, validates all of it, and takes up what has changed:"
                + " resources are added, changed, or released, which leaves their servers alone."
                + " What takes a restart is named and changes nothing. One fault, and nothing"
                + " changes at all.")
        .example("apply --dry-run", "")
        .example("apply", "")
        .example(
            "apply -f /etc/cotidal/cotidal.yaml", "only if it is the file that the daemon reads");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) {
    boolean dryRun = arguments.flag("--dry-run");
    Node report = ask(arguments, session, dryRun);
    show(session, report);
    boolean busy =
        report.list("changes").stream().anyMatch(each -> each.text("state").equals("busy"));
    return busy ? ExitCode.FAILED : ExitCode.OK;
  }

  /** What changes, or would. */
  static Node ask(Arguments arguments, Session session, boolean dryRun) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("dryRun", dryRun);
    arguments.text("--file").ifPresent(file -> body.put("text", read(file)));
    try {
      return session.api().post(PATH, body, Map.of()).body();
    } catch (Failure e) {
      throw told(e, session);
    }
  }

  /** A faulty configuration has a line for each fault; the last one ends the command. */
  private static Failure told(Failure failure, Session session) {
    List<String> lines = failure.what().lines().toList();
    if (lines.size() < 2) {
      return failure;
    }
    lines
        .subList(0, lines.size() - 1)
        .forEach(line -> session.terminal().err().println("cot: " + Text.plain(line)));
    return new Failure(failure.exit(), lines.getLast(), failure.next());
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (CharacterCodingException e) {
      throw Failure.usage("'" + file + "' is not UTF-8 text", "save it as UTF-8");
    } catch (IOException | InvalidPathException e) {
      throw Failure.usage("'" + file + "' cannot be read: " + e.getMessage(), "name a file");
    }
  }

  /** The changes as they were asked for. */
  static void show(Session session, Node report) {
    List<Node> changes = report.list("changes");
    switch (session.output()) {
      case TABLE -> changes.forEach(change -> line(session, change));
      case NAME -> changes.forEach(change -> session.line(change.text("what")));
      case JSON, YAML -> session.record(report);
    }
    if (changes.isEmpty()) {
      session.say("Nothing differs from what is in force.");
    }
  }

  private static void line(Session session, Node change) {
    String reason = change.text("reason");
    session.line(
        change.text("state").equals("applied") ? Tone.GOOD : Tone.PLAIN,
        change.text("what")
            + " "
            + change.text("change")
            + " ("
            + change.text("state")
            + ")"
            + (reason.isEmpty() ? "" : ": " + reason));
    change.list("lines").forEach(each -> session.line("  " + each.text()));
  }
}
