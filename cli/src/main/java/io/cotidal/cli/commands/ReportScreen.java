package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Table;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Tone;
import java.util.ArrayList;
import java.util.List;

/** The answer to a question, line by line. */
final class ReportScreen {
  private ReportScreen() {}

  /** Shows it; the exit code says whether all is known to be as it should be. */
  static ExitCode show(Session session, Node report) {
    List<Node> lines = report.list("lines");
    switch (session.output()) {
      case TABLE -> {
        Table table = new Table().column("WHAT").column("HOLDS").column("");
        lines.forEach(line -> table.row(row(line)));
        session.table(table);
        session.say(report.text("sentence"));
      }
      case NAME -> lines.forEach(line -> session.line(line.text("subject")));
      case JSON, YAML -> session.record(report);
    }
    boolean well = lines.stream().allMatch(line -> line.text("verdict").equals("yes"));
    return well ? ExitCode.OK : ExitCode.FAILED;
  }

  private static List<Cell> row(Node line) {
    String verdict = line.text("verdict");
    Tone tone =
        switch (verdict) {
          case "yes" -> Tone.GOOD;
          case "no" -> Tone.CRITICAL;
          default -> Tone.WARNING;
        };
    List<String> parts = new ArrayList<>(List.of(line.text("sentence")));
    line.texts("facts").forEach((name, value) -> parts.add(name + " " + value));
    if (!line.text("remedy").isEmpty()) {
      parts.add("→ " + line.text("remedy"));
    }
    return List.of(
        Cell.of(line.text("subject")),
        new Cell(verdict.equals("unknown") ? "?" : verdict, tone),
        Cell.of(String.join("; ", parts)));
  }
}
