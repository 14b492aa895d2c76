package io.cotidal.server.api;

import io.cotidal.engine.TokenStore;
import io.cotidal.model.Permission;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.ServerOptions;
import io.cotidal.server.access.Credentials;
import io.cotidal.server.access.OneTimeLinks;
import io.cotidal.server.access.Sessions;
import io.cotidal.server.events.EventLog;
import io.cotidal.server.events.Streams;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import io.cotidal.server.metrics.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** Every route of the API, the page's files excepted. */
public final class Api {
  private Api() {}

  /**
   * What the routes stand on.
   *
   * @param cookieName of a browser's session
   */
  public record Ground(
      ControlPlane plane,
      TokenStore tokens,
      Credentials credentials,
      Sessions sessions,
      OneTimeLinks links,
      Streams streams,
      EventLog log,
      Metrics metrics,
      ServerOptions options,
      Supplier<String> cookieName) {}

  /** The routes. */
  public static List<Route> routes(Ground ground) {
    ControlPlane plane = ground.plane();
    SessionRoutes.Cookie cookie =
        new SessionRoutes.Cookie(ground.cookieName(), ground.options().tlsInFront());
    Sight sight = new Sight(plane);
    List<Route> routes = new ArrayList<>();
    routes.addAll(new ResourceRoutes(plane, sight).all());
    routes.addAll(new CheckRoutes(plane).all());
    routes.addAll(new ItemRoutes(plane, sight).all());
    routes.addAll(new OperationRoutes(plane, sight).all());
    routes.addAll(new PauseRoutes(plane, sight).all());
    routes.addAll(new ActionRoutes(plane, sight).all());
    routes.addAll(new UploadRoutes(plane, sight, ground.options().intakes()).all());
    routes.addAll(
        new EventRoutes(
                plane,
                sight,
                ground.log(),
                ground.streams(),
                caller -> ground.credentials().stillHolds(caller.token()))
            .all());
    routes.addAll(new TokenRoutes(ground.tokens(), ground.credentials()).all());
    routes.addAll(
        new SessionRoutes(ground.credentials(), ground.sessions(), ground.links(), cookie).all());
    routes.addAll(new SystemRoutes(plane, ground.options(), ground.metrics()).all());
    routes.addAll(new ConfigurationRoutes(ground.options().reconfiguration()).all());
    routes.add(description(routes, ground.options().version()));
    return routes;
  }

  private static Route description(List<Route> others, String version) {
    List<ObjectNode> made = new ArrayList<>();
    Route route =
        Route.get("/api/v1/openapi.json", "This description")
            .needs(Permission.VIEWER, Reach.FILTERED)
            .gives(new Shape.AnyObject(), call -> Answer.ok(made.getFirst()));
    List<Route> all = new ArrayList<>(others);
    all.add(route);
    made.add(OpenApi.describe(all, version));
    return route;
  }
}
