package io.cotidal.server.api;

import static io.cotidal.server.http.Kinds.RESOURCES;

import io.cotidal.engine.Command;
import io.cotidal.model.Action;
import io.cotidal.model.Actor;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.Permission;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import io.cotidal.server.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What people do to an operation that exists. */
final class OperationRoutes {
  private static final String ONE = RESOURCES + "/{kind}/{name}/operations/{number}/";
  private static final Parameter PREFER =
      Parameter.header("Prefer", "wait=SECONDS: how long to wait for the end; 2 if absent");

  private final ControlPlane plane;
  private final Sight sight;
  private final Replies replies;

  OperationRoutes(ControlPlane plane, Sight sight) {
    this.plane = plane;
    this.sight = sight;
    this.replies = new Replies(plane, sight);
  }

  private interface Made {
    Command of(Actor actor, long number);
  }

  List<Route> all() {
    return List.of(
        Route.post(ONE + "approve", "Approve a proposal; it runs as soon as it can")
            .needs(Permission.OPERATOR, Reach.RESOURCE)
            .with(
                PREFER,
                Parameter.query("dryRun", Parameter.Type.FLAG, "Only say what would be done"))
            .gives(Operation.class, this::approve),
        simple("reject", "Reject a proposal", Command.Reject::new),
        Route.post(
                ONE + "cancel",
                "End an operation early; it stops at a step's boundary. Below operator: one's own")
            .needs(Permission.USER, Reach.RESOURCE)
            .with(PREFER)
            .gives(Operation.class, this::cancel),
        simple(
            "resume", "Let an operation in attention ask again what remains", Command.Resume::new),
        Route.post(ONE + "resolve", "Declare the end of an operation in attention")
            .needs(Permission.OPERATOR, Reach.RESOURCE)
            .with(PREFER)
            .takes(new Shape.Of(Views.Resolution.class))
            .gives(Operation.class, this::resolve));
  }

  private Route simple(String verb, String summary, Made made) {
    return Route.post(ONE + verb, summary)
        .needs(Permission.OPERATOR, Reach.RESOURCE)
        .with(PREFER)
        .gives(
            Operation.class,
            call -> {
              call.body();
              return send(call, made);
            });
  }

  private Answer approve(Call call) throws InterruptedException {
    call.body();
    if (!call.flag("dryRun")) {
      return send(call, Command.Approve::new);
    }
    Operation operation = permitted(call);
    Command begin =
        new Command.Begin(
            call.caller().actor(),
            call.caller().token().permission(),
            operation.type(),
            operation.input(),
            null,
            true);
    return replies.send(call, call.resource(), begin);
  }

  /** Whoever asked for an operation may think better of it; others need to be operators. */
  private Answer cancel(Call call) throws InterruptedException {
    call.body();
    Operation operation = permitted(call);
    boolean own = operation.actor().equals(call.caller().actor());
    if (!own && !call.caller().allows(Permission.OPERATOR)) {
      throw sight.sees(call.caller(), operation)
          ? Problem.of(
                  Code.FORBIDDEN,
                  operation.id() + " was not asked for by you",
                  "ask whoever did, or an operator")
              .refusal()
          : missing(operation.id());
    }
    return send(call, Command.Cancel::new);
  }

  private static Problem.Refusal missing(OperationId id) {
    return Problem.of(Code.NOT_FOUND, "there is no operation " + id).refusal();
  }

  private Answer resolve(Call call) throws InterruptedException {
    ObjectNode body = call.body("done", "word");
    JsonNode done = body.get("done");
    if (done == null || !done.isBoolean()) {
      throw Problem.of(Code.BAD_REQUEST, "done must be true or false").refusal();
    }
    String word = Texts.checked("word", Call.needText(body, "word"));
    if (word.isBlank()) {
      throw Problem.of(Code.BAD_REQUEST, "word must say why").refusal();
    }
    return send(
        call, (actor, number) -> new Command.Resolve(actor, number, done.booleanValue(), word));
  }

  private Answer send(Call call, Made made) throws InterruptedException {
    OperationId id = permitted(call).id();
    return replies.send(call, call.resource(), made.of(call.caller().actor(), id.number()));
  }

  /** The operation, if it exists and the caller could have asked for it. */
  private Operation permitted(Call call) {
    OperationId id = call.operation();
    Operation operation = plane.operation(id).orElseThrow(() -> missing(id));
    for (Action action : plane.actions()) {
      boolean same =
          action.kind().equals(id.resource().kind()) && action.name().equals(operation.type());
      if (same && !call.caller().allows(action.needs())) {
        throw Problem.of(
                Code.FORBIDDEN,
                operation.type() + " needs the role " + Json.word(action.needs()),
                "ask an administrator for another token")
            .refusal();
      }
    }
    return operation;
  }
}
