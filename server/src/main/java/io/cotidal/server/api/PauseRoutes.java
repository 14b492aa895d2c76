package io.cotidal.server.api;

import static io.cotidal.server.http.Kinds.RESOURCES;

import io.cotidal.engine.Command;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Permission;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Letting nothing be done by itself to a resource for a while, whatever its kind. */
final class PauseRoutes {
  private static final String ONE = RESOURCES + "/{kind}/{name}/";

  /** Who wants it longer sets another mode. */
  private static final Duration LONGEST = Duration.ofDays(30);

  private final ControlPlane plane;
  private final Sight sight;
  private final Replies replies;

  PauseRoutes(ControlPlane plane, Sight sight) {
    this.plane = plane;
    this.sight = sight;
    this.replies = new Replies(plane, sight);
  }

  List<Route> all() {
    return List.of(
        Route.post(
                ONE + "pause",
                "Let nothing be done by itself, for so many seconds or until it is resumed")
            .needs(Permission.OPERATOR, Reach.RESOURCE)
            .takes(new Shape.Of(Views.PauseRequest.class))
            .gives(ResourceView.class, this::pause),
        Route.post(ONE + "resume", "Let things be done by themselves again")
            .needs(Permission.OPERATOR, Reach.RESOURCE)
            .gives(ResourceView.class, this::resume));
  }

  private Answer pause(Call call) throws InterruptedException {
    ObjectNode body = call.body("seconds", "reason");
    String reason = Texts.checked("reason", Call.text(body, "reason").orElse(""));
    Command command = new Command.Pause(call.caller().actor(), life(body), reason);
    return view(call, replies.send(call, call.resource(), command));
  }

  private static Duration life(ObjectNode body) {
    JsonNode seconds = body.get("seconds");
    if (seconds == null || seconds.isNull()) {
      return Duration.ZERO;
    }
    long most = LONGEST.toSeconds();
    boolean fits =
        seconds.isIntegralNumber()
            && seconds.canConvertToLong()
            && seconds.longValue() >= 1
            && seconds.longValue() <= most;
    if (!fits) {
      throw Problem.of(
              Code.BAD_REQUEST,
              "seconds must be a whole number from 1 to " + most,
              "leave it out to pause until it is resumed")
          .refusal();
    }
    return Duration.ofSeconds(seconds.longValue());
  }

  private Answer resume(Call call) throws InterruptedException {
    call.body();
    Command command = new Command.Unpause(call.caller().actor());
    return view(call, replies.send(call, call.resource(), command));
  }

  /** The resource as it is then, in the place of an answer that says nothing. */
  private Answer view(Call call, Answer answer) {
    return answer instanceof Answer.Whole whole && whole.status() == 204
        ? plane
            .resource(call.resource())
            .map(view -> sight.of(call.caller(), view))
            .<Answer>map(Answer::ok)
            .orElse(answer)
        : answer;
  }
}
