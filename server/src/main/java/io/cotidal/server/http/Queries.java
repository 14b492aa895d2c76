package io.cotidal.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a query apart. What a route does not understand is refused: a mistyped dryRun must not
 * become a real run.
 */
final class Queries {
  private Queries() {}

  /**
   * The parts by name.
   *
   * @throws Problem.Refusal if a part is unknown to {@code route}, comes twice or is badly encoded
   */
  static Map<String, String> read(@Nullable String query, Route route) {
    Map<String, String> parts = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return parts;
    }
    for (String part : query.split("&")) {
      int equal = part.indexOf('=');
      String name = decoded(equal < 0 ? part : part.substring(0, equal));
      String value = equal < 0 ? "" : decoded(part.substring(equal + 1));
      if (!understood(route, name)) {
        throw Problem.of(
                Problem.Code.BAD_REQUEST,
                "the query's '" + name + "' is not understood here",
                "the route is described in /api/v1/openapi.json")
            .refusal();
      }
      if (parts.put(name, value) != null) {
        throw Problem.of(Problem.Code.BAD_REQUEST, "'" + name + "' comes twice").refusal();
      }
    }
    return parts;
  }

  private static boolean understood(Route route, String name) {
    return route.parameters().stream()
        .anyMatch(known -> known.in() == Parameter.In.QUERY && known.name().equals(name));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.of(Problem.Code.BAD_REQUEST, "the query is badly encoded").refusal();
    }
  }
}
