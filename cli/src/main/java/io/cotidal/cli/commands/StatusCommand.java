package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Tone;
import io.cotidal.model.ResourceId;
import java.util.List;

/**
 * {@code cot status} and {@code cot watch}: everything about one resource, once or for as long as
 * one likes.
 */
final class StatusCommand implements Command {
  private final boolean always;

  /**
   * The command.
   *
   * @param always whether it shows the screen again whenever it changes, without being asked to
   */
  StatusCommand(boolean always) {
    this.always = always;
  }

  @Override
  public void declare(Form form) {
    form.operand("KIND/NAME", "The resource.");
    if (always) {
      form.detail(
              "The screen is drawn again whenever it changes. Ctrl-C ends it and changes nothing.")
          .example("watch postgres/orders", "until Ctrl-C");
    } else {
      form.watchable()
          .detail(
              "The diagnosis comes with its evidence, vantage point by vantage point. The guarantee"
                  + " says what holds for acknowledged writes right now.")
          .example("status postgres/orders", "")
          .example("status postgres/orders -o yaml", "the server's whole record");
    }
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    ResourceId id = arguments.needResource(0);
    Watching.Screen screen = shown -> show(shown, id);
    return always ? Watching.always(session, screen) : Watching.run(arguments, session, screen);
  }

  /** Whether its configuration here is another than the one of record. */
  private static void differences(Session session, ResourceId id) {
    List<Node> records;
    try {
      records = session.api().get("/api/v1/configuration").list("resources");
    } catch (Failure e) {
      // Whose token is for this resource alone is not told of all of them.
      return;
    }
    for (Node each : records) {
      if (each.text("resource").equals(id.toString()) && !each.flag("agrees")) {
        String keys = String.join(", ", each.list("differences").stream().map(Node::text).toList());
        session.line(
            Tone.WARNING,
            "Configuration: not the one of record (generation "
                + each.number("generation")
                + " of "
                + each.text("origin")
                + (each.flag("released") ? ", released)" : ")")
                + (keys.isEmpty() ? "" : ": " + keys));
      }
    }
  }

  private static void show(Session session, ResourceId id) {
    Node resource = new Resources(session).get(id);
    switch (session.output()) {
      case TABLE -> {
        new ResourceScreen(session).whole(resource);
        if (!resource.flag("leading")) {
          differences(session, id);
        }
      }
      case NAME -> session.line(resource.text("id"));
      case JSON, YAML -> session.record(resource);
    }
  }
}
