package io.cotidal.lab;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What differs between the clusters that tests, the demo and the measurements run.
 *
 * @param listen port of the daemon on the loopback
 * @param fence {@code process} or {@code quorum}: how the old primary is kept from acknowledging
 *     writes
 * @param server further server parameters
 * @param members what the configuration says of a member beside its name and port, in YAML; without
 *     an entry, where its data lies
 */
public record ClusterSettings(
    int listen, String fence, SortedMap<String, String> server, SortedMap<String, String> members) {
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
        new TreeMap<>());
  }

  /** The same with another fence. */
  public ClusterSettings fencedBy(String newFence) {
    return new ClusterSettings(listen, newFence, server, members);
  }

  /** The same with other words about a member. */
  public ClusterSettings member(String name, String yaml) {
    TreeMap<String, String> all = new TreeMap<>(members);
    all.put(name, yaml);
    return new ClusterSettings(listen, fence, server, all);
  }
}
