package io.cotidal.server.http;

import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import io.cotidal.server.access.Caller;
import io.cotidal.server.json.Json;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request on its route, with everything about it checked that can be checked without knowing
 * what it is for.
 */
public final class Call {
  private final Map<String, String> variables;
  private final Map<String, String> query;
  private final Function<String, @Nullable String> headers;
  private final @Nullable Caller caller;
  private final Body body;

  /**
   * A call.
   *
   * @param variables segments of the path, by their names in the template
   * @param query only parts that the route understands
   * @param headers finds a header's value; null if it is not there
   * @param caller null only on routes for everybody
   */
  Call(
      Map<String, String> variables,
      Map<String, String> query,
      Function<String, @Nullable String> headers,
      @Nullable Caller caller,
      Body body) {
    this.variables = Map.copyOf(variables);
    this.query = Map.copyOf(query);
    this.headers = headers;
    this.caller = caller;
    this.body = body;
  }

  /** What comes with a request. */
  sealed interface Body {
    /** All of it; empty if there is none. */
    final class Whole implements Body {
      private final byte[] bytes;

      Whole(byte[] bytes) {
        this.bytes = bytes;
      }

      byte[] bytes() {
        return bytes;
      }
    }

    /**
     * More than memory should hold.
     *
     * @param length in bytes, as it is announced; negative if it is not
     */
    record Stream(InputStream in, long length) implements Body {}
  }

  /** Who calls. */
  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException("a route for everybody asked who calls");
    }
    return caller;
  }

  /** The segment of that name in the template. */
  public String variable(String name) {
    String value = variables.get(name);
    if (value == null) {
      throw new IllegalStateException("the template has no {" + name + "}");
    }
    return value;
  }

  /** The resource that {@code kind} and {@code name} in the path mean. */
  public ResourceId resource(String kind) {
    try {
      return new ResourceId(kind, variable("name"));
    } catch (IllegalArgumentException e) {
      throw Problem.of(Problem.Code.NOT_FOUND, message(e)).refusal();
    }
  }

  /** The resource that the path means. */
  public ResourceId resource() {
    return resource(variable("kind"));
  }

  /** The operation that the path means. */
  public OperationId operation() {
    String number = variable("number");
    try {
      return new OperationId(resource(), Long.parseLong(number));
    } catch (NumberFormatException e) {
      throw Problem.of(
              Problem.Code.NOT_FOUND, "operations have numbers, and '" + number + "' is none")
          .refusal();
    }
  }

  /** A part of the query. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A number in the query, or {@code otherwise}; one above {@code most} counts as {@code most}. */
  public long number(String name, long otherwise, long most) {
    String text = query.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw Problem.of(
              Problem.Code.BAD_REQUEST,
              name + " '" + text + "' is not a number",
              "write " + name + "=" + otherwise)
          .refusal();
    }
    return Math.min(most, Long.parseLong(text));
  }

  /** A flag in the query; false if it is not there. */
  public boolean flag(String name) {
    String text = query.getOrDefault(name, "false");
    if (!text.equals("true") && !text.equals("false")) {
      throw Problem.of(Problem.Code.BAD_REQUEST, name + " '" + text + "' is neither true nor false")
          .refusal();
    }
    return text.equals("true");
  }

  /** A header's value. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.apply(name));
  }

  /** The body of a route that takes something else than JSON, as it comes; to be read once. */
  public InputStream stream() {
    return streamed().in();
  }

  /** How many bytes that body has, as it is announced; negative if it is not. */
  public long length() {
    return streamed().length();
  }

  private Body.Stream streamed() {
    if (!(body instanceof Body.Stream stream)) {
      throw new IllegalStateException("a route that takes JSON asked for a stream");
    }
    return stream;
  }

  /**
   * The body, which may hold only {@code known} fields; an empty body counts as an empty object.
   *
   * @throws Problem.Refusal if it is not one JSON object with such fields
   */
  public ObjectNode body(String... known) {
    if (!(body instanceof Body.Whole whole)) {
      throw new IllegalStateException("a route that takes no JSON asked for it");
    }
    if (whole.bytes().length == 0) {
      return Json.object();
    }
    try {
      ObjectNode object = Json.readObject(whole.bytes());
      for (String field : object.propertyNames()) {
        if (!java.util.List.of(known).contains(field)) {
          String hint = known.length == 0 ? "send {}" : "known are " + String.join(", ", known);
          throw Problem.of(Problem.Code.BAD_REQUEST, "unknown field '" + field + "'", hint)
              .refusal();
        }
      }
      return object;
    } catch (IllegalArgumentException e) {
      throw Problem.of(Problem.Code.BAD_REQUEST, message(e)).refusal();
    }
  }

  /**
   * A text in {@code object}; empty if it is not there.
   *
   * @throws Problem.Refusal if it is there and no text
   */
  public static Optional<String> text(ObjectNode object, String field) {
    JsonNode node = object.get(field);
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isString()) {
      throw Problem.of(Problem.Code.BAD_REQUEST, field + " must be a text").refusal();
    }
    return Optional.of(node.stringValue());
  }

  /**
   * A text in {@code object}.
   *
   * @throws Problem.Refusal if there is none
   */
  public static String needText(ObjectNode object, String field) {
    return text(object, field)
        .orElseThrow(() ->
            Problem.of(Problem.Code.BAD_REQUEST, "field '" + field + "' is missing").refusal());
  }

  private static String message(IllegalArgumentException e) {
    return String.valueOf(e.getMessage());
  }
}
