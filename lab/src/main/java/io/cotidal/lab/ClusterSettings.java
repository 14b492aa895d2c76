package io.cotidal.lab;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the configuration of a daemon for a demo cluster says.
 *
 * @param listen the port of the daemon's HTTP API
 * @param fence {@code process} or {@code quorum}: how the old primary is kept from acknowledging
 *     writes
 * @param server further server parameters
 * @param members what the configuration says of a member beside its name and port, in YAML; without
 *     an entry, where its data lies
 * @param proxies lines of the configuration that name the cluster's proxies; empty for none
 */
public record ClusterSettings(
    int listen,
    String fence,
    SortedMap<String, String> server,
    SortedMap<String, String> members,
    String proxies) {
  /** Copies the maps. */
  public ClusterSettings {
    server = new TreeMap<>(server);
    members = new TreeMap<>(members);
  }

  /** Fenced by process; little write-ahead log is kept, for the disk may be small. */
  public static ClusterSettings listening(int port) {
    return new ClusterSettings(
        port,
        "process",
        new TreeMap<>(
            Map.of(
                "max_wal_size", "128MB",
                "min_wal_size", "32MB",
                "shared_buffers", "32MB")),
        new TreeMap<>(),
        "");
  }

  /** The same with another fence. */
  public ClusterSettings fencedBy(String newFence) {
    return new ClusterSettings(listen, newFence, server, members, proxies);
  }

  /** The same with other proxies. */
  public ClusterSettings through(String newProxies) {
    return new ClusterSettings(listen, fence, server, members, newProxies);
  }

  /** The same with other words about a member. */
  public ClusterSettings member(String name, String yaml) {
    TreeMap<String, String> all = new TreeMap<>(members);
    all.put(name, yaml);
    return new ClusterSettings(listen, fence, server, all, proxies);
  }
}
