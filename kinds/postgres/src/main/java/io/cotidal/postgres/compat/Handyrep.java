package io.cotidal.postgres.compat;

import io.cotidal.model.Details;
import io.cotidal.model.MemberView;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * HandyRep's functions over clusters of Cotidal: their names, parameters and answers. Functions
 * that read are answered from what is seen; the others begin the operations that people ask for
 * otherwise.
 */
public final class Handyrep {
  private static final String BY_FILE =
      "servers are those of the configuration: 'cot member add', 'remove' or 'set' shows the lines,"
          + " 'cot apply' takes them up";

  /** Functions that change nothing, with their parameters. */
  private static final Map<String, List<String>> READS =
      Map.ofEntries(
          Map.entry("get_status", List.of("check_type")),
          Map.entry("get_cluster_status", List.of("verify")),
          Map.entry("get_master_name", List.of()),
          Map.entry("get_server_info", List.of("servername", "verify")),
          Map.entry("get_servers_by_role", List.of("serverrole", "verify")),
          Map.entry("read_log", List.of("numlines")),
          Map.entry("get_setting", List.of("category", "setting")),
          Map.entry("poll_master", List.of()),
          Map.entry("verify_master", List.of()),
          Map.entry("poll", List.of("servername")),
          Map.entry("poll_server", List.of("servername")),
          Map.entry("poll_all", List.of()),
          Map.entry("verify_server", List.of("servername")),
          Map.entry("verify_all", List.of()),
          Map.entry("failover_check", List.of("verify")),
          Map.entry("connection_proxy_init", List.of()),
          Map.entry("validate_server_settings", List.of("servername")));

  /** Functions that change something, with their parameters. */
  private static final Map<String, List<String>> CHANGES =
      Map.ofEntries(
          Map.entry("shutdown", List.of("servername")),
          Map.entry("startup", List.of("servername")),
          Map.entry("restart", List.of("servername")),
          Map.entry("restart_master", List.of("whichmaster")),
          Map.entry("promote", List.of("newmaster")),
          Map.entry("manual_failover", List.of("newmaster", "remaster")),
          Map.entry("remaster", List.of("replicaserver", "newmaster")),
          Map.entry("connection_failover", List.of("newmaster")),
          Map.entry("clone", List.of("replicaserver", "reclone", "clonefrom")),
          Map.entry("enable", List.of("servername")),
          Map.entry("disable", List.of("servername")),
          Map.entry("remove", List.of("servername")),
          Map.entry("add_server", List.of()),
          Map.entry("alter_server_def", List.of()),
          Map.entry("stonith", List.of("servername")),
          Map.entry("start_archiving", List.of()),
          Map.entry("stop_archiving", List.of()),
          Map.entry("cleanup_archive", List.of()),
          Map.entry("init_handyrep_db", List.of()),
          Map.entry("reload_conf", List.of("config_file")),
          Map.entry("set_verbose", List.of("verbose")));

  private final Optional<String> bound;

  /**
   * The functions.
   *
   * @param bound the cluster that a path means that names none; empty if every path must name one
   */
  public Handyrep(Optional<String> bound) {
    this.bound = bound;
  }

  /**
   * A request.
   *
   * @param path decoded
   * @param parameters of query and body, decoded
   */
  public record Request(String method, String path, Map<String, String> parameters) {
    /** Copies the map. */
    public Request {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body a map, a list, a text or null, to be written as JSON
   */
  public record Answer(int status, @Nullable Object body) {}

  /** Every function, sorted. */
  public static Set<String> functions() {
    Set<String> all = new TreeSet<>(READS.keySet());
    all.addAll(CHANGES.keySet());
    return all;
  }

  /** Whether the function changes something. */
  public static boolean changes(String function) {
    return CHANGES.containsKey(function);
  }

  static Map<String, Object> done(String details) {
    return result("SUCCESS", details);
  }

  static Map<String, Object> failed(String details) {
    return result("FAIL", details);
  }

  private static Map<String, Object> result(String word, String details) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("result", word);
    result.put("details", details);
    return result;
  }

  static Map<String, Object> error(String reason) {
    return new LinkedHashMap<>(Map.of("Error", reason));
  }

  /** Answers a request of a caller who is known. */
  public Answer answer(Request request, HandyrepDesk desk) throws InterruptedException {
    String[] parts = request.path().split("/", -1);
    boolean named = parts.length == 4 && parts[1].equals("handyrep");
    Optional<String> name = named ? Optional.of(parts[2]) : bound.filter(it -> parts.length == 2);
    if (name.isEmpty()) {
      String paths =
          (bound.isPresent() ? "/<function> or " : "") + "/handyrep/<cluster>/<function>";
      return new Answer(404, error("write " + paths));
    }
    HandyrepCall call = new HandyrepCall(parts[parts.length - 1], request.parameters());
    Optional<Map<String, Object>> wrong = wrong(call);
    if (wrong.isPresent()) {
      return new Answer(200, wrong.get());
    }
    Optional<HandyrepDesk.Cluster> cluster = desk.cluster(name.get());
    if (cluster.isEmpty()) {
      return new Answer(404, failed("there is no cluster " + name.get()));
    }
    return changes(call.function())
        ? changed(request, call, desk, cluster.get())
        : new Answer(200, new HandyrepLooks(desk, cluster.get()).answer(call));
  }

