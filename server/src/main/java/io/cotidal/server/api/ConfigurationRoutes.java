package io.cotidal.server.api;

import io.cotidal.model.Permission;
import io.cotidal.server.Reconfiguration;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The configuration: what is in force, and taking up what has changed. */
final class ConfigurationRoutes {
  private static final String PATH = "/api/v1/configuration";

  private final Reconfiguration reconfiguration;

  ConfigurationRoutes(Reconfiguration reconfiguration) {
    this.reconfiguration = reconfiguration;
  }

  List<Route> all() {
    return List.of(
        Route.get(PATH, "Which configuration is in force, and which is of record")
            .needs(Permission.VIEWER, Reach.FLEET)
            .gives(Reconfiguration.Standing.class, call -> Answer.ok(reconfiguration.standing())),
        Route.post(
                PATH + "/apply",
                "Read the daemon's file again and take up what has changed; with dryRun only say it")
            .needs(Permission.ADMIN, Reach.FLEET)
            .takes(new Shape.Of(Views.ApplyRequest.class))
            .gives(Reconfiguration.Report.class, this::apply));
  }

  private Answer apply(Call call) {
    ObjectNode body = call.body("text", "dryRun");
    Optional<String> text = Call.text(body, "text");
    Reconfiguration.Request request =
        new Reconfiguration.Request(call.caller().actor(), text, flag(body, "dryRun"));
    return switch (reconfiguration.apply(request)) {
      case Reconfiguration.Outcome.Taken taken -> Answer.ok(taken.report());
      case Reconfiguration.Outcome.Faulty faulty ->
          Problem.of(
                  Code.BAD_REQUEST,
                  String.join("\n", faulty.problems()),
                  "nothing has changed; mend these and apply again")
              .answer();
      case Reconfiguration.Outcome.Refused refused ->
          Problem.of(Code.CONFLICT, refused.reason(), "nothing has changed").answer();
      case Reconfiguration.Outcome.NotLeading elsewhere ->
          Problem.of(Code.NOT_LEADING, elsewhere.reason(), "nothing has changed").answer();
    };
  }

  private static boolean flag(ObjectNode body, String name) {
    JsonNode node = body.get(name);
    if (node == null || node.isNull()) {
      return false;
    }
    if (!node.isBoolean()) {
      throw Problem.of(Code.BAD_REQUEST, name + " must be true or false").refusal();
    }
    return node.booleanValue();
  }
}
