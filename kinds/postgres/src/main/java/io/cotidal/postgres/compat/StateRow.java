package io.cotidal.postgres.compat;

import io.cotidal.model.MemberView;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cluster's state as HandyRep's table held it: three texts of JSON, without any secret. Two rows
 * are equal if nothing but time is different.
 */
public final class StateRow {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TIME = "status_ts";

  private final Map<String, Object> config;
  private final Map<String, Object> servers;
  private final Map<String, Object> status;

  private StateRow(
      Map<String, Object> config, Map<String, Object> servers, Map<String, Object> status) {
    this.config = config;
    this.servers = servers;
    this.status = status;
  }

  /** What is seen of the cluster now. */
  public static StateRow of(HandyrepDesk.Cluster cluster) {
    HandyrepStatus seen = new HandyrepStatus(cluster);
    Map<String, Object> servers = new LinkedHashMap<>();
    for (MemberView server : seen.servers()) {
      servers.put(server.id().name(), HandyrepLooks.info(cluster, seen, server));
    }
    Map<String, Object> status = seen.of();
    status.put("epoch", cluster.view().epoch());
    return new StateRow(config(cluster.spec()), servers, status);
  }

  private static Map<String, Object> config(PostgresSpec spec) {
    Map<String, Object> general = new LinkedHashMap<>();
    general.put("cluster_name", spec.id().name());
    general.put("postgres_superuser", spec.access().superuser());
    general.put("replication_user", spec.access().replicationUser());
    Map<String, Object> failover = new LinkedHashMap<>();
    failover.put("auto_failover", spec.failover().automatic());
    failover.put("fail_retries", spec.failover().confirm());
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("handyrep", general);
    config.put("failover", failover);
    return config;
  }

  /** The settings. */
  public String config() {
    return JSON.writeValueAsString(config);
  }

  /** Each server with its settings and its status. */
  public String servers() {
    return JSON.writeValueAsString(servers);
  }

  /** The cluster's status, and the epoch of the leader that wrote it. */
  public String status() {
    return JSON.writeValueAsString(status);
  }

  private Object basis() {
    Map<String, Object> timeless = new LinkedHashMap<>();
    servers.forEach((name, server) -> timeless.put(name, without(server)));
    return Map.of("config", config, "servers", timeless, "status", without(status));
  }

  private static Object without(Object fields) {
    if (!(fields instanceof Map<?, ?> map)) {
      return fields;
    }
    Map<Object, Object> rest = new LinkedHashMap<>(map);
    rest.remove(TIME);
    // Its sentence counts the seconds.
    rest.remove("status_message");
    return rest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateRow row && basis().equals(row.basis());
  }

  @Override
  public int hashCode() {
    return basis().hashCode();
  }
}
