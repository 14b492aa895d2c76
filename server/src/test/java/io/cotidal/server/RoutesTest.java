package io.cotidal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Action;
import io.cotidal.model.Permission;
import io.cotidal.server.fake.Scenes;
import io.cotidal.server.http.Access;
import io.cotidal.server.http.Route;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Walks every route that the server has. */
@Timeout(60)
final class RoutesTest {
  private Fixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  @DisplayName("only the listed routes are for everybody")
  void anyone() {
    assertThat(
            fixture.server.routes().stream()
                .filter(route -> route.access() instanceof Access.Anyone)
                .filter(route -> !route.summary().equals("A file of the page"))
                .map(route -> route.method() + " " + route.template()))
        .containsExactlyInAnyOrder(
            "GET /livez", "GET /readyz", "GET /startupz", "POST /session", "GET /session");
  }

  @Test
  @DisplayName(
      "no route but those answers without a token, with a wrong one, or with an expired one")
  void deniedByDefault() throws IOException {
    fixture = restarted(10_000);
    String expired = fixture.token(Permission.ADMIN, "*");
    fixture.pass(java.time.Duration.ofDays(2));
    for (Route route : closed()) {
      for (Http client :
          List.of(
              fixture.nobody(),
              fixture.nobody().bearer(expired),
              fixture.nobody().bearer("cot_" + "A".repeat(43)),
              fixture.nobody().bearer("x"),
              fixture.nobody().with("Authorization", "Basic YTpi"),
              fixture.nobody().with("Cookie", "cotidal-" + fixture.server.port() + "=x"))) {
        assertThat(send(client, route).status())
            .as("%s %s", route.method(), route.template())
            .isEqualTo(401);
      }
    }
  }

  @Test
  @DisplayName("each route refuses the role below the one that it declares, and a foreign scope")
  void permissions() throws IOException {
    fixture = restarted(10_000);
    Http viewer = fixture.as(Permission.VIEWER);
    Http user = fixture.as(Permission.USER);
    Http operator = fixture.as(Permission.OPERATOR);
    Http elsewhere = fixture.nobody().bearer(fixture.token(Permission.ADMIN, "postgres/other"));
    for (Route route : closed()) {
      Access.Needs needs = (Access.Needs) route.access();
      String name = route.method() + " " + route.template();
      if (needs.permission() != Permission.VIEWER) {
        assertThat(send(viewer, route).status()).as(name).isEqualTo(403);
      }
      if (needs.permission().allows(Permission.OPERATOR)) {
        assertThat(send(user, route).status()).as(name).isEqualTo(403);
      }
      if (needs.permission() == Permission.ADMIN) {
        assertThat(send(operator, route).status()).as(name).isEqualTo(403);
      }
      if (needs.reach() != Access.Reach.FILTERED) {
        assertThat(send(elsewhere, route).status()).as(name).isEqualTo(403);
      }
    }
  }

  @Test
  @DisplayName(
      "whatever is about one resource is bound to its scope, and whatever changes needs more than a viewer")
  void declarations() {
    for (Route route : closed()) {
      Access.Needs needs = (Access.Needs) route.access();
      if (route.template().startsWith("/api/v1/resources/")) {
        assertThat(needs.reach()).as(route.template()).isEqualTo(Access.Reach.RESOURCE);
      }
      if (route.changes() && !route.template().equals("/session")) {
        assertThat(needs.permission()).as(route.template()).isNotEqualTo(Permission.VIEWER);
      }
    }
  }

  @Test
  @DisplayName("a GET of any route sends no command and writes no token")
  void getNeverChanges() throws IOException {
    Http admin = fixture.as(Permission.ADMIN);
    fixture.plane.onCommand((_, _) -> {
      throw new AssertionError("a GET sent a command");
    });
    int before = fixture.tokens.list().size();
    for (Route route : fixture.server.routes()) {
      if (!route.changes() && !route.template().equals("/api/v1/stream")) {
        assertThat(send(admin, route).status()).as(route.template()).isLessThan(500);
      }
    }
    assertThat(fixture.tokens.list()).hasSize(before);
  }

