package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Tone;
import io.cotidal.model.ResourceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** {@code cot events}: what happened, oldest first. */
final class EventsCommand implements Command {
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final int PAGE = 1000;
  private static final int USUAL = 50;

  @Override
  public void declare(Form form) {
    form.optionalOperand("KIND/NAME", "Events of one resource; of all if left out.")
        .option("--last", "COUNT", "So many of the newest (50).")
        .option(
            "--after", "SEQUENCE", "Those behind this number of the log, instead of the newest.")
        .flag("--follow", "Go on showing events as they happen, until Ctrl-C.")
        .detail(
            "Each line: when, how grave, which resource and operation, what. With -o json, one"
                + " event a line; its sequence can be given to --after.")
        .example("events postgres/orders", "the newest 50")
        .example("events --follow -o json | jq .text", "for scripts");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    String resource = arguments.resource(0).map(ResourceId::toString).orElse("");
    Optional<String> after = arguments.text("--after");
    int keep = after.isPresent() ? Integer.MAX_VALUE : (int) count("--last", arguments, USUAL);
    long last =
        print(session, resource, after.isPresent() ? count("--after", arguments, 0) : 0, keep);
    if (arguments.flag("--follow")) {
      follow(session, resource, last);
    } else if (last == 0) {
      session.say("No events.");
    }
    return ExitCode.OK;
  }

  private static long count(String option, Arguments arguments, long otherwise) {
    String text = arguments.text(option).orElse(String.valueOf(otherwise));
    try {
      long number = Long.parseLong(text);
      boolean fits = number >= 0 && (option.equals("--after") || number <= 100_000);
      if (fits) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The one message below says what form is wanted.
    }
    throw Failure.usage(option + " '" + text + "' is no number that fits", "write for example 50");
  }

  /**
   * Pages through the log and prints the last {@code keep} events of it. Returns where it ended.
   */
  private static long print(Session session, String resource, long after, int keep) {
    Deque<Node> newest = new ArrayDeque<>();
    long last = after;
    while (true) {
      List<Node> page = page(session, resource, last);
      if (page.isEmpty()) {
        break;
      }
      for (Node event : page) {
        newest.addLast(event);
        if (newest.size() > keep) {
          newest.removeFirst();
        }
        last = Math.max(last, event.number("sequence"));
      }
    }
    newest.forEach(event -> line(session, event));
    session.terminal().out().flush();
    return last;
  }

  private static List<Node> page(Session session, String resource, long after) {
    String filter = resource.isEmpty() ? "" : "resource=" + resource + "&";
    return session
        .api()
        .get("/api/v1/events?" + filter + "after=" + after + "&limit=" + PAGE)
        .list("events");
  }

  private static void follow(Session session, String resource, long from)
      throws InterruptedException {
    long last = from;
    boolean lost = false;
    while (!session.terminal().out().checkError()) {
      session.time().pause(PERIOD);
      try {
        last = print(session, resource, last, Integer.MAX_VALUE);
        lost = false;
      } catch (Unreachable e) {
        if (!lost) {
          session.say(
              session.api().server() + " does not answer (" + e.reason() + "); trying again");
        }
        lost = true;
      }
    }
  }

  private static void line(Session session, Node event) {
    switch (session.output()) {
      case JSON -> session.terminal().out().println(session.api().json().line(event.value()));
      case YAML -> {
        session.terminal().out().println("---");
        session.record(event);
      }
      case NAME -> session.line(String.valueOf(event.number("sequence")));
      case TABLE -> session.terminal().out().println(sentence(session, event));
    }
  }

  private static String sentence(Session session, Node event) {
    Cell grave =
        switch (event.text("severity")) {
          case "info" -> new Cell("info    ", Tone.DIM);
          case "warning" -> new Cell("warning ", Tone.WARNING);
          case "critical" -> new Cell("critical", Tone.CRITICAL);
          default -> new Cell(event.text("severity"), Tone.WARNING);
        };
    long operation = event.number("operation");
    String actor = event.text("actor");
    return session
            .style()
            .paint(Tone.DIM, Words.time(event.number("micros"), session.time().zone()))
        + "  "
        + session.style().paint(grave.tone(), grave.text())
        + "  "
        + Text.plain(
            event.text("resource")
                + (operation == 0 ? "" : "#" + operation)
                + "  "
                + event.text("code")
                + ": "
                + event.text("text")
                + (actor.isEmpty() ? "" : " (" + actor + ")"));
  }
}
