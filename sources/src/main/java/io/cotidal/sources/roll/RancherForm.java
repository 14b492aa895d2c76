package io.cotidal.sources.roll;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Containers as Rancher's metadata service lists them.
 *
 * @param reference how members are reached
 * @param port of each; 0 for the usual one
 * @param states a container in another state is not well; empty takes every state
 * @param healths a container of another health is not well; empty takes every health
 */
public record RancherForm(Reference reference, int port, Set<String> states, Set<String> healths) {
  private static final String PREFIX = "cotidal.";

  /** What an old version of the service calls no health at all. */
  private static final String NO_HEALTH = "none";

  /** Copies the sets. */
  public RancherForm {
    states = Set.copyOf(states);
    healths = Set.copyOf(healths);
  }

  /**
   * The candidates of a list of containers; those that have no address are of no use as yet.
   *
   * @throws NoAnswer if a container is not understood
   */
  public List<Candidate> candidates(List<JsonNode> containers) throws NoAnswer {
    List<Candidate> candidates = new ArrayList<>();
    for (JsonNode container : containers) {
      String name = Json.text(container, "name");
      String ip = Json.text(container, "primary_ip");
      if (name.isEmpty()) {
        throw new NoAnswer(
            "a container has no name: "
                + Words.quote(container.toString())
                + ": look at the API version that is asked for");
      }
      Marks marks = Marks.of(Json.texts(container, "labels"), PREFIX);
      Address own =
          ip.isEmpty()
              ? Address.NONE
              : new Address(Address.host(reference == Reference.ADDRESS ? ip : name), port);
      candidates.add(marks.on(name, own, well(container)));
    }
    return candidates;
  }

  private boolean well(JsonNode container) throws NoAnswer {
    String state = Json.text(container, "state");
    String health = Json.text(container, "health_state");
    return (states.isEmpty() || states.contains(state))
        && (healths.isEmpty() || healths.contains(health.isEmpty() ? NO_HEALTH : health));
  }

  /**
   * Those of all containers that belong to a service, for versions of the service that list only
   * their names.
   *
   * @param stack empty for any
   */
  public static List<JsonNode> of(List<JsonNode> containers, String stack, String service)
      throws NoAnswer {
    List<JsonNode> chosen = new ArrayList<>();
    for (JsonNode container : containers) {
      boolean belongs =
          Json.text(container, "service_name").equalsIgnoreCase(service)
              && (stack.isEmpty() || Json.text(container, "stack_name").equalsIgnoreCase(stack));
      if (belongs) {
        chosen.add(container);
      }
    }
    return chosen;
  }
}
