package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.Table;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Table.Column;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Tone;
import java.util.ArrayList;
import java.util.List;

/** Operations and their steps for people. */
final class OperationScreen {
  private static final int INDENT = 2;

  private final Session session;

  OperationScreen(Session session) {
    this.session = session;
  }

  /** One line for each. */
  void list(List<Node> operations) {
    long now = session.time().micros();
    Table table =
        new Table()
            .column("OPERATION")
            .column("TYPE")
            .column("STATE")
            .column("AGE", Column.NUMBER)
            .column("TOOK", Column.NUMBER)
            .column("BY", Column.DROPPABLE)
            .column("WHY");
    for (Node operation : operations) {
      String note = operation.text("note");
      table.row(
          List.of(
              new Cell(operation.text("id"), Tone.STRONG),
              Cell.of(operation.text("type")),
              Words.state(operation.text("state")),
              Cell.of(Text.age(now - operation.number("createdMicros"))),
              Cell.of(Words.took(operation, now)),
              Cell.of(operation.text("actor")),
              Cell.of(note.isEmpty() ? operation.text("reason") : note)));
    }
    session.table(table);
  }

  /** Proposals, one line each. */
  void proposals(List<Node> proposals) {
    long now = session.time().micros();
    Table table =
        new Table()
            .column("PROPOSAL")
            .column("TYPE")
            .column("RISK")
            .column("AGE", Column.NUMBER)
            .column("REASON");
    for (Node proposal : proposals) {
      table.row(
          List.of(
              new Cell(proposal.text("id"), Tone.STRONG),
              Cell.of(proposal.text("type")),
              Words.risk(proposal.text("risk")),
              Cell.of(Text.age(now - proposal.number("createdMicros"))),
              Cell.of(proposal.text("reason"))));
    }
    session.table(table);
  }

  /** Everything about one. */
  void whole(Node operation) {
    session.line(summary(operation));
    List<String> input = new ArrayList<>();
    operation.texts("input").forEach((name, value) -> input.add(name + "=" + value));
    fact("reason", operation.text("reason"));
    fact("input", String.join(" ", input));
    fact("risk", operation.text("risk"));
    fact("asked for by", operation.text("actor"));
    fact("approved by", approval(operation));
    if (operation.number("createdMicros") > 0) {
      fact("created", Words.time(operation.number("createdMicros"), session.time().zone()));
    }
    steps(operation);
  }

  private String approval(Node operation) {
    String by = operation.text("approvedBy");
    long micros = operation.number("approvedMicros");
    return micros > 0 ? by + ", " + Words.time(micros, session.time().zone()) : by;
  }

  private void fact(String name, String value) {
    if (!value.isEmpty()) {
      session.line(" ".repeat(INDENT) + name + " ".repeat(14 - name.length()) + value);
    }
  }

  /** The steps with their times; times count from the operation's begin. */
  private void steps(Node operation) {
    List<Node> steps = operation.list("steps");
    if (steps.isEmpty()) {
      return;
    }
    long began = operation.number("startedMicros");
    long now = session.time().micros();
    Table table =
        new Table()
            .column("AT", Column.NUMBER)
            .column("TOOK", Column.NUMBER)
            .column("STEP")
            .column("WHAT");
    for (Node row : steps) {
      long started = row.number("startedMicros");
      table.row(
          List.of(
              Cell.of(started == 0 ? "" : Text.span(started - began)),
              Cell.of(Words.took(row, now)),
              Words.state(stepState(row.text("state"))),
              Cell.of(StepScreen.sentence(row))));
    }
    session.table(table, INDENT);
  }

  /** An intent is what people call running. */
  static String stepState(String state) {
    return state.equals("intended") ? "running" : state;
  }

  /**
   * {@code postgres/orders#17 switchover done in 0.21 s}, with the reason if it ended badly or
   * waits.
   */
  static String summary(Node operation) {
    String state = operation.text("state");
    StringBuilder line = new StringBuilder(operation.text("id"));
    line.append(' ').append(operation.text("type")).append(' ').append(verb(state));
    long started = operation.number("startedMicros");
    long ended = operation.number("endedMicros");
    if (ended > 0 && started > 0) {
      line.append(state.equals("done") ? " in " : " after ").append(Text.span(ended - started));
    }
    if (!operation.text("note").isEmpty()) {
      line.append(": ").append(operation.text("note"));
    }
    return line.toString();
  }

  private static String verb(String state) {
    return switch (state) {
      case "attention" -> "needs attention";
      case "proposed" -> "is proposed";
      case "queued" -> "is queued";
      case "running", "waiting", "cancelling" -> "is " + state;
      case "superseded" -> "was superseded";
      default -> state;
    };
  }

  /** What to do about an operation in {@code state}; empty if nothing. */
  static String next(Node operation) {
    String id = operation.text("id");
    return switch (operation.text("state")) {
      case "done", "cancelled", "superseded" -> "";
      case "failed" -> "see what it did: cot op get " + id;
      case "attention" ->
          "look at it: cot op get "
              + id
              + "; then: cot op resume "
              + id
              + ", or cot op resolve "
              + id
              + " --done|--failed --word TEXT";
      case "proposed" -> "it waits for approval: cot plan approve " + id;
      default -> "watch it: cot op watch " + id;
    };
  }
}
