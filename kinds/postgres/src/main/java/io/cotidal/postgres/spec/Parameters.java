package io.cotidal.postgres.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The server parameters that are ours to set on a member. On one that has a gate these are what a
 * cluster needs here and what is declared; on one that is reached by SQL alone only what is
 * declared.
 *
 * @param usual what is set unless the declaration says otherwise
 * @param declared what the configuration declares
 * @param fixed what nobody else sets: how the member is told from others, and what replication and
 *     our own looks rest on
 */
public record Parameters(
    SequencedMap<String, String> usual,
    SequencedMap<String, String> declared,
    SequencedMap<String, String> fixed) {
  /**
   * A standby must have at least as much of each as its primary has: with less it does not start,
   * or stops replaying.
   */
  public static final Set<String> AT_LEAST_THE_PRIMARYS =
      Set.of(
          "max_connections",
          "max_worker_processes",
          "max_wal_senders",
          "max_prepared_transactions",
          "max_locks_per_transaction");

  private static final Map<String, String> USUAL =
      Map.of(
          "max_wal_senders", "16",
          "max_replication_slots", "16",
          "wal_keep_size", "64MB",
          "wal_receiver_status_interval", "1s",
          "wal_receiver_timeout", "2s",
          "wal_sender_timeout", "3s",
          "wal_retrieve_retry_interval", "100ms",
          "log_line_prefix", "%m [%p] ");

  private static final List<String> ORDER = USUAL.keySet().stream().sorted().toList();

  /** Those of {@code server}. */
  public static Parameters of(PostgresSpec spec, Server server) {
    SequencedMap<String, String> declared = new LinkedHashMap<>(spec.settings());
    if (!server.gated()) {
      return new Parameters(new LinkedHashMap<>(), declared, new LinkedHashMap<>());
    }
    SequencedMap<String, String> usual = new LinkedHashMap<>();
    ORDER.forEach(name -> usual.put(name, USUAL.getOrDefault(name, "")));
    return new Parameters(usual, declared, fixed(server, spec.practice().care().slots().logical()));
  }

  private static SequencedMap<String, String> fixed(Server server, boolean decodes) {
    SequencedMap<String, String> fixed = new LinkedHashMap<>();
    fixed.put("wal_level", decodes ? "logical" : "replica");
    fixed.put("hot_standby", "on");
    fixed.put("wal_log_hints", "on");
    fixed.put("full_page_writes", "on");
    fixed.put("password_encryption", "scram-sha-256");
    fixed.put("recovery_target_timeline", "latest");
    fixed.put("logging_collector", "off");
    fixed.put("log_destination", "stderr");
    fixed.put("lc_messages", "C");
    fixed.put("listen_addresses", String.join(",", server.addresses().distinct()));
    fixed.put("port", Integer.toString(server.port()));
    fixed.put("unix_socket_directories", "");
    fixed.put("cluster_name", server.id().name());
    return fixed;
  }

  /** All of them as they should be. */
  public SequencedMap<String, String> wanted() {
    SequencedMap<String, String> all = new LinkedHashMap<>(usual);
    all.putAll(declared);
    all.putAll(fixed);
    return all;
  }
}
