package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cot op …}: operations, and what a person may do about them. */
final class OpCommand implements Command {
  private static final Duration ENDLESS = Duration.ofDays(3650);
  private static final int SHOWN = 50;

  /** What is asked for. */
  enum Verb {
    /** Operations, newest first. */
    LIST,
    /** One with its steps. */
    GET,
    /** One until it ends. */
    WATCH,
    /** End it early. */
    CANCEL,
    /** Let it ask again what remains. */
    RESUME,
    /** Declare its end. */
    RESOLVE
  }

  private final Verb verb;

  OpCommand(Verb verb) {
    this.verb = verb;
  }

  @Override
  public void declare(Form form) {
    if (verb == Verb.LIST) {
      form.optionalOperand(
              "KIND/NAME", "The newest of one resource; open and recent ones of all if left out.")
          .watchable()
          .example("op list postgres/orders", "");
      return;
    }
    form.operand("KIND/NAME#NUMBER", "The operation.");
    switch (verb) {
      case LIST -> {}
      case GET ->
          form.watchable()
              .detail("AT is the time since the operation began. Evidence stands in brackets.")
              .example("op get postgres/orders#17", "");
      case WATCH ->
          form.option("--timeout", "TIME", "For so long at most, for example 90s or 5m.")
              .detail(
                  "Tells the steps as they happen and ends as the operation does: 0 done, 1 failed,"
                      + " 7 still running, 8 needs attention. Ctrl-C leaves it running.")
              .example("op watch postgres/orders#17", "");
      case CANCEL ->
          form.detail(
                  "Steps that have begun are ended in order. Behind its point of no return an"
                      + " operation can no longer be cancelled.")
              .example("op cancel postgres/orders#17", "");
      case RESUME -> {
        Beginning.declare(form);
        form.detail(
                "For an operation that needs attention or waits: what has begun is inspected, then"
                    + " what remains is done.")
            .example("op resume postgres/orders#17 --wait", "");
      }
      case RESOLVE ->
          form.flag("--done", "It counts as done.")
              .flag("--failed", "It counts as failed.")
              .requiredOption("--word", "TEXT", "Why, for the record.")
              .detail(
                  "For an operation that needs attention: you know how it ended, Cotidal does not.")
              .example("op resolve postgres/orders#17 --failed --word 'disk gone'", "");
    }
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    if (verb == Verb.LIST) {
      Optional<ResourceId> resource = arguments.resource(0);
      return Watching.run(arguments, session, shown -> list(shown, resource));
    }
    OperationId id = arguments.needOperation(0);
    return switch (verb) {
      case LIST, GET -> Watching.run(arguments, session, shown -> get(shown, id));
      case WATCH -> watch(arguments, session, id);
      case CANCEL -> new OperationChange(session).tell(id, "cancel", Map.of());
      case RESUME -> new Beginning(session).proceed(id, "resume", arguments);
      case RESOLVE -> resolve(arguments, session, id);
    };
  }

  private static void list(Session session, Optional<ResourceId> id) {
    Resources resources = new Resources(session);
    List<Node> operations =
        id.map(it -> resources.operations(it, SHOWN)).orElseGet(resources::recentOperations);
    switch (session.output()) {
      case TABLE -> {
        if (operations.isEmpty()) {
          session.say("No operations.");
        } else {
          new OperationScreen(session).list(operations);
        }
      }
      case NAME -> operations.forEach(it -> session.line(it.text("id")));
      case JSON, YAML -> {
        List<Object> values = operations.stream().map(it -> it.value()).toList();
        session.record(new Node(Map.of("operations", values)));
      }
    }
  }

  private static void get(Session session, OperationId id) {
    Node operation = new Resources(session).operation(id);
    switch (session.output()) {
      case TABLE -> new OperationScreen(session).whole(operation);
      case NAME -> session.line(operation.text("id"));
      case JSON, YAML -> session.record(operation);
    }
  }

  private static ExitCode watch(Arguments arguments, Session session, OperationId id)
      throws InterruptedException {
    Duration limit = arguments.text("--timeout").map(Beginning::duration).orElse(ENDLESS);
    return new Following(session).follow(new Resources(session).operation(id), limit);
  }

  private static ExitCode resolve(Arguments arguments, Session session, OperationId id) {
    boolean done = arguments.flag("--done");
    if (done == arguments.flag("--failed")) {
      throw Failure.usage("how did it end?", "say either --done or --failed");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("done", done);
    body.put("word", arguments.text("--word").orElse(""));
    return new OperationChange(session).tell(id, "resolve", body);
  }
}
