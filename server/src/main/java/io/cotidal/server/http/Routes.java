package io.cotidal.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All declared routes, and which of them a path means. Immutable. */
public final class Routes {
  /**
   * Paths hold names of one grammar, so nothing needs percent-encoding, and nothing that could be
   * read in two ways is read at all.
   */
  private static final Pattern PATH = Pattern.compile("/|(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");

  private final List<Route> routes;

  /**
   * These routes.
   *
   * @throws IllegalArgumentException if two have the same method and template
   */
  public Routes(List<Route> routes) {
    this.routes = List.copyOf(routes);
    Map<String, Route> seen = new LinkedHashMap<>();
    for (Route route : routes) {
      if (seen.put(route.method() + " " + route.template(), route) != null) {
        throw new IllegalArgumentException(
            "declared twice: " + route.method() + " " + route.template());
      }
    }
  }

  /** All of them, in the order of their declaration. */
  public List<Route> all() {
    return routes;
  }

  /**
   * A route and the segments that fill its template.
   *
   * @param variables by their names in the template
   */
  public record Match(Route route, Map<String, String> variables) {
    private int literals() {
      return segments(route.template()).size() - variables.size();
    }
  }

  /** Every route whose template fits {@code path}, whatever its method. */
  public List<Match> matching(String path) {
    if (!PATH.matcher(path).matches() || path.contains("..")) {
      return List.of();
    }
    List<String> asked = segments(path);
    List<Match> found = new ArrayList<>();
    for (Route route : routes) {
      Map<String, String> variables = fit(segments(route.template()), asked);
      if (variables != null) {
        found.add(new Match(route, variables));
      }
    }
    return found;
  }

  /**
   * The one for {@code method}; where two fit, the one with more fixed segments. HEAD is a GET of
   * which only the head is wanted, so a route without a body does not know it.
   */
  public static Optional<Match> forMethod(List<Match> matches, String method) {
    return matches.stream()
        .filter(match -> understands(match.route(), method))
        .max((a, b) -> Integer.compare(a.literals(), b.literals()));
  }

  /** The methods that {@code matches} understand, for the header Allow. */
  public static String allow(List<Match> matches) {
    SortedSet<String> methods = new TreeSet<>();
    for (Match match : matches) {
      methods.add(match.route().method());
      if (understands(match.route(), "HEAD")) {
        methods.add("HEAD");
      }
    }
    return String.join(", ", methods);
  }

  private static boolean understands(Route route, String method) {
    return method.equals("HEAD")
        ? route.method().equals("GET") && !(route.output() instanceof Shape.Nothing)
        : route.method().equals(method);
  }

  private static @Nullable Map<String, String> fit(List<String> template, List<String> asked) {
    if (template.size() != asked.size()) {
      return null;
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      String part = template.get(i);
      if (part.startsWith("{")) {
        variables.put(part.substring(1, part.length() - 1), asked.get(i));
      } else if (!part.equals(asked.get(i))) {
        return null;
      }
    }
    return variables;
  }

  private static List<String> segments(String path) {
    return path.equals("/") ? List.of() : List.of(path.substring(1).split("/"));
  }
}
