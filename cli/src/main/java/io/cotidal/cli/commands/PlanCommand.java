package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cot plan …}: what Cotidal would like to do, and a person's word on it. */
final class PlanCommand implements Command {
  /** What is asked for. */
  enum Verb {
    /** Proposals that wait. */
    LIST,
    /** The plan of a resource, or one proposal with its steps. */
    SHOW,
    /** Let it run. */
    APPROVE,
    /** Do not. */
    REJECT
  }

  private final Verb verb;

  PlanCommand(Verb verb) {
    this.verb = verb;
  }

  @Override
  public void declare(Form form) {
    switch (verb) {
      case LIST ->
          form.optionalOperand("KIND/NAME", "Proposals of one resource; of all if left out.")
              .watchable()
              .example("plan list", "");
      case SHOW ->
          form.operand("KIND/NAME[#NUMBER]", "A resource, or one of its proposals.")
              .detail("A proposal is shown with the steps that it would take as things stand.")
              .example("plan show postgres/orders", "all that is wanted")
              .example("plan show postgres/orders#17", "one proposal with its steps");
      case APPROVE -> {
        form.operand("KIND/NAME#NUMBER", "The proposal.");
        Beginning.declare(form);
        Confirmation.declare(form);
        form.detail(
                "An approval holds for the facts that the proposal rests on: if they change, the"
                    + " proposal is superseded.")
            .example("plan approve postgres/orders#17 --wait", "approve, and see each step");
      }
      case REJECT ->
          form.operand("KIND/NAME#NUMBER", "The proposal.")
              .example("plan reject postgres/orders#17", "");
    }
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    return switch (verb) {
      case LIST -> {
        Optional<ResourceId> id = arguments.resource(0);
        yield Watching.run(arguments, session, shown -> list(shown, id));
      }
      case SHOW -> show(arguments, session);
      case APPROVE -> approve(arguments, session);
      case REJECT ->
          new OperationChange(session).tell(arguments.needOperation(0), "reject", Map.of());
    };
  }

  private static void list(Session session, Optional<ResourceId> id) {
    Resources resources = new Resources(session);
    List<Node> proposals =
        id.map(it -> resources.plan(it).list("proposals"))
            .orElseGet(() ->
                resources.recentOperations().stream()
                    .filter(it -> it.text("state").equals("proposed"))
                    .toList());
    switch (session.output()) {
      case TABLE -> {
        if (proposals.isEmpty()) {
          session.say("No proposals wait.");
        } else {
          new OperationScreen(session).proposals(proposals);
        }
      }
      case NAME -> proposals.forEach(it -> session.line(it.text("id")));
      case JSON, YAML -> {
        List<Object> values = proposals.stream().map(it -> it.value()).toList();
        session.record(new Node(Map.of("proposals", values)));
      }
    }
  }

  private static ExitCode show(Arguments arguments, Session session) throws InterruptedException {
    if (arguments.needOperand(0).indexOf('#') >= 0) {
      proposal(session, arguments.needOperation(0));
      return ExitCode.OK;
    }
    ResourceId id = arguments.needResource(0);
    Node plan = new Resources(session).plan(id);
    switch (session.output()) {
      case TABLE -> plan(session, id, plan);
      case NAME -> plan.list("proposals").forEach(it -> session.line(it.text("id")));
      case JSON, YAML -> session.record(plan);
    }
    return ExitCode.OK;
  }

  private static void plan(Session session, ResourceId id, Node plan) {
    session.line(id + ": " + plan.at("diagnosis").text("sentence"));
    if (!plan.list("wanted").isEmpty()) {
      session.table(ResourceScreen.wantedTable(plan.list("wanted")));
    }
    if (!plan.list("proposals").isEmpty()) {
      session.line("");
      new OperationScreen(session).proposals(plan.list("proposals"));
      session.say(
          "cot: see the steps: cot plan show " + plan.list("proposals").getFirst().text("id"));
    }
    if (plan.flag("inSync")) {
      session.line("In sync: nothing is wanted.");
    }
  }

  private static void proposal(Session session, OperationId id) throws InterruptedException {
    Node operation = new Resources(session).operation(id);
    switch (session.output()) {
      case NAME -> session.line(operation.text("id"));
      case JSON, YAML -> session.record(operation);
      case TABLE -> {
        new OperationScreen(session).whole(operation);
        if (operation.text("state").equals("proposed")) {
          foretell(session, id, operation);
        }
      }
    }
  }

  /** The steps as things stand; a proposal has none of its own before it begins. */
  private static void foretell(Session session, OperationId id, Node operation)
      throws InterruptedException {
    String path = Resources.path(id.resource()) + "/" + operation.text("type") + "?dryRun=true";
    Map<String, String> input = new LinkedHashMap<>(operation.texts("input"));
    try {
      Node preview = new Beginning(session).repeatable(id.resource(), path, input, Map.of()).body();
      session.line("");
      session.table(StepScreen.preview(preview), 2);
    } catch (Failure failure) {
      session.say("cot: its steps cannot be foretold now: " + failure.line());
    }
    session.say("cot: " + "cot plan approve " + id + ", or cot plan reject " + id);
  }

  private static ExitCode approve(Arguments arguments, Session session)
      throws InterruptedException {
    OperationId id = arguments.needOperation(0);
    Beginning.limit(arguments);
    Node operation = new Resources(session).operation(id);
    if (operation.text("risk").equals("irreversible")) {
      Confirmation.ask(
          arguments,
          session,
          operation.text("type") + " " + id.resource(),
          id.resource().toString());
    }
    return new Beginning(session).proceed(id, "approve", arguments);
  }
}
