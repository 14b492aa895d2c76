package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Table;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Tone;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code cot copy diff}: what differs between a copy and the generation that it was made from. The
 * evidence of the step that compares has an entry for each table; {@code same} is the word for no
 * difference.
 */
final class CopyDiff implements Command {
  private static final Duration ENDLESS = Duration.ofDays(3650);
  private static final String SAME = "same";

  @Override
  public void declare(Form form) {
    form.operand("copies/TEMPLATE/NAME", "The copy.")
        .option("--timeout", "TIME", "Wait for so long at most, for example 90s or 5m.")
        .detail("Each table's definition, number of rows and content. Exit 3 if any differs.")
        .example("copy diff copies/shop/feature-42", "");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    ItemName name = ItemName.parse(arguments.needOperand(0));
    Duration limit = arguments.text("--timeout").map(Beginning::duration).orElse(ENDLESS);
    String path = Resources.path(name.template()) + "/compare";
    Node begun =
        new Beginning(session).begun(name.template(), path, Map.of("name", name.name()), "wait=0");
    Following following = new Following(session);
    Node last = following.last(begun, limit);
    if (!last.text("state").equals("done")) {
      return following.show(last);
    }
    Map<String, String> tables = new TreeMap<>();
    for (Node row : last.list("steps")) {
      if (row.at("step").text("act").equals("compare") && row.text("state").equals("done")) {
        tables.putAll(row.texts("evidence"));
      }
    }
    if (tables.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          "the comparison of " + name + " told nothing of any table",
          "see cot op get " + last.text("id"));
    }
    return show(session, name, tables);
  }

  private static ExitCode show(Session session, ItemName name, Map<String, String> tables) {
    Map<String, String> different = new TreeMap<>(tables);
    different.values().removeIf(SAME::equals);
    switch (session.output()) {
      case TABLE -> {
        if (different.isEmpty()) {
          session.line("No difference in " + tables.size() + " tables.");
        } else {
          Table table = new Table().column("TABLE").column("DIFFERENCE");
          different.forEach(
              (one, what) -> table.row(List.of(new Cell(one, Tone.STRONG), Cell.of(what))));
          session.table(table);
          session.say(different.size() + " of " + tables.size() + " tables differ.");
        }
      }
      case NAME -> different.keySet().forEach(session::line);
      case JSON, YAML ->
          session.record(
              new Node(Map.of("copy", name.toString(), "tables", new TreeMap<>(tables))));
    }
    return different.isEmpty() ? ExitCode.OK : ExitCode.DRIFT;
  }
}
