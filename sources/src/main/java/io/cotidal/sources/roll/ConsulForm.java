package io.cotidal.sources.roll;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Instances of a service as Consul's health endpoint lists them. */
public final class ConsulForm {
  private static final String PREFIX = "cotidal-";

  private ConsulForm() {}

  /**
   * The candidates, by name. An instance whose checks do not all pass is not well.
   *
   * @throws NoAnswer if an instance is not understood
   */
  public static List<Candidate> candidates(JsonNode document) throws NoAnswer {
    List<Candidate> candidates = new ArrayList<>();
    for (JsonNode entry : Json.list(document, "the list of instances")) {
      JsonNode node = Json.field(entry, "Node");
      JsonNode service = Json.field(entry, "Service");
      String host = Json.text(service, "Address");
      if (host.isEmpty()) {
        host = Json.text(node, "Address");
      }
      Marks marks = Marks.of(Json.texts(service, "Meta"), PREFIX);
      String name = Json.text(node, "Node") + "-" + Json.text(service, "ID");
      if (host.isEmpty()) {
        throw new NoAnswer(
            "the instance " + Words.quote(name) + " has no address: register it anew");
      }
      boolean well = true;
      for (JsonNode check : Json.list(Json.field(entry, "Checks"), "Checks")) {
        well = well && Json.text(check, "Status").equals("passing");
      }
      Address own = new Address(Address.host(host), Json.port(service, "Port"));
      candidates.add(marks.on(name, own, well));
    }
    candidates.sort(Comparator.comparing(Candidate::name));
    return candidates;
  }
}
