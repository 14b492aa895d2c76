package io.cotidal.feeds.environment;

import static io.cotidal.feeds.environment.FeedsVariable.CODE_BRANCH;
import static io.cotidal.feeds.environment.FeedsVariable.DEBUG;
import static io.cotidal.feeds.environment.FeedsVariable.FASTLY_API_TOKEN;
import static io.cotidal.feeds.environment.FeedsVariable.FASTLY_PURGE_URL;
import static io.cotidal.feeds.environment.FeedsVariable.FASTLY_SERVICEID;
import static io.cotidal.feeds.environment.FeedsVariable.FASTLY_SOFT_PURGE;
import static io.cotidal.feeds.environment.FeedsVariable.FASTLY_SURROGATE_KEY;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_CLUSTERING;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_DATASTORE_NAMESPACE;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_DEFAULT_CRS;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_SHARING_DATA_DIR;
import static io.cotidal.feeds.environment.FeedsVariable.INCLUDE;
import static io.cotidal.feeds.environment.FeedsVariable.ROLLBACK;
import static io.cotidal.feeds.environment.FeedsVariable.SHARE_PREVIEW_DATA;
import static io.cotidal.feeds.environment.FeedsVariable.SYNC_STATUS_PATH;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.environment.FeedsEnvironment.Reading;
import io.cotidal.feeds.spec.FeedsSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the original's variables make of a replica, variable by variable. */
@Timeout(20)
@DisplayName("a replica with the original's environment and no file")
class FeedsVariablesTest {
  /** What has no default, and nothing else. */
  static final Map<String, String> LEAST =
      Map.of("GEOSERVER_PASSWORD", "hush-gs", "GEOSERVER_PGSQL_PASSWORD", "hush-pg");

  static Stream<FeedsVariableRow> rows() {
    return FeedsVariableRows.all();
  }

  /** These have one value that is taken, or none that has an effect; the report says why. */
  private static final Map<FeedsVariable, String> WITHOUT_EFFECT =
      Map.ofEntries(
          Map.entry(CODE_BRANCH, "uat"),
          Map.entry(SYNC_STATUS_PATH, "/x"),
          Map.entry(SHARE_PREVIEW_DATA, "true"),
          Map.entry(INCLUDE, "a"),
          Map.entry(DEBUG, "true"),
          Map.entry(ROLLBACK, "true"),
          Map.entry(FASTLY_PURGE_URL, "https://cdn.example.org"),
          Map.entry(FASTLY_SERVICEID, "a"),
          Map.entry(FASTLY_API_TOKEN, "hush-t"),
          Map.entry(FASTLY_SOFT_PURGE, "true"),
          Map.entry(FASTLY_SURROGATE_KEY, "a"),
          Map.entry(GEOSERVER_DATASTORE_NAMESPACE, "{}_ds"),
          Map.entry(GEOSERVER_DEFAULT_CRS, "EPSG:4326"),
          Map.entry(GEOSERVER_SHARING_DATA_DIR, "true"),
          Map.entry(GEOSERVER_CLUSTERING, "true"));

  @Test
  @DisplayName("every variable has a row, or says why it has no effect")
  void complete() {
    Set<FeedsVariable> covered = rows().map(FeedsVariableRow::variable).collect(Collectors.toSet());
    covered.addAll(WITHOUT_EFFECT.keySet());
    assertThat(covered).containsExactlyInAnyOrder(FeedsVariable.values());
    assertThat(Arrays.stream(FeedsVariable.values()).filter(FeedsVariable::lifted))
        .isSubsetOf(WITHOUT_EFFECT.keySet());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void unset(FeedsVariableRow row) {
    Map<String, String> environment = environment(row);
    environment.remove(row.variable().name());
    if (row.unset().isPresent()) {
      Reading.Valid valid = valid(environment);
      assertThat(row.effect().apply(valid.spec())).isEqualTo(row.unset().get());
      assertThat(valid.report())
          .contains(row.variable() + " is not set: " + row.variable().unset());
    } else {
      assertThat(invalid(environment))
          .containsExactly(
              row.variable() + " is not set: it says " + row.variable().meaning() + "; set it");
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void set(FeedsVariableRow row) {
    Map<String, String> environment = environment(row);
    environment.put(row.variable().name(), row.value());
    Reading.Valid valid = valid(environment);
    assertThat(row.effect().apply(valid.spec())).isEqualTo(row.set());
    assertThat(valid.report())
        .contains(
            row.variable()
                + "="
                + (row.variable().shown() ? row.value().strip() : "***")
                + " becomes "
                + row.variable().becomes());
    assertThat(valid.toString()).doesNotContain("hush");
  }

  @Test
  @DisplayName("what has no effect changes nothing, and is told as such")
  void withoutEffect() {
    FeedsSpec plain = valid(LEAST).spec();
    WITHOUT_EFFECT.forEach((variable, value) -> {
      Map<String, String> environment = new HashMap<>(LEAST);
      environment.put(variable.name(), value);
      Reading.Valid valid = valid(environment);
      assertThat(valid.spec()).as(variable.name()).isEqualTo(plain);
      assertThat(valid.report())
          .anyMatch(line ->
              line.startsWith(variable + "=" + (variable.shown() ? value : "***"))
                  && line.contains(variable.becomes())
                  && line.contains("is lifted") == variable.lifted());
    });
  }

  private static Map<String, String> environment(FeedsVariableRow row) {
    Map<String, String> environment = new HashMap<>(LEAST);
    environment.putAll(row.beside());
    return environment;
  }

  static Reading.Valid valid(Map<String, String> environment) {
    return switch (FeedsEnvironment.read(environment, "this-machine")) {
      case Reading.Valid valid -> valid;
      case Reading.Invalid invalid -> throw new AssertionError(invalid);
    };
  }

  static List<String> invalid(Map<String, String> environment) {
    return switch (FeedsEnvironment.read(environment, "this-machine")) {
      case Reading.Valid valid -> throw new AssertionError(valid);
      case Reading.Invalid invalid -> invalid.problems();
    };
  }
}
