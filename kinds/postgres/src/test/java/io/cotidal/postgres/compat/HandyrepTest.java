package io.cotidal.postgres.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Action;
import io.cotidal.model.Actor;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Secret;
import io.cotidal.model.Severity;
import io.cotidal.postgres.actions.PostgresActions;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.Standing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HandyrepTest {
  private static final ResourceId ORDERS = new ResourceId("postgres", "orders");
  private static final MemberId A = new MemberId("a");
  private static final MemberId B = new MemberId("b");
  private static final long MICROS = 1_700_000_000_000_000L;

  private final Desk desk = new Desk();
  private final Handyrep functions = new Handyrep(Optional.of("orders"));

  private static MemberView member(
      MemberId id, Answers answers, Severity severity, String process) {
    boolean primary = id.equals(A);
    return new MemberView(
        id,
        primary ? "primary" : "replica",
        answers,
        "as the test says",
        severity,
        primary && answers == Answers.YES,
        Details.of("process", process));
  }

  private static MemberView well(MemberId id) {
    return member(id, Answers.YES, Severity.INFO, "running");
  }

  private static final class Desk implements HandyrepDesk {
    final List<String> asked = new ArrayList<>();
    List<MemberView> members = List.of(well(A), well(B));
    List<LinkView> links = List.of(new LinkView(A, B, "streaming", 0L, false));
    List<Action> actions = PostgresActions.ALL;
    boolean changes = true;

    @Override
    public Optional<Cluster> cluster(String name) {
      return name.equals("orders") ? Optional.of(new Cluster(spec(), view())) : Optional.empty();
    }

    private static PostgresSpec spec() {
      TreeMap<MemberId, Standing> standings = new TreeMap<>();
      standings.put(B, new Standing(7, false, 1000, new TreeSet<>()));
      return new PostgresSpec(
          ORDERS,
          Mode.MANAGE,
          Stream.of(A, B)
              .map(id ->
                  new Server(id, "db." + id, 5432, Path.of("/srv/" + id), Path.of("/bin"), ""))
              .toList(),
          1,
          Failover.DEFAULT,
          new Access("postgres", new Secret("canary-s"), "replicator", new Secret("canary-r")),
          new TreeMap<>(),
          new Practice(new Policy(standings, List.of(), Duration.ZERO, Duration.ZERO), List.of()));
    }

    private ResourceView view() {
      return new ResourceView(
          ORDERS,
          MICROS,
          Mode.MANAGE,
          true,
          1,
          new PgDiagnosis.Healthy(A, Details.NONE),
          true,
          List.of(),
          "",
          Details.of("primary", A),
          members,
          links,
          List.of(),
          Map.of(),
          List.of());
    }

    @Override
    public boolean changes() {
      return changes;
    }

    @Override
    public List<Action> actions() {
      return actions;
    }

    @Override
    public Ran run(Cluster cluster, String action, Details input, Optional<String> key) {
      asked.add(action + " " + input.entries() + key.map(each -> " " + each).orElse(""));
      return new Ran(true, action + " is done");
    }

    @Override
    public List<Event> log(Cluster cluster, int limit) {
      return List.of(
          new Event(
              ORDERS,
              MICROS,
              Severity.WARNING,
              "degraded",
              0,
              Actor.COTIDAL,
              "b lags",
              Details.NONE));
    }

    @Override
    public Ran reload() {
      asked.add("reload");
      return new Ran(true, "read again");
    }
  }

  private Handyrep.Answer ask(String method, String path, Map<String, String> parameters)
      throws InterruptedException {
    return functions.answer(new Handyrep.Request(method, path, parameters), desk);
  }

  private Map<String, Object> get(String path) throws InterruptedException {
    Handyrep.Answer answer = ask("GET", path, Map.of());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isInstanceOf(Map.class);
    Map<String, Object> body = new LinkedHashMap<>();
    if (answer.body() instanceof Map<?, ?> map) {
      map.forEach((key, value) -> body.put(String.valueOf(key), value));
    }
    return body;
  }

  private String post(String path, Map<String, String> parameters) throws InterruptedException {
    Handyrep.Answer answer = ask("POST", path, parameters);
    assertThat(answer.status()).isEqualTo(200);
    return String.valueOf(answer.body());
  }

  @Test
  @DisplayName("get_status has the original's fields and numbers, for cluster and servers")
  void status() throws InterruptedException {
    Map<String, Object> answer = get("/get_status");
    assertThat(String.valueOf(answer.get("cluster")))
        .contains("status=healthy", "status_no=1", "status_ts=2023-11-14 22:13:20")
        .contains("status_message=");
    assertThat(String.valueOf(answer.get("servers")))
        .contains("a={hostname=db.a, role=master, enabled=true, status=healthy, status_no=1")
        .contains("b={hostname=db.b, role=replica");
    assertThat(ask("GET", "/handyrep/orders/get_master_name", Map.of()).body()).isEqualTo("a");
    assertThat(ask("GET", "/handyrep/none/get_status", Map.of()).status()).isEqualTo(404);
  }

  private String word(MemberView... members) throws InterruptedException {
    desk.members = List.of(members);
    Map<String, Object> all = get("/get_status");
    String cluster = String.valueOf(get("/get_cluster_status").get("status_no"));
    StringBuilder words = new StringBuilder(cluster);
    if (all.get("servers") instanceof Map<?, ?> servers) {
      servers
          .values()
          .forEach(each -> words.append(each instanceof Map<?, ?> m ? m.get("status_no") : "?"));
    }
    return words.toString();
  }

  @Test
  @DisplayName("the numbers 0 to 5 follow from looks: cluster, a, b")
  void numbers() throws InterruptedException {
    assertThat(word(well(A), well(B))).isEqualTo("111");
    assertThat(word(well(A), member(B, Answers.YES, Severity.WARNING, "running"))).isEqualTo("113");
    assertThat(word(well(A), member(B, Answers.NO, Severity.WARNING, "gone"))).isEqualTo("315");
    assertThat(word(well(A), member(B, Answers.NO, Severity.WARNING, "running"))).isEqualTo("314");
    assertThat(word(well(A), member(B, Answers.UNKNOWN, Severity.WARNING, "running")))
        .isEqualTo("113");
    assertThat(word(member(A, Answers.NO, Severity.CRITICAL, "gone"), well(B))).isEqualTo("551");
    assertThat(word(well(A))).isEqualTo("31");
    MemberView nobody = member(A, Answers.UNKNOWN, Severity.INFO, "unknown");
    assertThat(word(nobody)).isEqualTo("00");
    desk.links = List.of(new LinkView(A, B, "streaming", 5000L, false));
    assertThat(word(well(A), well(B))).isEqualTo("112");
  }

  @Test
  @DisplayName("postgres/S26: what reads says SUCCESS or FAIL with details; no password is told")
  void reads() throws InterruptedException {
    assertThat(get("/poll_all"))
        .containsEntry("result", "SUCCESS")
        .containsEntry("failover_ok", true);
    assertThat(String.valueOf(get("/get_server_info")))
        .contains("failover_priority=7", "lag_limit");
    assertThat(String.valueOf(get("/get_servers_by_role"))).startsWith("{b={");
    assertThat(ask("GET", "/get_setting", Map.of("setting", "cluster_name")).body())
        .isEqualTo("orders");
    assertThat(ask("GET", "/read_log", Map.of("numlines", "5")).body())
        .isEqualTo(List.of("2023-11-14 22:13:20: WARNING: degraded: b lags"));
    String secret =
        String.valueOf(
            ask("GET", "/get_setting", Map.of("category", "passwords", "setting", "superuser_pass"))
                .body());
    assertThat(secret).contains("FAIL").doesNotContain("canary");
    for (String function : Handyrep.functions()) {
      Object body = ask("GET", "/" + function, Map.of()).body();
      assertThat(String.valueOf(body)).as(function).doesNotContain("canary");
    }
  }

  @Test
  @DisplayName("unknown functions and parameters answer 200 with an Error, as they did")
  void unknown() throws InterruptedException {
    assertThat(get("/drop_everything").get("Error")).isEqualTo("Unknown function drop_everything");
    assertThat(String.valueOf(ask("GET", "/poll", Map.of("name", "a")).body()))
        .contains("Error", "servername");
    assertThat(ask("GET", "/", Map.of()).status()).isEqualTo(200);
    assertThat(ask("GET", "/a/b/c/d", Map.of()).status()).isEqualTo(404);
  }

  @Test
  @DisplayName("where no cluster is bound, every path names one")
  void unbound() throws InterruptedException {
    Handyrep all = new Handyrep(Optional.empty());
    for (String path : List.of("/get_master_name", "/handyrep/get_master_name", "/handyrep/")) {
      Handyrep.Answer answer = all.answer(new Handyrep.Request("GET", path, Map.of()), desk);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(String.valueOf(answer.body())).contains("write /handyrep/<cluster>/<function>");
    }
    assertThat(
            all.answer(
                    new Handyrep.Request("GET", "/handyrep/orders/get_master_name", Map.of()), desk)
                .body())
        .isEqualTo("a");
  }

  @Test
  @DisplayName("what changes something is not done by GET, nor for who may only read")
  void guarded() throws InterruptedException {
    Handyrep.Answer got = ask("GET", "/manual_failover", Map.of("newmaster", "b"));
    assertThat(got.status()).isEqualTo(405);
    assertThat(String.valueOf(got.body())).contains("FAIL", "POST");
    desk.changes = false;
    assertThat(ask("POST", "/manual_failover", Map.of("newmaster", "b")).status()).isEqualTo(403);
    assertThat(desk.asked).isEmpty();
  }

  @Test
  @DisplayName("each function that changes something is an action of the cluster")
  void changes() throws InterruptedException {
    desk.actions =
        PostgresActions.ALL.stream().filter(each -> !each.name().equals("clone")).toList();
    assertThat(post("/manual_failover", Map.of("newmaster", "b", "idempotency_key", "k1")))
        .contains("SUCCESS");
    desk.members = List.of(member(A, Answers.NO, Severity.CRITICAL, "gone"), well(B));
    assertThat(post("/manual_failover", Map.of("newmaster", "None"))).contains("SUCCESS");
    assertThat(post("/clone", Map.of("replicaserver", "b"))).contains("FAIL", "reclone=True");
    assertThat(post("/clone", Map.of("replicaserver", "b", "reclone", "true"))).contains("SUCCESS");
    assertThat(post("/clone", Map.of("replicaserver", "a", "reclone", "true"))).contains("primary");
    assertThat(post("/shutdown", Map.of("servername", "zz"))).contains("FAIL", "no server zz");
    assertThat(post("/add_server", Map.of("servername", "d", "ip", "x")))
        .contains("cot member add");
    assertThat(post("/reload_conf", Map.of())).contains("SUCCESS");
    assertThat(desk.asked)
        .containsExactly(
            "switchover {to=b} k1", "failover {}", "rejoin {member=b, way=clone}", "reload");
  }

  @Test
  @DisplayName(
      "an action that this Cotidal has not is said to be missing; one that it has is begun")
  void routedByName() throws InterruptedException {
    desk.actions = List.of();
    assertThat(post("/stonith", Map.of())).contains("FAIL", "no action fence");
    desk.actions =
        Stream.of(
                "fence",
                "stop",
                "start",
                "restart",
                "promote",
                "remaster",
                "clone",
                "enable",
                "disable",
                "archive-start",
                "archive-stop",
                "archive-expire")
            .map(name ->
                new Action("postgres", name, "", Permission.OPERATOR, Risk.DISRUPTIVE, List.of()))
            .toList();
    assertThat(post("/stonith", Map.of())).contains("SUCCESS");
    assertThat(post("/restart_master", Map.of())).contains("SUCCESS");
    assertThat(post("/promote", Map.of("newmaster", "b"))).contains("SUCCESS");
    assertThat(post("/startup", Map.of("servername", "b"))).contains("SUCCESS");
    assertThat(post("/remaster", Map.of("replicaserver", "b"))).contains("SUCCESS");
    assertThat(post("/cleanup_archive", Map.of())).contains("SUCCESS");
    assertThat(desk.asked)
        .containsExactly(
            "fence {member=a}",
            "restart {member=a}",
            "promote {member=b}",
            "start {member=b}",
            "remaster {member=b}",
            "archive-expire {}");
  }
}
