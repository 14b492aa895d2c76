package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Table;
import io.cotidal.model.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cot diff}: what differs from what is wanted. */
final class DiffCommand implements Command {
  @Override
  public void declare(Form form) {
    form.optionalOperand("KIND/NAME", "One resource; all if left out.")
        .option(
            ApplyCommand.FILE,
            "FILE",
            "Show instead how this configuration differs from what the daemon runs.")
        .detail("Ends with 0 if all is in sync, with 3 if something is wanted.")
        .example("diff postgres/orders", "")
        .example("diff --quiet || echo drift", "for scripts")
        .example("diff -f cotidal.yaml", "what cot apply would change");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) {
    if (arguments.text("--file").isPresent()) {
      Node report = ApplyCommand.ask(arguments, session, true);
      ApplyCommand.show(session, report);
      return report.list("changes").isEmpty() ? ExitCode.OK : ExitCode.DRIFT;
    }
    Optional<ResourceId> id = arguments.resource(0);
    Resources resources = new Resources(session);
    List<Node> asked = id.map(it -> List.of(resources.get(it))).orElseGet(resources::worstFirst);
    List<Node> drifting = asked.stream().filter(it -> !it.flag("inSync")).toList();
    switch (session.output()) {
      case TABLE -> table(session, drifting);
      case NAME -> drifting.forEach(it -> session.line(it.text("id")));
      case JSON, YAML -> session.record(new Node(Map.of("resources", wanted(asked))));
    }
    if (drifting.isEmpty()) {
      session.say("In sync.");
      return ExitCode.OK;
    }
    return ExitCode.DRIFT;
  }

  private static void table(Session session, List<Node> drifting) {
    if (drifting.isEmpty()) {
      return;
    }
    Table table = new Table().column("RESOURCE").column("WANTED").column("INPUT").column("REASON");
    for (Node resource : drifting) {
      List<Node> wanted = resource.list("wanted");
      if (wanted.isEmpty()) {
        table.row(resource.text("id"), "-", "-", resource.at("diagnosis").text("sentence"));
      }
      for (Node want : wanted) {
        List<String> input = new ArrayList<>();
        want.texts("input").forEach((name, value) -> input.add(name + "=" + value));
        table.row(
            resource.text("id"),
            want.text("type"),
            input.isEmpty() ? "-" : String.join(" ", input),
            want.text("reason"));
      }
    }
    session.table(table);
  }

  private static List<Map<String, Object>> wanted(List<Node> resources) {
    List<Map<String, Object>> answer = new ArrayList<>();
    for (Node resource : resources) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("id", resource.text("id"));
      one.put("inSync", resource.flag("inSync"));
      one.put("wanted", resource.list("wanted").stream().map(Node::value).toList());
      answer.add(one);
    }
    return answer;
  }
}
