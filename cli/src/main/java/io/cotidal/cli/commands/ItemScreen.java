package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.Table;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Table.Column;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Tone;
import java.util.List;
import java.util.Map;

/** Copies, templates and generations for people. */
final class ItemScreen {
  private static final int SHORT_HASH = 12;

  private final Session session;

  ItemScreen(Session session) {
    this.session = session;
  }

  /** One line for each copy. */
  void copies(List<Items.Copy> copies) {
    Table table =
        new Table()
            .column("COPY")
            .column("OWNER")
            .column("STATE")
            .column("GENERATION")
            .column("ADDRESS", Column.DROPPABLE)
            .column("AGE", Column.DROPPABLE)
            .column("EXPIRES");
    for (Items.Copy copy : copies) {
      Node item = copy.item();
      Map<String, String> facts = item.texts("facts");
      table.row(
          List.of(
              new Cell(copy.name().toString(), Tone.STRONG),
              Cell.of(item.text("owner")),
              state(item.text("state")),
              Cell.of(facts.getOrDefault("generation", "-")),
              Cell.of(address(facts)),
              Cell.of(Text.age(session.time().micros() - item.number("createdMicros"))),
              Cell.of(expiry(item))));
    }
    session.table(table);
  }

  private static String address(Map<String, String> facts) {
    return facts.containsKey("port")
        ? facts.getOrDefault("host", "") + ":" + facts.get("port")
        : "-";
  }

  private static Cell state(String state) {
    Tone tone =
        switch (state) {
          case "ready" -> Tone.GOOD;
          case "broken" -> Tone.CRITICAL;
          case "stopped" -> Tone.DIM;
          default -> Tone.WARNING;
        };
    return new Cell(state, tone);
  }

  private String expiry(Node item) {
    long expires = item.number("expiresMicros");
    long now = session.time().micros();
    return expires == 0 ? "never" : expires <= now ? "now" : "in " + Text.age(expires - now);
  }

  /** Everything about one copy, without secrets. */
  void copy(ItemName name, Node item) {
    Table table = new Table().column("COPY").column(name.toString());
    table.row(List.of(Cell.of("state"), state(item.text("state"))));
    table.row("owner", item.text("owner"));
    table.row("made", Words.time(item.number("createdMicros"), session.time().zone()));
    table.row("expires", expiry(item));
    item.texts("facts").forEach((fact, value) -> table.row(fact, value));
    session.table(table);
  }

  /** Connection strings, whole: a shortened one is none. */
  void access(Map<String, String> access) {
    int widest = access.keySet().stream().mapToInt(Text::width).max().orElse(0);
    access.forEach((dialect, way) -> {
      if (way.indexOf('\n') < 0) {
        session.line(dialect + " ".repeat(widest - Text.width(dialect) + 2) + way);
      }
    });
  }

  /** One line for each template. */
  void templates(List<Node> templates) {
    Table table =
        new Table()
            .column("TEMPLATE")
            .column("HEALTH")
            .column("GENERATION")
            .column("COPIES", Column.NUMBER)
            .column("SPARES", Column.NUMBER)
            .column("FREE", Column.DROPPABLE)
            .column("OPERATION", Column.DROPPABLE)
            .column("DIAGNOSIS");
    for (Node template : templates) {
      Map<String, String> facts =
          template.list("members").isEmpty()
              ? Map.of()
              : template.list("members").getFirst().texts("facts");
      Node diagnosis = template.at("diagnosis");
      table.row(
          List.of(
              new Cell(template.text("id"), Tone.STRONG),
              Words.severity(diagnosis.text("severity")),
              Cell.of(current(template)),
              Cell.of(facts.getOrDefault("copies", "?")),
              Cell.of(facts.getOrDefault("spares", "?")),
              Cell.of(size(facts.getOrDefault("free", ""))),
              Cell.of(Words.current(template)),
              Cell.of(diagnosis.text("sentence"))));
    }
    session.table(table);
  }

  /** The generation of which copies are made; a dash if there is none. */
  private static String current(Node template) {
    String generation = template.at("ledger").text("generation");
    return generation.isEmpty() ? "-" : generation;
  }

  /** Where each generation of a template comes from. */
  void generations(Node template) {
    Table table =
        new Table()
            .column("GENERATION")
            .column("STATE")
            .column("MADE")
            .column("TABLES", Column.NUMBER)
            .column("ROWS", Column.NUMBER)
            .column("SIZE", Column.DROPPABLE)
            .column("SHA-256", Column.DROPPABLE)
            .column("DUMP");
    for (Node item : template.list("items")) {
      if (!item.text("sort").equals("generation")) {
        continue;
      }
      Map<String, String> facts = item.texts("facts");
      boolean current = item.text("name").equals(current(template));
      table.row(
          List.of(
              new Cell(item.text("name") + (current ? " *" : ""), Tone.STRONG),
              state(item.text("state")),
              Cell.of(Text.age(session.time().micros() - item.number("createdMicros")) + " ago"),
              Cell.of(facts.getOrDefault("tables", "?")),
              Cell.of(facts.getOrDefault("rows", "?")),
              Cell.of(size(facts.getOrDefault("bytes", ""))),
              Cell.of(shortened(facts.getOrDefault("sha256", "?"))),
              Cell.of(dump(facts))));
    }
    if (table.isEmpty()) {
      session.line("No generation yet.");
    } else {
      session.table(table);
    }
  }

  private static String dump(Map<String, String> facts) {
    String dump = facts.getOrDefault("dump", "?");
    String sender = facts.getOrDefault("uploaded-by", "");
    String to = facts.getOrDefault("to", "");
    String moment = to.isEmpty() ? dump : dump + " up to " + to;
    return sender.isEmpty() ? moment : moment + ", uploaded by " + sender;
  }

  private static String shortened(String hash) {
    return hash.length() > SHORT_HASH ? hash.substring(0, SHORT_HASH) : hash;
  }

  private static String size(String bytes) {
    try {
      return Text.bytes(Long.parseLong(bytes));
    } catch (NumberFormatException e) {
      return "?";
    }
  }
}
