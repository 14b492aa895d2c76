package io.cotidal.sources.roll;

import io.cotidal.model.Details;
import java.util.Map;

/**
 * What the owner of a container wrote on it for us: labels that begin with a prefix of ours.
 * Whatever else is written there is none of our business.
 *
 * @param name empty for the container's own
 * @param host empty for the container's own
 * @param port 0 for the source's
 * @param labels the others, without the prefix
 */
record Marks(String name, String host, int port, Details labels) {
  static Marks of(Map<String, String> written, String prefix) throws NoAnswer {
    String name = "";
    String host = "";
    int port = 0;
    Details labels = Details.NONE;
    for (Map.Entry<String, String> one : written.entrySet()) {
      if (!one.getKey().startsWith(prefix)) {
        continue;
      }
      String key = one.getKey().substring(prefix.length());
      switch (key) {
        case "name" -> name = one.getValue();
        case "host" -> host = Address.host(one.getValue());
        case "port" -> port = Address.port(one.getValue());
        default -> labels = Labels.with(labels, key, one.getValue());
      }
    }
    return new Marks(name, host, port, labels);
  }

  /** The candidate that they and the container make. */
  Candidate on(String ownName, Address own, boolean fit) {
    String where = host.isEmpty() ? own.host() : host;
    return new Candidate(
        name.isEmpty() ? ownName : name,
        where.isEmpty() ? Address.NONE : new Address(where, port == 0 ? own.port() : port),
        labels,
        fit);
  }
}
