package io.cotidal.server.api;

import static io.cotidal.server.http.Kinds.RESOURCES;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Operation;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Route;
import java.util.List;

/** What can be seen of resources and their operations. */
final class ResourceRoutes {
  private static final String ONE = RESOURCES + "/{kind}/{name}";
  private static final int MOST = 500;

  private final ControlPlane plane;
  private final Sight sight;

  ResourceRoutes(ControlPlane plane, Sight sight) {
    this.plane = plane;
    this.sight = sight;
  }

  List<Route> all() {
    return List.of(
        Route.get(RESOURCES, "Every resource in the token's scope")
            .needs(Permission.VIEWER, Reach.FILTERED)
            .gives(Views.Resources.class, this::resources),
        Route.get(ONE, "One resource")
            .needs(Permission.VIEWER, Reach.RESOURCE)
            .gives(ResourceView.class, call -> Answer.ok(view(call))),
        Route.get(ONE + "/plan", "What is wanted, and what waits for an approval")
            .needs(Permission.VIEWER, Reach.RESOURCE)
            .gives(Views.Plan.class, call -> Answer.ok(Views.Plan.of(view(call)))),
        Route.get(ONE + "/operations", "Operations of a resource, newest first, without steps")
            .needs(Permission.VIEWER, Reach.RESOURCE)
            .with(Parameter.query("limit", Parameter.Type.NUMBER, "At most so many; 50 if absent"))
            .gives(Views.Operations.class, this::operations),
        Route.get(ONE + "/operations/{number}", "One operation with its steps")
            .needs(Permission.VIEWER, Reach.RESOURCE)
            .gives(Operation.class, this::operation));
  }

  private Answer resources(Call call) {
    return Answer.ok(
        new Views.Resources(
            plane.resources().stream()
                .filter(view -> call.caller().covers(view.id()))
                .map(view -> sight.of(call.caller(), view))
                .toList()));
  }

  private Answer operations(Call call) {
    ResourceId id = view(call).id();
    int limit = (int) call.number("limit", 50, MOST);
    int read = sight.whole(call.caller(), id) ? limit : MOST;
    return Answer.ok(
        new Views.Operations(
            plane.operations(id, read).stream()
                .filter(operation -> sight.sees(call.caller(), operation))
                .limit(limit)
                .toList()));
  }

  private Answer operation(Call call) {
    return plane
        .operation(call.operation())
        .filter(operation -> sight.sees(call.caller(), operation))
        .<Answer>map(Answer::ok)
        .orElseGet(() -> noSuch("operation " + call.operation()).answer());
  }

  private ResourceView view(Call call) {
    return plane
        .resource(call.resource())
        .map(view -> sight.of(call.caller(), view))
        .orElseThrow(() -> noSuch("resource " + call.resource()).refusal());
  }

  private static Problem noSuch(String what) {
    return Problem.of(Problem.Code.NOT_FOUND, "there is no " + what, "see cot get");
  }
}
