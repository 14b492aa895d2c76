package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.Table;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Table.Column;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Tone;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A resource, or all of them, for people. */
final class ResourceScreen {
  private static final int INDENT = 2;

  private final Session session;

  ResourceScreen(Session session) {
    this.session = session;
  }

  /** One line for each. */
  void list(List<Node> resources) {
    Table table =
        new Table()
            .column("RESOURCE")
            .column("HEALTH")
            .column("SYNC")
            .column("OPERATION", Column.DROPPABLE)
            .column("WRITES", Column.DROPPABLE)
            .column("MODE", Column.DROPPABLE)
            .column("DIAGNOSIS");
    for (Node resource : resources) {
      Node diagnosis = resource.at("diagnosis");
      table.row(
          List.of(
              new Cell(resource.text("id"), Tone.STRONG),
              Words.severity(diagnosis.text("severity")),
              Words.sync(resource),
              Cell.of(Words.current(resource)),
              Cell.of(Words.writable(resource)),
              Cell.of(resource.text("mode")),
              Cell.of(diagnosis.text("sentence"))));
    }
    session.table(table);
  }

  /** Members and links of one. */
  void parts(Node resource) {
    session.table(members(resource.list("members")));
    List<Node> links = resource.list("links");
    if (!links.isEmpty()) {
      session.line("");
      session.table(links(links));
    }
  }

  private static Table members(List<Node> members) {
    Set<String> facts = new LinkedHashSet<>();
    members.forEach(member -> facts.addAll(member.texts("facts").keySet()));
    Table table = new Table().column("MEMBER").column("ROLE").column("HEALTH").column("WRITES");
    for (String fact : facts) {
      table.column(fact.toUpperCase(java.util.Locale.ROOT), Column.DROPPABLE);
    }
    table.column("STATUS");
    for (Node member : members) {
      List<Cell> row = new ArrayList<>();
      row.add(new Cell(member.text("id"), Tone.STRONG));
      row.add(Cell.of(member.text("role")));
      row.add(Words.severity(member.text("severity")));
      row.add(member.flag("writable") ? new Cell("yes", Tone.STRONG) : Cell.of("no"));
      Map<String, String> values = member.texts("facts");
      facts.forEach(fact -> row.add(Cell.of(values.getOrDefault(fact, "-"))));
      row.add(Cell.of(member.text("status")));
      table.row(row);
    }
    return table;
  }

  private static Table links(List<Node> links) {
    Table table = new Table().column("LINK").column("LAG", Column.NUMBER).column("STATE");
    for (Node link : links) {
      Tone tone = link.flag("planned") ? Tone.DIM : Tone.PLAIN;
      table.row(
          List.of(
              new Cell(link.text("from") + " -> " + link.text("to"), tone),
              new Cell(Words.lag(link), tone),
              new Cell(link.text("state"), tone)));
    }
    return table;
  }

  /**
   * Everything about one: verdict and evidence, guarantee, members, links, what is wanted, what is
   * being done.
   */
  void whole(Node resource) {
    Node diagnosis = resource.at("diagnosis");
    head(resource, diagnosis);
    session.line(diagnosis.text("code") + ": " + diagnosis.text("sentence"));
    evidence(diagnosis.texts("evidence"));
    if (!resource.text("guarantee").isEmpty()) {
      session.line("");
      session.line("Guarantee: " + resource.text("guarantee"));
    }
    Node pause = resource.at("pause");
    if (!pause.text("actor").isEmpty()) {
      session.line(
          "Paused " + Words.pause(pause, session.time().zone()) + "; nothing is done by itself");
    }
    membership(resource.at("membership"));
    session.line("");
    parts(resource);
    wanted(resource.list("wanted"));
    operation(resource);
  }

  private void membership(Node membership) {
    switch (membership.text("origin")) {
      case "awaited" -> session.line("Source: has not answered yet");
      case "unavailable" -> session.line("Source: does not answer: " + membership.text("reason"));
      default -> {}
    }
    List<String> departed = membership.list("departed").stream().map(Node::text).toList();
    if (!departed.isEmpty()) {
      String held = membership.text("held");
      session.line(
          "Named no more: " + String.join(", ", departed) + (held.isEmpty() ? "" : "; " + held));
    }
  }

  private void head(Node resource, Node diagnosis) {
    Cell health = Words.severity(diagnosis.text("severity"));
    Cell sync = Words.sync(resource);
    session
        .terminal()
        .out()
        .println(
            session.style().paint(Tone.STRONG, Text.plain(resource.text("id")))
                + "  "
                + session.style().paint(health.tone(), health.text())
                + "  "
                + session.style().paint(sync.tone(), sync.text())
                + "  mode "
                + Text.plain(resource.text("mode"))
                + (resource.flag("leading")
                    ? "  epoch " + resource.number("epoch")
                    : "  another control plane leads"));
  }

  private void evidence(Map<String, String> evidence) {
    if (evidence.isEmpty()) {
      return;
    }
    int widest = evidence.keySet().stream().mapToInt(Text::width).max().orElse(0);
    evidence.forEach((from, what) ->
        session.line(
            " ".repeat(INDENT) + from + " ".repeat(widest - Text.width(from) + INDENT) + what));
  }

  private void wanted(List<Node> wanted) {
    if (wanted.isEmpty()) {
      return;
    }
    session.line("");
    session.line(Tone.STRONG, "Wanted");
    session.table(wantedTable(wanted), INDENT);
  }

  /** What a planner wants. */
  static Table wantedTable(List<Node> wanted) {
    Table table = new Table().column("TYPE").column("INPUT").column("BY ITSELF").column("REASON");
    for (Node want : wanted) {
      List<String> input = new ArrayList<>();
      want.texts("input").forEach((name, value) -> input.add(name + "=" + value));
      table.row(
          want.text("type"),
          input.isEmpty() ? "-" : String.join(" ", input),
          want.flag("automatic") ? "yes" : "no",
          want.text("reason"));
    }
    return table;
  }

  private void operation(Node resource) {
    for (Node operation : resource.list("operations")) {
      if (!Words.ended(operation.text("state"))) {
        session.line("");
        new OperationScreen(session).whole(operation);
        return;
      }
    }
  }
}
