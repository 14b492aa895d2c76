package io.cotidal.postgres.compat;

import io.cotidal.model.Answers;
import io.cotidal.model.Event;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.Standing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The functions that read. What the original had to go and look for is known here: every member is
 * looked at several times a second, and each look is a whole one.
 */
final class HandyrepLooks {
  private static final int LINES = 20;
  private static final int MOST_LINES = 1_000;

  private final HandyrepDesk desk;
  private final HandyrepDesk.Cluster cluster;
  private final HandyrepStatus status;

  HandyrepLooks(HandyrepDesk desk, HandyrepDesk.Cluster cluster) {
    this.desk = desk;
    this.cluster = cluster;
    this.status = new HandyrepStatus(cluster);
  }

  /** The answer of that function; null is an answer of one of them. */
  @Nullable Object answer(HandyrepCall call) {
    return switch (call.function()) {
      case "get_status" -> everything();
      case "get_cluster_status" -> status.of();
      case "get_master_name" -> masterName().orElse(null);
      case "get_server_info" -> serverInfo(call.text("servername"));
      case "get_servers_by_role" -> byRole(call.text("serverrole").orElse("replica"));
      case "read_log" -> log(call.number("numlines", LINES, MOST_LINES));
      case "get_setting" -> setting(call);
      case "poll_master", "verify_master" -> master();
      case "poll", "poll_server", "verify_server" -> one(call.text("servername"));
      case "poll_all", "verify_all", "failover_check" -> all();
      case "connection_proxy_init" -> proxies();
      case "validate_server_settings" ->
          Handyrep.done("every key of the configuration was checked before it came into force");
      default -> Handyrep.error(call.function() + " is not a function that reads");
    };
  }

