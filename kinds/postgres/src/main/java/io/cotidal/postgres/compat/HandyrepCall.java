package io.cotidal.postgres.compat;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One call of a function.
 *
 * @param function its name
 * @param parameters as texts, by name; the original took numbers and booleans apart by their form,
 *     and so does whoever reads them here
 */
record HandyrepCall(String function, Map<String, String> parameters) {
  /** What a client may call a repetition by. */
  static final String KEY = "idempotency_key";

  /** Copies the map, in its order. */
  HandyrepCall {
    parameters = Map.copyOf(new LinkedHashMap<>(parameters));
  }

  /** The parameter, if it is there and not the original's {@code None}. */
  Optional<String> text(String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty() && !text.equals("None"));
  }

  /** The parameter as the original's booleans are written; false if it is not there. */
  boolean flag(String name) {
    return text(name).map(text -> text.toLowerCase(Locale.ROOT).equals("true")).orElse(false);
  }

  /** The parameter as a number from 1 to {@code most}; {@code otherwise} if it is none. */
  int number(String name, int otherwise, int most) {
    return text(name)
        .filter(text -> text.matches("[0-9]{1,6}"))
        .map(text -> Math.clamp(Integer.parseInt(text), 1, most))
        .orElse(otherwise);
  }
}
