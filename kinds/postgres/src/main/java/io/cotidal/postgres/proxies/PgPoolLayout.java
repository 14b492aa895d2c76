package io.cotidal.postgres.proxies;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a Pgpool-II's own configuration says: which of its nodes is which member, and whatever in it
 * would let it decide by itself who is primary.
 *
 * @param nodes by number; empty where the address is no member's
 * @param addresses by number, as Pgpool-II writes them
 * @param cautions what must be changed there
 */
record PgPoolLayout(
    Map<Integer, Optional<MemberId>> nodes, Map<Integer, String> addresses, List<String> cautions) {
  private static final String HOST = "backend_hostname";
  private static final String PORT = "backend_port";
  private static final String FLAG = "backend_flag";
  private static final String HEALTH = "health_check_period";

  /** Switches that let it detach, attach or promote on its own. */
  private static final List<String> OFF =
      List.of(
          "failover_on_backend_error",
          "failover_on_backend_shutdown",
          "detach_false_primary",
          "auto_failback");

  /** Programs that it would run at what we tell it. */
  private static final List<String> EMPTY =
      List.of("failover_command", "failback_command", "follow_primary_command");

  /** Copies the collections. */
  PgPoolLayout {
    nodes = new TreeMap<>(nodes);
    addresses = new TreeMap<>(addresses);
    cautions = List.copyOf(cautions);
  }

  /** Reads it from the settings that the control port tells. */
  static PgPoolLayout of(PostgresSpec spec, Map<String, String> settings) {
    Map<Integer, Optional<MemberId>> nodes = new TreeMap<>();
    Map<Integer, String> addresses = new TreeMap<>();
    for (int i = 0; settings.containsKey(HOST + i); i++) {
      String host = settings.getOrDefault(HOST + i, "");
      String port = settings.getOrDefault(PORT + i, "");
      if (!host.isEmpty()) {
        nodes.put(i, member(spec, host, port));
        addresses.put(i, host + ":" + port);
      }
    }
    List<String> cautions = new ArrayList<>(decides(settings));
    for (Server server : spec.servers()) {
      if (!nodes.containsValue(Optional.of(server.id()))) {
        cautions.add("it has no node for " + server.id());
      }
    }
    return new PgPoolLayout(nodes, addresses, cautions);
  }

  private static Optional<MemberId> member(PostgresSpec spec, String host, String port) {
    return spec.servers().stream()
        .filter(server ->
            Integer.toString(server.port()).equals(port)
                && server.addresses().distinct().contains(host))
        .map(Server::id)
        .findFirst();
  }

  private static List<String> decides(Map<String, String> settings) {
    List<String> wrong = new ArrayList<>();
    for (String name : OFF) {
      if (on(settings.getOrDefault(name, "off"))) {
        wrong.add("it decides by itself: set " + name + " = off");
      }
    }
    for (String name : EMPTY) {
      if (!settings.getOrDefault(name, "").isBlank()) {
        wrong.add("it runs a program of its own: set " + name + " = ''");
      }
    }
    settings.forEach((name, value) -> {
      boolean checks = name.matches(HEALTH + "[0-9]*") && !value.matches("0*|0+[a-z]+");
      boolean kept = name.matches(FLAG + "[0-9]+") && value.contains("DISALLOW_TO_FAILOVER");
      if (checks) {
        wrong.add("it decides by itself: set " + name + " = 0");
      } else if (kept) {
        wrong.add("it cannot be led: set " + name + " = 'ALLOW_TO_FAILOVER'");
      }
    });
    String mode = settings.getOrDefault("backend_clustering_mode", "streaming_replication");
    if (!Set.of("streaming_replication", "1").contains(mode)) {
      wrong.add("set backend_clustering_mode = 'streaming_replication'");
    }
    return wrong;
  }

  private static boolean on(String value) {
    return Set.of("on", "1", "true", "yes").contains(value);
  }

  /** The node of that member. */
  Optional<Integer> number(MemberId member) {
    return nodes.entrySet().stream()
        .filter(entry -> entry.getValue().equals(Optional.of(member)))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