  private Map<String, Object> everything() {
    Map<String, Object> servers = new LinkedHashMap<>();
    for (MemberView server : status.servers()) {
      Map<String, Object> one = place(server.id());
      one.put("role", status.role(server));
      one.put("enabled", enabled(server));
      one.putAll(status.of(server));
      servers.put(server.id().name(), one);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("cluster", status.of());
    answer.put("servers", servers);
    return answer;
  }

  private static Map<String, Object> place(HandyrepDesk.Cluster cluster, MemberId member) {
    Map<String, Object> place = new LinkedHashMap<>();
    cluster
        .spec()
        .server(member)
        .ifPresent(server -> place.put("hostname", server.addresses().client()));
    return place;
  }

  private Optional<String> masterName() {
    return status.servers().stream()
        .filter(server -> status.role(server).equals("master"))
        .map(server -> server.id().name())
        .findFirst();
  }

  private Optional<MemberView> find(String name) {
    return status.servers().stream().filter(each -> each.id().name().equals(name)).findFirst();
  }

  private Object serverInfo(Optional<String> name) {
    if (name.isPresent() && find(name.get()).isEmpty()) {
      return Handyrep.failed("there is no server " + name.get() + " in " + cluster.spec().id());
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    status.servers().stream()
        .filter(server -> name.isEmpty() || server.id().name().equals(name.get()))
        .forEach(server -> answer.put(server.id().name(), info(server)));
    return answer;
  }

  private Map<String, Object> info(MemberView member) {
    return info(cluster, status, member);
  }

  private Map<String, Object> place(MemberId member) {
    return place(cluster, member);
  }

  /** Whoever is disabled is left alone until somebody enables it; one that is stopped is not. */
  private static boolean enabled(MemberView member) {
    return !member.facts().get("out", "").startsWith("disabled");
  }

  /** A server's settings and status. */
  static Map<String, Object> info(
      HandyrepDesk.Cluster cluster, HandyrepStatus status, MemberView member) {
    Map<String, Object> info = place(cluster, member.id());
    Server server = cluster.spec().server(member.id()).orElseThrow();
    Standing standing = cluster.spec().practice().policy().of(member.id());
    info.put("role", status.role(member));
    info.put("enabled", enabled(member));
    info.put("port", server.port());
    info.put("pgdata", server.data().toString());
    info.put("failover_priority", standing.priority());
    if (standing.lagLimit() != Standing.UNLIMITED) {
      info.put("lag_limit", standing.lagLimit());
    }
    info.putAll(status.of(member));
    return info;
  }

  private Object byRole(String role) {
    Map<String, Object> answer = new LinkedHashMap<>();
    for (MemberView server : status.servers()) {
      if (status.role(server).equals(role)) {
        answer.put(role.equals("master") ? "master" : server.id().name(), info(server));
      }
    }
    return answer;
  }

  private List<String> log(int lines) {
    return desk.log(cluster, lines).stream().map(HandyrepLooks::line).toList();
  }

  private static String line(Event event) {
    return HandyrepStatus.time(event.micros())
        + ": "
        + event.severity()
        + ": "
        + event.code()
        + ": "
        + event.text();
  }

  private @Nullable Object setting(HandyrepCall call) {
    String category = call.text("category").orElse("handyrep");
    String name = call.text("setting").orElse("");
    if (category.equals("passwords")) {
      return Handyrep.failed("passwords are told to nobody");
    }
    PostgresSpec spec = cluster.spec();
    return switch (category + "." + name) {
      case "handyrep.cluster_name" -> spec.id().name();
      case "handyrep.postgres_superuser" -> spec.access().superuser();
      case "handyrep.replication_user" -> spec.access().replicationUser();
      case "failover.auto_failover" -> spec.failover().automatic();
      case "failover.fail_retries" -> spec.failover().confirm();
      case "failover.fail_retry_interval", "failover.poll_interval" ->
          spec.failover().tick().toMillis() / 1000.0;
      case "failover.restart_master" -> !spec.practice().policy().restart().isZero();
      case "failover.remaster" -> true;
      default ->
          Handyrep.failed(category + "." + name + " is no setting here; see docs/handyrep.md");
    };
  }

  private Map<String, Object> looked(MemberView server) {
    boolean up = server.answers() == Answers.YES;
    Map<String, Object> answer =
        up
            ? Handyrep.done(server.id() + " is up: " + server.status())
            : Handyrep.failed(server.id() + ": " + server.status());
    String process = server.facts().get("process", "unknown");
    answer.put("ssh", "process " + process);
    answer.put("psql", up ? "" : server.status());
    return answer;
  }

  private Object one(Optional<String> name) {
    if (name.isEmpty()) {
      return Handyrep.error("servername is missing");
    }
    return find(name.get())
        .<Object>map(this::looked)
        .orElseGet(() -> Handyrep.failed("there is no server " + name.get()));
  }

  private Object master() {
    List<MemberView> masters = status.servers().stream().filter(MemberView::writable).toList();
    return switch (masters.size()) {
      case 0 -> Handyrep.failed("no server takes writes: " + cluster.view().diagnosis().sentence());
      case 1 -> looked(masters.getFirst());
      default -> Handyrep.failed("several servers take writes: " + names(masters));
    };
  }

  private static String names(List<MemberView> servers) {
    return String.join(", ", servers.stream().map(each -> each.id().name()).toList());
  }

  private Object all() {
    Map<String, Object> servers = new LinkedHashMap<>();
    status.servers().forEach(server -> servers.put(server.id().name(), looked(server)));
    long masters = status.servers().stream().filter(MemberView::writable).count();
    String sentence = cluster.view().diagnosis().sentence();
    Map<String, Object> answer = masters == 1 ? Handyrep.done(sentence) : Handyrep.failed(sentence);
    answer.put("failover_ok", status.failoverOk());
    answer.put("servers", servers);
    return answer;
  }

  /** Where proxies lead is seen by each look, and put right by itself. */
  private Object proxies() {
    if (cluster.spec().practice().proxies().isEmpty()) {
      return Handyrep.done("there are no proxies");
    }
    boolean stale =
        cluster.view().wanted().stream()
            .anyMatch(wanted -> wanted.type().toLowerCase(Locale.ROOT).equals("repoint"));
    return stale
        ? Handyrep.failed("a proxy leads elsewhere; it is put right as soon as it answers")
        : Handyrep.done("every proxy leads to the primary");
  }
}
