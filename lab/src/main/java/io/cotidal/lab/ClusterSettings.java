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
 * @param proxies lines of the configuration that name the cluster's proxies; empty for none
 */
public record ClusterSettings(
    int listen, String fence, SortedMap<String, String> server, String proxies) {
  /** Copies the map. */
  public ClusterSettings {
    server = new TreeMap<>(server);
  }

  /** Without proxies. */
  public ClusterSettings(int listen, String fence, SortedMap<String, String> server) {
    this(listen, fence, server, "");
  }

  /** The same with other proxies. */
  public ClusterSettings through(String newProxies) {
    return new ClusterSettings(listen, fence, server, newProxies);
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
                "shared_buffers", "32MB")));
  }

  /** The same with another fence. */
  public ClusterSettings fencedBy(String newFence) {
    return new ClusterSettings(listen, newFence, server, proxies);
  }
}
