package io.cotidal.sources.roll;

import io.cotidal.model.Details;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Endpoint slices of a service as Kubernetes' API lists them.
 *
 * @param reference by name means {@code HOSTNAME.SERVICE.NAMESPACE.svc}, which pods of a stateful
 *     set have
 * @param family the address type of the slices that count: {@code IPv4}, {@code IPv6} or {@code
 *     FQDN}
 * @param portName the name of the port; empty if the service has one
 * @param domain {@code SERVICE.NAMESPACE.svc}
 */
public record KubernetesForm(Reference reference, String family, String portName, String domain) {

  /**
   * The candidates of all slices, by name. An endpoint may stand in two slices while Kubernetes
   * moves it.
   *
   * @throws NoAnswer if a slice is not understood
   */
  public List<Candidate> candidates(List<JsonNode> slices) throws NoAnswer {
    Map<Address, Candidate> candidates = new LinkedHashMap<>();
    for (JsonNode slice : slices) {
      if (!Json.text(slice, "addressType").equals(family)) {
        continue;
      }
      int port = port(slice);
      for (JsonNode endpoint : Json.elements(slice, "endpoints")) {
        Candidate one = candidate(endpoint, port);
        candidates.merge(one.address(), one, (first, second) -> second.fit() ? second : first);
      }
    }
    return candidates.values().stream().sorted(Comparator.comparing(Candidate::name)).toList();
  }

  private int port(JsonNode slice) throws NoAnswer {
    int found = 0;
    for (JsonNode port : Json.elements(slice, "ports")) {
      String name = Json.text(port, "name");
      if (!portName.isEmpty() && !portName.equals(name)) {
        continue;
      }
      if (found != 0) {
        throw new NoAnswer("the service has several ports: say the name of the one that counts");
      }
      found = Json.port(port, "port");
    }
    if (!portName.isEmpty() && found == 0) {
      throw new NoAnswer("the service has no port " + Words.quote(portName) + ": correct its name");
    }
    return found;
  }

  private Candidate candidate(JsonNode endpoint, int port) throws NoAnswer {
    List<JsonNode> addresses = Json.elements(endpoint, "addresses");
    if (addresses.isEmpty() || !addresses.getFirst().isString()) {
      throw new NoAnswer("an endpoint has no address: is it Kubernetes that answers?");
    }
    String hostname = Json.text(endpoint, "hostname");
    String pod =
        endpoint.path("targetRef").isObject() ? Json.text(endpoint.path("targetRef"), "name") : "";
    String host = addresses.getFirst().asString();
    if (reference == Reference.NAME) {
      if (hostname.isEmpty()) {
        throw new NoAnswer(
            "the endpoint "
                + Words.quote(host)
                + " has no host name: make the service headless, with a stateful set, or take"
                + " addresses");
      }
      host = hostname + "." + domain;
    }
    return new Candidate(
        hostname.isEmpty() ? pod : hostname,
        new Address(Address.host(host), port),
        labels(endpoint),
        well(endpoint));
  }

  private static Details labels(JsonNode endpoint) throws NoAnswer {
    Details labels = Details.NONE;
    String zone = Json.text(endpoint, "zone");
    String node = Json.text(endpoint, "nodeName");
    labels = zone.isEmpty() ? labels : Labels.with(labels, "site", zone);
    return node.isEmpty() ? labels : Labels.with(labels, "node", node);
  }

  /** As the API says: ready unless it says otherwise, and not on its way out. */
  private static boolean well(JsonNode endpoint) {
    JsonNode conditions = endpoint.path("conditions");
    JsonNode ready = conditions.path("ready");
    JsonNode terminating = conditions.path("terminating");
    return !(ready.isBoolean() && !ready.booleanValue())
        && !(terminating.isBoolean() && terminating.booleanValue());
  }
}
