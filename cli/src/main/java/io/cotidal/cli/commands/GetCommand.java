package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.model.ResourceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cot get}: all resources worst first, or one with its members and links. */
final class GetCommand implements Command {
  @Override
  public void declare(Form form) {
    form.optionalOperand("KIND/NAME", "One resource; all if left out.")
        .watchable()
        .detail(
            "All resources are shown worst first. HEALTH says whether the resource does its job,"
                + " SYNC whether anything is left to do.")
        .example("get", "all resources")
        .example("get postgres/orders", "members and links of one")
        .example("get -o json", "the same for scripts")
        .example("get --watch", "again whenever something changes");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    Optional<ResourceId> id = arguments.resource(0);
    Watching.Screen screen = shown -> id.ifPresentOrElse(one -> one(shown, one), () -> all(shown));
    return Watching.run(arguments, session, screen);
  }

  private static void one(Session session, ResourceId id) {
    Node resource = new Resources(session).get(id);
    switch (session.output()) {
      case TABLE -> new ResourceScreen(session).parts(resource);
      case NAME -> session.line(resource.text("id"));
      case JSON, YAML -> session.record(resource);
    }
  }

  private static void all(Session session) {
    List<Node> resources = new Resources(session).worstFirst();
    switch (session.output()) {
      case TABLE -> {
        if (resources.isEmpty()) {
          session.say("No resources; write one into the daemon's configuration file.");
        } else {
          new ResourceScreen(session).list(resources);
        }
      }
      case NAME -> resources.forEach(it -> session.line(it.text("id")));
      case JSON, YAML -> {
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("resources", resources.stream().map(Node::value).toList());
        session.record(new Node(whole));
      }
    }
  }
}
