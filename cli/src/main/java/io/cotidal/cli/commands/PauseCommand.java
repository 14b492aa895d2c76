package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.ResourceId;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code cot pause} and {@code cot resume}: whether things are done by themselves. */
final class PauseCommand implements Command {
  private final boolean begins;

  /**
   * The command.
   *
   * @param begins whether it begins a pause, else it ends one
   */
  PauseCommand(boolean begins) {
    this.begins = begins;
  }

  @Override
  public void declare(Form form) {
    form.operand("KIND/NAME", "The resource.");
    if (begins) {
      form.option("--for", "TIME", "It ends by itself after that, for example 90s, 30m or 2h.")
          .option("--reason", "TEXT", "Why, for those who see it.")
          .detail(
              "Watching goes on, and so does what was begun. What would be done by itself is proposed"
                  + " instead: cot plan list. What you ask for is done. A failover is not.")
          .example("pause postgres/orders --for 2h --reason 'new disks'", "");
    } else {
      form.example("resume postgres/orders", "");
    }
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    ResourceId id = arguments.needResource(0);
    Map<String, Object> body = new LinkedHashMap<>();
    if (begins) {
      arguments.text("--for").ifPresent(text -> body.put("seconds", seconds(text)));
      arguments.text("--reason").ifPresent(text -> body.put("reason", text));
    }
    String path = Resources.path(id) + (begins ? "/pause" : "/resume");
    Node resource =
        new Resources(session).naming(id, () -> session.api().post(path, body, Map.of()).body());
    switch (session.output()) {
      case TABLE -> session.line(sentence(id, resource, session.time().zone()));
      case NAME -> session.line(id.toString());
      case JSON, YAML -> session.record(resource);
    }
    return ExitCode.OK;
  }

  private static long seconds(String text) {
    Duration life = Beginning.duration(text);
    if (life.compareTo(Duration.ofSeconds(1)) < 0) {
      throw Failure.usage("--for " + text + " is shorter than a second", "write for example 2h");
    }
    return life.toSeconds();
  }

  private static String sentence(ResourceId id, Node resource, ZoneId zone) {
    Node pause = resource.at("pause");
    return pause.text("actor").isEmpty()
        ? id + " is not paused."
        : id + " is paused " + Words.pause(pause, zone) + ".";
  }
}
