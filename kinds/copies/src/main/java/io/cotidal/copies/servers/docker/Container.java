package io.cotidal.copies.servers.docker;

import io.cotidal.copies.servers.ServerRuntime.Standing;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A container, as the Engine describes it.
 *
 * @param name without the leading slash
 * @param state the Engine's word: created, running, paused, restarting, removing, exited, dead
 * @param labels what it is labelled with
 * @param ending how its last run ended; says nothing in a list
 */
public record Container(
    String name, String state, SortedMap<String, String> labels, Ending ending) {

  /**
   * How a run ended.
   *
   * @param status its exit status; 0 if it runs or was never started
   * @param outOfMemory whether the kernel killed it because it went over its limit
   * @param error why it could not be started; empty if it was
   */
  public record Ending(int status, boolean outOfMemory, String error) {}

  /** From the answer to a question for one container. */
  static Container inspected(JsonNode json) {
    JsonNode state = json.path("State");
    return new Container(
        json.path("Name").asString("").replaceFirst("^/", ""),
        state.path("Status").asString(""),
        labels(json.path("Config").path("Labels")),
        new Ending(
            state.path("ExitCode").asInt(0),
            state.path("OOMKilled").asBoolean(false),
            Answer.oneLine(state.path("Error").asString(""))));
  }

  /** From an entry of a list. */
  static Container listed(JsonNode json) {
    return new Container(
        json.path("Names").path(0).asString("").replaceFirst("^/", ""),
        json.path("State").asString(""),
        labels(json.path("Labels")),
        new Ending(0, false, ""));
  }

  /**
   * How its server stands.
   *
   * @throws DockerException if the Engine uses a word that is not known: unknown is never gone
   */
  Standing standing() throws DockerException {
    return switch (state) {
      case "running", "restarting" -> Standing.RUNNING;
      case "paused" -> Standing.PAUSED;
      case "created", "exited", "dead" -> Standing.GONE;
      // Its process may still be on the way out.
      case "removing" -> Standing.RUNNING;
      default ->
          throw new DockerException(
              "the Docker Engine says that the container "
                  + name
                  + " is '"
                  + Answer.oneLine(state)
                  + "', which says nothing about whether it runs");
    };
  }

  private static SortedMap<String, String> labels(JsonNode json) {
    TreeMap<String, String> labels = new TreeMap<>();
    json.properties().forEach(entry -> labels.put(entry.getKey(), entry.getValue().asString("")));
    return labels;
  }
}
