package io.cotidal.server.api;

import static io.cotidal.server.http.Kinds.RESOURCES;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Operation;
import io.cotidal.model.Permission;
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

  ResourceRoutes(ControlPlane plane) {
    this.plane = plane;
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
            plane.resources().stream().filter(view -> call.caller().covers(view.id())).toList()));
  }

  private Answer operations(Call call) {
    ResourceView view = view(call);
    int limit = (int) call.number("limit", 50, MOST);
    return Answer.ok(new Views.Operations(plane.operations(view.id(), limit)));
  }

  private Answer operation(Call call) {
    return plane
        .operation(call.operation())
        .<Answer>map(Answer::ok)
        .orElseGet(() -> noSuch("operation " + call.operation()).answer());
  }

  private ResourceView view(Call call) {
    return plane
        .resource(call.resource())
        .orElseThrow(() -> noSuch("resource " + call.resource()).refusal());
  }

  private static Problem noSuch(String what) {
    return Problem.of(Problem.Code.NOT_FOUND, "there is no " + what, "see cot get");
  }
}