  /** The original answers what it does not know with 200 and an error. */
  private static Optional<Map<String, Object>> wrong(HandyrepCall call) {
    List<String> known = READS.getOrDefault(call.function(), CHANGES.get(call.function()));
    if (known == null) {
      return Optional.of(error("Unknown function " + call.function()));
    }
    Set<String> strange = new LinkedHashSet<>(call.parameters().keySet());
    strange.removeAll(known);
    strange.remove(HandyrepCall.KEY);
    boolean free =
        call.function().equals("add_server") || call.function().equals("alter_server_def");
    return strange.isEmpty() || free
        ? Optional.empty()
        : Optional.of(
            error(
                call.function()
                    + " takes no "
                    + strange.iterator().next()
                    + (known.isEmpty() ? "" : "; it takes " + String.join(", ", known))));
  }

  private static Answer changed(
      Request request, HandyrepCall call, HandyrepDesk desk, HandyrepDesk.Cluster cluster)
      throws InterruptedException {
    if (!request.method().equals("POST")) {
      return new Answer(
          405, failed(call.function() + " changes something: send it by POST, not by GET"));
    }
    if (!desk.changes()) {
      return new Answer(403, failed(call.function() + " takes the administrator's password"));
    }
    HandyrepDesk.Ran ran = new Orders(desk, cluster).run(call);
    return new Answer(200, ran.done() ? done(ran.details()) : failed(ran.details()));
  }

  /** The functions that change something, each as an action of the cluster. */
  private record Orders(HandyrepDesk desk, HandyrepDesk.Cluster cluster) {
    private static final String MEMBER = "member";

    HandyrepDesk.Ran run(HandyrepCall call) throws InterruptedException {
      return switch (call.function()) {
        case "shutdown" -> on("stop", call, "servername");
        case "startup" -> on("start", call, "servername");
        case "restart" -> on("restart", call, "servername");
        case "restart_master" ->
            act("restart", Details.of(MEMBER, call.text("whichmaster").orElse(primary())), call);
        case "promote" -> on("promote", call, "newmaster");
        case "remaster" -> on("remaster", call, "replicaserver");
        case "enable" -> on("enable", call, "servername");
        case "disable" -> on("disable", call, "servername");
        case "stonith" ->
            act("fence", Details.of(MEMBER, call.text("servername").orElse(primary())), call);
        case "manual_failover" -> failover(call);
        case "clone" -> copy(call);
        case "start_archiving" -> act("archive-start", Details.NONE, call);
        case "stop_archiving" -> act("archive-stop", Details.NONE, call);
        case "cleanup_archive" -> act("archive-expire", Details.NONE, call);
        case "remove", "add_server", "alter_server_def" -> no(BY_FILE);
        case "reload_conf" -> desk.reload();
        case "connection_failover" ->
            no(
                "proxies are led to the primary by themselves; connection_proxy_init says where they lead");
        case "init_handyrep_db" ->
            no(
                "Cotidal's state is in its own store; state-table in the configuration writes it here too");
        case "set_verbose" -> no("the log is set when the daemon is started");
        default -> no(call.function() + " is not a function that changes something");
      };
    }

    private static HandyrepDesk.Ran no(String details) {
      return new HandyrepDesk.Ran(false, details);
    }

    private String primary() {
      return cluster.view().ledger().get("primary", "");
    }

    private HandyrepDesk.Ran on(String action, HandyrepCall call, String parameter)
        throws InterruptedException {
      Optional<String> member = call.text(parameter);
      return member.isEmpty()
          ? no(parameter + " is missing")
          : act(action, Details.of(MEMBER, member.get()), call);
    }

    private HandyrepDesk.Ran act(String action, Details input, HandyrepCall call)
        throws InterruptedException {
      String member = input.get(MEMBER, input.get("to", ""));
      boolean named = input.has(MEMBER) || !member.isEmpty();
      if (named && view(member).isEmpty()) {
        return no("there is no server " + member + " in " + cluster.spec().id());
      }
      return can(action)
          ? desk.run(cluster, action, input, call.text(HandyrepCall.KEY))
          : no("this Cotidal has no action " + action + " for a PostgreSQL cluster");
    }

    private boolean can(String action) {
      return desk.actions().stream()
          .anyMatch(each -> each.kind().equals("postgres") && each.name().equals(action));
    }

    private Optional<MemberView> view(String member) {
      return cluster.view().members().stream()
          .filter(each -> each.id().name().equals(member))
          .findFirst();
    }

    /** In order while the primary answers, as a replacement if it does not. */
    private HandyrepDesk.Ran failover(HandyrepCall call) throws InterruptedException {
      boolean answers = cluster.view().members().stream().anyMatch(MemberView::writable);
      Details input =
          call.text("newmaster").map(name -> Details.of("to", name)).orElse(Details.NONE);
      return act(answers ? "switchover" : "failover", input, call);
    }

    private HandyrepDesk.Ran copy(HandyrepCall call) throws InterruptedException {
      Optional<String> member = call.text("replicaserver");
      if (member.isEmpty()) {
        return no("replicaserver is missing");
      }
      boolean runs =
          view(member.get())
              .map(each -> each.facts().get("process", "").equals("running"))
              .orElse(false);
      if (member.get().equals(primary())) {
        return no(member.get() + " is the primary");
      }
      if (runs && !call.flag("reclone")) {
        return no(member.get() + " runs: say reclone=True to copy it anew");
      }
      Optional<String> from = call.text("clonefrom").filter(name -> !name.equals(primary()));
      if (from.isPresent()) {
        return no("servers are copied from the primary; leave clonefrom out");
      }
      Details input = Details.of(MEMBER, member.get());
      return can("clone")
          ? act("clone", input, call)
          : act("rejoin", input.with("way", "clone"), call);
    }
  }
}
