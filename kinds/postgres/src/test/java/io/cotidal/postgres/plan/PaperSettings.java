package io.cotidal.postgres.plan;

import io.cotidal.model.Details;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.observe.ServerSettings.Entry;
import io.cotidal.postgres.observe.ServerSettings.Kind;
import io.cotidal.postgres.observe.ServerSettings.Parameter;
import io.cotidal.postgres.spec.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parameters of a server on paper: what is declared, what its file says, what is in force. */
final class PaperSettings {
  private static final String BUFFERS = "shared_buffers";
  private static final List<String> AT_START = List.of("max_connections", BUFFERS);

  /** What is wanted; nothing is known of parameters while it is empty. */
  final Map<String, String> declared = new TreeMap<>();

  final Map<String, String> file = new TreeMap<>();
  final Map<String, String> force = new TreeMap<>();

  /** A value of {@code shared_buffers} with which the server does not start. */
  String tooMuch = "";

  /** What is declared is in force, with {@code values}. */
  void whole(Map<String, String> values) {
    file.putAll(values);
    force.putAll(values);
    declared.putAll(values);
  }

  void reload() {
    declared.forEach((name, value) -> {
      if (!AT_START.contains(name)) {
        file.put(name, value);
        force.put(name, value);
      }
    });
  }

  boolean reloaded() {
    return declared.entrySet().stream()
        .allMatch(each ->
            AT_START.contains(each.getKey()) || each.getValue().equals(force.get(each.getKey())));
  }

  Details start(boolean fresh, @Nullable PaperSettings upstream) {
    Map<String, String> before = new TreeMap<>(file);
    if (fresh) {
      file.putAll(declared);
    }
    if (upstream != null) {
      for (String name : Parameters.AT_LEAST_THE_PRIMARYS) {
        String least = upstream.force.get(name);
        if (least != null && Long.parseLong(file.get(name)) < Long.parseLong(least)) {
          file.put(name, least);
        }
      }
    }
    boolean dies = !tooMuch.isEmpty() && tooMuch.equals(file.get(BUFFERS));
    if (dies) {
      file.clear();
      file.putAll(before);
    }
    force.putAll(file);
    return dies ? Details.of(Acts.KEPT, "there is not so much memory") : Details.NONE;
  }

  /** What an inspection finds of a start with what is declared. */
  Details waiting(boolean fresh) {
    boolean waits = fresh && !Objects.equals(declared.get(BUFFERS), force.get(BUFFERS));
    return waits ? Details.of(Acts.KEPT, BUFFERS + " still waits") : Details.NONE;
  }

  @Nullable ServerSettings said() {
    if (declared.isEmpty()) {
      return null;
    }
    TreeMap<String, Parameter> said = new TreeMap<>();
    for (String name : declared.keySet()) {
      String now = force.getOrDefault(name, "0");
      Optional<Entry> entry =
          Optional.ofNullable(file.get(name)).map(value -> new Entry("/d/cotidal.conf", 1, value));
      said.put(
          name,
          new Parameter(
              name,
              now,
              now,
              new Kind("integer", "", "1", "100000", List.of()),
              AT_START.contains(name) ? "postmaster" : "user",
              "configuration file",
              entry,
              Optional.ofNullable(file.get(name))));
    }
    return new ServerSettings(
        said, List.of(), new ServerSettings.Entrance(true, List.of(), List.of()), true);
  }
}
