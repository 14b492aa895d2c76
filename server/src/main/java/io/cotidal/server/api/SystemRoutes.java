package io.cotidal.server.api;

import io.cotidal.model.Permission;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.ServerOptions;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import io.cotidal.server.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How the control plane itself is. */
final class SystemRoutes {
  private static final String NO_DATA = "it says one word about this process and nothing else";
  private static final Shape TEXT = new Shape.Media("text/plain");

  private final ControlPlane plane;
  private final ServerOptions options;
  private final Metrics metrics;
  private volatile boolean started;

  SystemRoutes(ControlPlane plane, ServerOptions options, Metrics metrics) {
    this.plane = plane;
    this.options = options;
    this.metrics = metrics;
  }

  List<Route> all() {
    return List.of(
        Route.get("/livez", "Whether the loops turn; 503 if not")
            .anyone(NO_DATA)
            .gives(TEXT, call -> word(plane.health().live())),
        Route.get("/readyz", "Whether work can be done; 503 if not")
            .anyone(NO_DATA)
            .gives(TEXT, call -> word(plane.health().ready())),
        Route.get("/startupz", "Whether it has been ready since it started; 503 if not yet")
            .anyone(NO_DATA)
            .gives(TEXT, call -> word(hasStarted())),
        metricsRoute(),
        Route.get("/api/v1/version", "Which build answers")
            .needs(Permission.VIEWER, Reach.FILTERED)
            .gives(Views.Version.class, call -> Answer.ok(new Views.Version(options.version()))),
        Route.get("/api/v1/doctor", "What is wrong, and how to mend it")
            .needs(Permission.VIEWER, Reach.FLEET)
            .gives(
                Views.Report.class,
                call -> Answer.ok(new Views.Report(options.doctor().examine()))));
  }

  private Route metricsRoute() {
    Route.Draft draft = Route.get("/metrics", "Figures for Prometheus");
    Route.Open open =
        options.openMetrics()
            ? draft.anyone("the operator configured it so")
            : draft.needs(Permission.VIEWER, Reach.FLEET);
    return open.gives(new Shape.Media(Metrics.TYPE), this::scrape);
  }

  private Answer scrape(Call call) {
    return Answer.of(200, Metrics.TYPE, metrics.scrape());
  }

  private boolean hasStarted() {
    if (!started && plane.health().ready()) {
      started = true;
    }
    return started;
  }

  private static Answer word(boolean good) {
    byte[] text = (good ? "ok\n" : "failing\n").getBytes(StandardCharsets.UTF_8);
    return Answer.of(good ? 200 : 503, "text/plain;charset=utf-8", text);
  }
}
