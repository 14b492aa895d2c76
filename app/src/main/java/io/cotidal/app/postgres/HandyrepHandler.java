package io.cotidal.app.postgres;

import io.cotidal.postgres.compat.Handyrep;
import io.cotidal.postgres.compat.HandyrepDesk;
import io.cotidal.server.access.Caller;
import io.cotidal.server.compat.CompatAnswer;
import io.cotidal.server.compat.CompatHandler;
import io.cotidal.server.compat.CompatRequest;
import io.cotidal.server.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts HandyRep's functions on a listener: each caller gets a desk of their own. */
public final class HandyrepHandler implements CompatHandler {
  private static final String JSON = "application/json";

  private final Handyrep functions;
  private final Function<Caller, HandyrepDesk> desks;

  /**
   * A handler.
   *
   * @param desks the desk at which a caller is served
   */
  public HandyrepHandler(Handyrep functions, Function<Caller, HandyrepDesk> desks) {
    this.functions = functions;
    this.desks = desks;
  }

  @Override
  public CompatAnswer answer(CompatRequest request) throws InterruptedException {
    Map<String, String> parameters = new LinkedHashMap<>();
    Handyrep.Answer answer;
    try {
      form(request.query(), parameters);
      body(request, parameters);
      answer =
          functions.answer(
              new Handyrep.Request(request.method(), decoded(request.path()), parameters),
              desks.apply(request.caller()));
    } catch (IllegalArgumentException e) {
      answer =
          new Handyrep.Answer(
              400, Map.of("Error", "the request is not understood: " + e.getMessage()));
    }
    Object body = answer.body();
    return new CompatAnswer(
        answer.status(),
        JSON,
        (body == null ? "null" : Json.text(body)) + "\n",
        answer.status() == 405 ? Map.of("Allow", "POST") : Map.of());
  }

  private static void body(CompatRequest request, Map<String, String> parameters) {
    if (request.body().isBlank()) {
      return;
    }
    if (!request.type().toLowerCase(Locale.ROOT).startsWith(JSON)) {
      form(request.body(), parameters);
      return;
    }
    ObjectNode object = Json.readObject(request.body().getBytes(StandardCharsets.UTF_8));
    for (String name : object.propertyNames()) {
      JsonNode value = object.get(name);
      if (value.isContainer()) {
        throw new IllegalArgumentException(name + " is not a single value");
      }
      if (!value.isNull()) {
        parameters.put(name, value.asString());
      }
    }
  }

  private static void form(String text, Map<String, String> parameters) {
    for (String pair : text.strip().split("&", -1)) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        parameters.put(
            decoded(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
