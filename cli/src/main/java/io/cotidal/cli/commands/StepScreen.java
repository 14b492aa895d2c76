package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.Table;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Table.Column;
import io.cotidal.cli.terminal.Tone;
import java.util.ArrayList;
import java.util.List;

/** Steps as sentences. */
final class StepScreen {
  private StepScreen() {}

  /** What the row's step does; what went wrong, if something did; and its evidence. */
  static String sentence(Node row) {
    Node step = row.at("step");
    StringBuilder line = new StringBuilder(step.text("sentence"));
    if (row.number("attempt") > 1) {
      line.append(" (attempt ").append(row.number("attempt")).append(')');
    }
    if (!row.text("problem").isEmpty()) {
      return line.append(": ").append(row.text("problem")).toString();
    }
    List<String> found = new ArrayList<>();
    row.texts("evidence").forEach((name, value) -> found.add(name + " " + value));
    if (!found.isEmpty()) {
      line.append(" [").append(String.join(", ", found)).append(']');
    }
    return line.toString();
  }

  /**
   * What would be done: steps that are certain, then steps that a decision point will probably lead
   * to.
   */
  static Table preview(Node preview) {
    Table table = new Table().column("STEP", Column.NUMBER).column("CERTAIN").column("WHAT");
    int number = 0;
    for (Node step : preview.list("steps")) {
      number++;
      table.row(List.of(Cell.of(String.valueOf(number)), Cell.of("yes"), Cell.of(marked(step))));
    }
    for (Node step : preview.list("predicted")) {
      number++;
      table.row(
          List.of(
              new Cell(String.valueOf(number), Tone.DIM),
              new Cell("predicted", Tone.DIM),
              new Cell(marked(step), Tone.DIM)));
    }
    return table;
  }

  private static String marked(Node step) {
    List<String> marks = new ArrayList<>();
    if (step.flag("decisionPoint")) {
      marks.add("decides what follows");
    }
    if (step.flag("pointOfNoReturn")) {
      marks.add("no return from here on");
    }
    String sentence = step.text("sentence");
    return marks.isEmpty() ? sentence : sentence + " (" + String.join("; ", marks) + ")";
  }
}
