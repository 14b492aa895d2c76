package io.cotidal.feeds.environment;

import io.cotidal.feeds.spec.FeedsSpec;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A variable and its effect.
 *
 * @param beside what is set with it, and without it too
 * @param effect what of the specification it decides
 * @param unset what that is without it; empty if that is an error
 * @param set what that is with it
 */
record FeedsVariableRow(
    FeedsVariable variable,
    Map<String, String> beside,
    String value,
    Function<FeedsSpec, Object> effect,
    Optional<Object> unset,
    Object set) {
  private static final Map<String, String> MASTER =
      Map.of(
          "MASTER_PGSQL_HOST", "master.example.org",
          "MASTER_PGSQL_DATABASE", "borg",
          "MASTER_PGSQL_USERNAME", "reporter",
          "MASTER_PGSQL_PASSWORD", "hush-m",
          "SLAVE_NAME", "r1");

  @Override
  public String toString() {
    return variable.name();
  }

  static FeedsVariableRow row(
      FeedsVariable variable,
      String value,
      Function<FeedsSpec, Object> effect,
      Object unset,
      Object set) {
    return new FeedsVariableRow(variable, Map.of(), value, effect, Optional.of(unset), set);
  }

  static FeedsVariableRow told(
      FeedsVariable variable,
      String value,
      Function<FeedsSpec.Status, Object> effect,
      Object unset) {
    return new FeedsVariableRow(
        variable,
        MASTER,
        value,
        spec -> effect.apply(spec.status().orElseThrow()),
        Optional.ofNullable(unset),
        value.matches("[0-9]+") ? (Object) Integer.valueOf(value) : value);
  }
}