  @Test
  @DisplayName(
      "a question is answered to a GET; its input is checked, and what is wrong is one line")
  void questions() throws IOException {
    Http viewer = fixture.as(Permission.VIEWER);
    String route = "/api/v1/resources/postgres/orders/check-replicas";
    JsonNode report = viewer.get(route).json();
    assertThat(report.get("sentence").stringValue()).isEqualTo("one is as it should be");
    assertThat(report.get("lines").get(0).get("verdict").stringValue()).isEqualTo("yes");
    assertThat(viewer.get(route + "?member=nobody").status()).isEqualTo(400);
    assertThat(viewer.get(route + "?member=..%2Fa").status()).isEqualTo(400);
    assertThat(viewer.get(route.replace("orders", "nowhere")).status()).isEqualTo(404);
  }

  @Test
  @DisplayName("every action is a route under its own permission")
  void actions() {
    for (Action action : Scenes.actions()) {
      assertThat(fixture.server.routes())
          .anySatisfy(route -> {
            assertThat(route.method()).isEqualTo(action.reads() ? "GET" : "POST");
            assertThat(route.template())
                .isEqualTo("/api/v1/resources/" + action.kind() + "/{name}/" + action.name());
            assertThat(route.access())
                .isEqualTo(new Access.Needs(action.needs(), Access.Reach.RESOURCE));
          });
    }
  }

  @Test
  @DisplayName(
      "the OpenAPI description is 3.1, names every route, and refers only to what it defines")
  void description() throws IOException {
    JsonNode api = fixture.as(Permission.VIEWER).get("/api/v1/openapi.json").json();
    assertThat(api.get("openapi").stringValue()).isEqualTo("3.1.0");
    assertThat(api.get("info").get("title").stringValue()).isEqualTo("Cotidal");
    assertThat(api.get("info").get("version").stringValue()).isEqualTo("1.2.3-test");
    for (Route route : fixture.server.routes()) {
      if (route.summary().equals("A file of the page")) {
        continue;
      }
      JsonNode operation =
          api.get("paths")
              .get(route.template())
              .get(route.method().toLowerCase(java.util.Locale.ROOT));
      assertThat(operation).as(route.template()).isNotNull();
      assertThat(operation.get("summary").stringValue()).isEqualTo(route.summary());
      assertThat(operation.get("responses").size()).isGreaterThan(1);
      assertThat(operation.get("security").isEmpty())
          .isEqualTo(route.access() instanceof Access.Anyone);
      route
          .template()
          .chars()
          .filter(character -> character == '{')
          .forEach(
              _ -> assertThat(operation.get("parameters").toString()).contains("\"in\":\"path\""));
    }
    assertThat(api.findValuesAsString("$ref"))
        .isNotEmpty()
        .allSatisfy(reference -> {
          String pointer = reference.substring(1);
          assertThat(api.at(pointer).isMissingNode()).as(reference).isFalse();
        });
    assertThat(api.findValuesAsString("operationId")).doesNotHaveDuplicates();
    assertThat(api.at("/components/schemas/LinkView/properties/lagBytes/anyOf").isArray()).isTrue();
    assertThat(api.at("/components/schemas/Operation/properties/approvedBy/anyOf").isArray())
        .isTrue();
    assertThat(api.at("/components/schemas/Operation/properties/state/enum").toString())
        .contains("\"attention\"");
  }

  private List<Route> closed() {
    return fixture.server.routes().stream()
        .filter(route -> route.access() instanceof Access.Needs)
        .toList();
  }

  private Fixture restarted(int failures) throws IOException {
    fixture.close();
    return new Fixture(ServerOptions.of("1.2.3-test").withLimits(64, 8, failures));
  }

  private static Http.Response send(Http client, Route route) throws IOException {
    String path =
        route
            .template()
            .replace("{kind}", "postgres")
            .replace("{name}", "orders")
            .replace("{number}", "1")
            .replace("{sort}", "copy")
            .replace("{item}", "a")
            .replace("{id}", "none");
    return route.changes()
        ? client.with("Content-Type", "application/json").send(route.method(), path, "{}")
        : client.send(route.method(), path, null);
  }
}
