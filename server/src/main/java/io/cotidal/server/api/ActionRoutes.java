package io.cotidal.server.api;

import static io.cotidal.server.http.Kinds.RESOURCES;

import io.cotidal.engine.Command;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Names;
import io.cotidal.model.Operation;
import io.cotidal.model.Permission;
import io.cotidal.model.Report;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A route for each action of each kind. */
final class ActionRoutes {
  private final ControlPlane plane;
  private final Replies replies;

  ActionRoutes(ControlPlane plane, Sight sight) {
    this.plane = plane;
    this.replies = new Replies(plane, sight);
  }

  List<Route> all() {
    List<Route> routes = new ArrayList<>();
    routes.add(
        Route.get("/api/v1/actions", "What people can ask for")
            .needs(Permission.VIEWER, Reach.FILTERED)
            .gives(Views.Actions.class, call -> Answer.ok(new Views.Actions(plane.actions()))));
    plane.actions().forEach(action -> routes.add(route(action)));
    return routes;
  }

  private Route route(Action action) {
    Names.check("kind", action.kind());
    Names.check("action", action.name());
    return action.reads() ? question(action) : operation(action);
  }

  private Route question(Action action) {
    Parameter[] input =
        action.input().stream()
            .map(field -> Parameter.query(field.name(), kind(field.type()), field.summary()))
            .toArray(Parameter[]::new);
    return Route.get(RESOURCES + "/" + action.kind() + "/{name}/" + action.name(), action.summary())
        .needs(action.needs(), Reach.RESOURCE)
        .with(input)
        .gives(Report.class, call -> read(call, action));
  }

  private static Parameter.Type kind(Action.Type type) {
    return type == Action.Type.FLAG ? Parameter.Type.FLAG : Parameter.Type.TEXT;
  }

  private Answer read(Call call, Action action) {
    ResourceId resource = call.resource(action.kind());
    Details input = Details.NONE;
    for (Action.Field field : action.input()) {
      Optional<String> text = call.query(field.name());
      if (text.isPresent()) {
        input = input.with(field.name(), checked(field, text.get()));
      } else if (field.required()) {
        throw missing(field);
      }
    }
    try {
      return plane
          .read(resource, action.name(), input)
          .<Answer>map(Answer::ok)
          .orElseThrow(() -> nowhere(resource));
    } catch (IllegalArgumentException e) {
      throw Problem.of(Code.BAD_REQUEST, String.valueOf(e.getMessage())).refusal();
    } catch (IllegalStateException e) {
      throw Problem.of(Code.STOPPING, String.valueOf(e.getMessage()), "ask again").refusal();
    }
  }

  private static Problem.Refusal missing(Action.Field field) {
    return Problem.of(Code.BAD_REQUEST, "field '" + field.name() + "' is missing", field.summary())
        .refusal();
  }

  private static Problem.Refusal nowhere(ResourceId resource) {
    return Problem.of(Code.NOT_FOUND, "there is no resource " + resource, "see cot get").refusal();
  }

  private Route operation(Action action) {
    return Route.post(
            RESOURCES + "/" + action.kind() + "/{name}/" + action.name(), action.summary())
        .needs(action.needs(), Reach.RESOURCE)
        .with(
            Parameter.query("dryRun", Parameter.Type.FLAG, "Only say what would be done"),
            Parameter.header("Prefer", "wait=SECONDS: how long to wait for the end; 2 if absent"),
            Parameter.header(
                "Idempotency-Key", "Makes a repetition answer with the operation begun first"))
        .takes(new Shape.Fields(action.input()))
        .gives(Operation.class, call -> begin(call, action));
  }

  private Answer begin(Call call, Action action) throws InterruptedException {
    ResourceId resource = call.resource(action.kind());
    if (plane.resource(resource).isEmpty()) {
      throw nowhere(resource);
    }
    Command begin =
        new Command.Begin(
            call.caller().actor(),
            call.caller().token().permission(),
            action.name(),
            input(call, action),
            key(call).orElse(null),
            call.flag("dryRun"));
    return replies.send(call, resource, begin);
  }

  /** The caller's own word for the request, by which it knows a repetition. */
  static Optional<String> key(Call call) {
    Optional<String> key = call.header("Idempotency-Key");
    key.filter(text -> !text.matches("[!-~]{1,200}"))
        .ifPresent(text -> {
          throw Problem.of(
                  Code.BAD_REQUEST, "Idempotency-Key must be 1 to 200 printable characters")
              .refusal();
        });
    return key;
  }

  private static Details input(Call call, Action action) {
    String[] known = action.input().stream().map(Action.Field::name).toArray(String[]::new);
    ObjectNode body = call.body(known);
    Details input = Details.NONE;
    for (Action.Field field : action.input()) {
      Optional<String> text = text(body, field);
      if (text.isPresent()) {
        input = input.with(field.name(), checked(field, text.get()));
      } else if (field.required()) {
        throw missing(field);
      }
    }
    return input;
  }

  private static Optional<String> text(ObjectNode body, Action.Field field) {
    JsonNode node = body.get(field.name());
    boolean flag = field.type() == Action.Type.FLAG && node != null && node.isBoolean();
    return flag ? Optional.of(node.asString()) : Call.text(body, field.name());
  }

  private static String checked(Action.Field field, String text) {
    boolean fits =
        switch (field.type()) {
          case MEMBER, NAME -> Names.valid(text);
          case FLAG -> text.equals("true") || text.equals("false");
          case TEXT -> true;
        };
    if (!fits) {
      throw Problem.of(Code.BAD_REQUEST, field.name() + " must be " + rule(field.type())).refusal();
    }
    return Texts.checked(field.name(), text);
  }

  private static String rule(Action.Type type) {
    return switch (type) {
      case MEMBER -> "the name of a member";
      case NAME -> "1 to 63 of a-z 0-9 . _ - and begin with a letter or digit";
      case FLAG -> "true or false";
      case TEXT -> "a text";
    };
  }
}
