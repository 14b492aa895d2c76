package io.cotidal.sources.roll;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Containers as a Docker Engine lists them.
 *
 * @param reference how members are reached
 * @param network whose addresses count; empty if containers have one network
 * @param port of each, unless a label says another; 0 for the usual one
 */
public record DockerForm(Reference reference, Optional<String> network, int port) {
  private static final String PREFIX = "cotidal.";

  /**
   * The candidates, by name. A container that does not run, or that its own check finds ill, is not
   * well.
   *
   * @throws NoAnswer if a container is not understood
   */
  public List<Candidate> candidates(JsonNode document) throws NoAnswer {
    List<Candidate> candidates = new ArrayList<>();
    for (JsonNode container : Json.list(document, "the list of containers")) {
      String name = name(container);
      Marks marks = Marks.of(Json.texts(container, "Labels"), PREFIX);
      Address own =
          !marks.host().isEmpty() || reference == Reference.NAME
              ? new Address(marks.host().isEmpty() ? Address.host(name) : marks.host(), port)
              : address(container, name);
      candidates.add(marks.on(name, own, well(container)));
    }
    candidates.sort(Comparator.comparing(Candidate::name));
    return candidates;
  }

  private static boolean well(JsonNode container) throws NoAnswer {
    String status = Json.text(container, "Status");
    return Json.text(container, "State").equals("running")
        && !status.contains("(unhealthy)")
        && !status.contains("(health: starting)");
  }

  /** The container's own name: others come from links, and hold a second slash. */
  private static String name(JsonNode container) throws NoAnswer {
    for (JsonNode one : Json.list(Json.field(container, "Names"), "Names")) {
      String name = one.isString() ? one.asString() : "";
      if (name.startsWith("/") && name.indexOf('/', 1) < 0) {
        return name.substring(1);
      }
    }
    throw new NoAnswer(
        "a container has no name: "
            + Words.quote(container.toString())
            + ": is it Docker that answers?");
  }

  private Address address(JsonNode container, String name) throws NoAnswer {
    JsonNode networks = Json.field(container, "NetworkSettings").path("Networks");
    String found = "";
    for (String one : networks.propertyNames()) {
      String ip = Json.text(networks.path(one), "IPAddress");
      String six = Json.text(networks.path(one), "GlobalIPv6Address");
      String own = ip.isEmpty() ? six : ip;
      if (own.isEmpty() || network.filter(wanted -> !wanted.equals(one)).isPresent()) {
        continue;
      }
      if (!found.isEmpty()) {
        throw new NoAnswer(
            "the container "
                + Words.quote(name)
                + " is in several networks: say in which its address counts");
      }
      found = own;
    }
    return found.isEmpty() ? Address.NONE : new Address(Address.host(found), port);
  }
}
