package io.cotidal.server.api;

import io.cotidal.model.Action;
import io.cotidal.server.http.Access;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import io.cotidal.server.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The API's OpenAPI 3.1 description, made from the routes themselves. */
final class OpenApi {
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");
  private static final String JSON = "application/json";

  private final Schemas schemas = new Schemas();

  private OpenApi() {}

  /** Describes {@code routes}. */
  static ObjectNode describe(List<Route> routes, String version) {
    return new OpenApi().whole(routes, version);
  }

  private ObjectNode whole(List<Route> routes, String version) {
    ObjectNode root = Json.object();
    root.put("openapi", "3.1.0");
    root.putObject("info")
        .put("title", "Cotidal")
        .put("version", version)
        .put("description", "One control plane for everything that is kept in more than one copy.")
        .putObject("license")
        .put("name", "Apache-2.0")
        .put("identifier", "Apache-2.0");
    ObjectNode paths = root.putObject("paths");
    for (Route route : routes) {
      paths
          .withObjectProperty(route.template())
          .set(route.method().toLowerCase(Locale.ROOT), operation(route));
    }
    ObjectNode components = root.putObject("components");
    components.set("schemas", schemas.all());
    ObjectNode schemes = components.putObject("securitySchemes");
    schemes.putObject("token").put("type", "http").put("scheme", "bearer");
    schemes
        .putObject("session")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", "cotidal-{port}")
        .put("description", "Set by POST /session; changes also need Origin and a JSON body");
    return root;
  }

  private ObjectNode operation(Route route) {
    ObjectNode operation = Json.object();
    operation.put("operationId", name(route));
    operation.put("summary", route.summary());
    ArrayNode security = operation.putArray("security");
    switch (route.access()) {
      case Access.Anyone anyone -> operation.put("description", "For everybody: " + anyone.why());
      case Access.Needs needs -> {
        operation.put("x-permission", Json.word(needs.permission()));
        operation.put("x-reach", Json.word(needs.reach()));
        security.addObject().putArray("token");
        security.addObject().putArray("session");
      }
    }
    parameters(operation.putArray("parameters"), route);
    if (!(route.input() instanceof Shape.Nothing)) {
      ObjectNode body = operation.putObject("requestBody");
      body.put("required", required(route.input()));
      String type = route.input() instanceof Shape.Media media ? media.type() : JSON;
      body.putObject("content").putObject(type).set("schema", schema(route.input()));
    }
    responses(operation.putObject("responses"), route);
    return operation;
  }

  private static boolean required(Shape input) {
    return !(input instanceof Shape.Fields fields)
        || fields.fields().stream().anyMatch(Action.Field::required);
  }

  private void parameters(ArrayNode list, Route route) {
    Matcher variable = VARIABLE.matcher(route.template());
    while (variable.find()) {
      ObjectNode parameter = list.addObject();
      parameter.put("name", variable.group(1)).put("in", "path").put("required", true);
      ObjectNode schema = parameter.putObject("schema");
      if (variable.group(1).equals("number")) {
        schema.put("type", "integer").put("minimum", 1);
      } else {
        schema.put("type", "string").put("pattern", "^[a-z0-9][a-z0-9._-]{0,62}$");
      }
    }
    for (Parameter known : route.parameters()) {
      ObjectNode parameter = list.addObject();
      parameter.put("name", known.name());
      parameter.put("in", Json.word(known.in()));
      parameter.put("description", known.summary());
      ObjectNode schema = parameter.putObject("schema");
      switch (known.type()) {
        case TEXT -> schema.put("type", "string");
        case NUMBER -> schema.put("type", "integer").put("minimum", 0);
        case FLAG -> schema.put("type", "boolean").put("default", false);
      }
    }
  }

  private void responses(ObjectNode responses, Route route) {
    boolean begins =
        route.method().equals("POST")
            && route.output().equals(new Shape.Of(io.cotidal.model.Operation.class));
    boolean issues = route.output().equals(new Shape.Of(Views.Issued.class));
    if (route.output() instanceof Shape.Nothing) {
      String status = route.changes() ? "204" : "303";
      responses.putObject(status).put("description", route.summary());
    } else {
      content(
          responses.putObject(issues ? "201" : "200"),
          route.output(),
          begins ? "The operation, ended" : route.summary());
    }
    if (begins) {
      content(
          responses.putObject("201"),
          route.output(),
          "The operation, done; what it made is at Location");
      content(responses.putObject("202"), route.output(), "The operation goes on; see Location");
    }
    ObjectNode problem = responses.putObject("default");
    problem.put("description", "Refused");
    problem.putObject("content").putObject(Problem.TYPE).set("schema", schemas.problem());
  }

  private void content(ObjectNode response, Shape shape, String description) {
    response.put("description", description);
    String type = shape instanceof Shape.Media media ? media.type() : JSON;
    response.putObject("content").putObject(type).set("schema", schema(shape));
  }

  private ObjectNode schema(Shape shape) {
    return switch (shape) {
      case Shape.Of of -> schemas.of(of.type());
      case Shape.Fields fields -> fields(fields.fields());
      case Shape.AnyObject _ -> Json.object().put("type", "object");
      case Shape.Media _, Shape.Nothing _ -> Json.object().put("type", "string");
    };
  }

  private static ObjectNode fields(List<Action.Field> fields) {
    ObjectNode schema = Json.object();
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (Action.Field field : fields) {
      ObjectNode property = properties.putObject(field.name());
      property.put("type", "string").put("description", field.summary());
      switch (field.type()) {
        case MEMBER, NAME -> property.put("pattern", "^[a-z0-9][a-z0-9._-]{0,62}$");
        case FLAG -> property.putArray("enum").add("true").add("false");
        case TEXT -> property.put("maxLength", 200);
      }
      if (field.required()) {
        required.add(field.name());
      }
    }
    return schema;
  }

  private static String name(Route route) {
    String words = route.template().replaceAll("[^a-zA-Z0-9]+", "-").replaceAll("^-|-$", "");
    return route.method().toLowerCase(Locale.ROOT) + (words.isEmpty() ? "" : "-" + words);
  }
}
