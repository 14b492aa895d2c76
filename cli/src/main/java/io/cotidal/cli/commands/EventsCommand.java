package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Tone;
import java.time.Duration;

/** {@code cot events}: what happened, oldest first. */
final class EventsCommand implements Command {
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final String PATH = "/api/v1/events?";
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
    String filter = arguments.resource(0).map(it -> "&resource=" + it).orElse("");
    long last =
        arguments.text("--after").isPresent()
            ? after(session, filter, count("--after", arguments, 0, Long.MAX_VALUE))
            : newest(session, filter, count("--last", arguments, USUAL, PAGE));
    if (arguments.flag("--follow")) {
      follow(session, filter, last);
    }
    return ExitCode.OK;
  }

  private static long count(String option, Arguments arguments, long otherwise, long most) {
    String text = arguments.text(option).orElse(String.valueOf(otherwise));
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The one message below says what form is wanted.
    }
    throw Failure.usage(option + " '" + text + "' is no number that fits", "write for example 50");
  }

  /** Prints the newest events. Returns the place in the log behind them. */
  private static long newest(Session session, String filter, long count) {
    Node page = session.api().get(PATH + "latest=" + count + filter);
    if (page.list("events").isEmpty()) {
      session.say("No events.");
    }
    print(session, page);
    return page.number("last");
  }

  /** Prints all events behind a place in the log. Returns the place behind them. */
  private static long after(Session session, String filter, long after) {
    long last = after;
    while (true) {
      Node page = session.api().get(PATH + "after=" + last + "&limit=" + PAGE + filter);
      print(session, page);
      // A page may be empty because the caller may not see what is on it; its place says that there
      // is more.
      if (page.number("last") <= last) {
        return last;
      }
      last = page.number("last");
    }
  }

  private static void print(Session session, Node page) {
    page.list("events").forEach(event -> line(session, event));
    session.terminal().out().flush();
  }

  private static void follow(Session session, String filter, long from)
      throws InterruptedException {
    long last = from;
    boolean lost = false;
    while (!session.terminal().out().checkError()) {
      session.time().pause(PERIOD);
      try {
        last = after(session, filter, last);
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
