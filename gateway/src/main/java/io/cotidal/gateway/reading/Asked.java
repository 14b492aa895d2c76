package io.cotidal.gateway.reading;

import io.cotidal.objects.names.Encoded;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which part of an account's list a client asks for.
 *
 * @param limit the most lines
 * @param reverse whether from the last to the first
 * @param whole whether nothing is left out but for the limit
 * @param others what else is asked for, encoded as it came, without the marker
 * @param marker where it begins, encoded as it came; empty if it was not said
 */
record Asked(int limit, boolean reverse, boolean whole, List<String> others, String marker) {
  /** The most lines that are given at a time, and Swift's own limit. */
  static final int MOST = 10_000;

  private static final Set<String> YES = Set.of("true", "1", "yes", "on", "t", "y");
  private static final Set<String> CUTS = Set.of("end_marker", "prefix", "delimiter");

  /** Copies the list. */
  Asked {
    others = List.copyOf(others);
  }

  /** Of a raw target; empty if something is asked for that is unknown. */
  static Optional<Asked> of(String target) {
    int limit = MOST;
    boolean reverse = false;
    boolean whole = true;
    String marker = "";
    List<String> others = new ArrayList<>();
    int question = target.indexOf('?');
    String query = question < 0 ? "" : target.substring(question + 1);
    for (String one : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = one.indexOf('=');
      String key = equals < 0 ? one : one.substring(0, equals);
      Optional<String> value = text(equals < 0 ? "" : one.substring(equals + 1));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      switch (key) {
        case "format" -> {}
        case "limit" -> limit = limit(value.get());
        case "marker" -> {
          whole &= value.get().isEmpty();
          marker = one;
        }
        case "reverse" -> {
          reverse = YES.contains(value.get().toLowerCase(Locale.ROOT));
          others.add(one);
        }
        default -> {
          if (!CUTS.contains(key)) {
            return Optional.empty();
          }
          whole &= value.get().isEmpty();
          others.add(one);
        }
      }
    }
    return Optional.of(new Asked(limit, reverse, whole, others, marker));
  }

  private static Optional<String> text(String encoded) {
    try {
      return Optional.of(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Swift takes what is no number for nothing, and refuses what is too large. */
  private static int limit(String text) {
    if (!text.matches("\\d+")) {
      return MOST;
    }
    return text.length() > 9 ? MOST : Math.min(MOST, Integer.parseInt(text));
  }

  /** What a site is asked for first, with as many lines as the client wants. */
  String first() {
    return query(marker) + "limit=" + limit + "&";
  }

  /** What a site is asked for that gives as many lines as it likes. */
  String after(String name) {
    return query(name.isEmpty() ? marker : "marker=" + Encoded.segment(name));
  }

  private String query(String from) {
    StringBuilder text = new StringBuilder();
    others.forEach(one -> text.append(one).append('&'));
    return from.isEmpty() ? text.toString() : text.append(from).append('&').toString();
  }
}
