package io.cotidal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@DisplayName("Commands that change something")
class ChangeCommandsTest {
  private static final String ORDERS = "/api/v1/resources/postgres/orders";
  private static final String OP = "GET " + ORDERS + "/operations/17";

  private ApiServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ApiServer().on("GET /api/v1/resources", Fleet.all());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result cot(String line) {
    return new Shell(server.address()).run(line.split(" "));
  }

  private static String begun() {
    return Fleet.operation(
        "switchover",
        "disruptive",
        "running",
        "",
        100,
        0,
        Fleet.row(1, "write a checkpoint on a", "intended", 100, 0, "")
            + ","
            + Fleet.row(2, "stop a in order", "planned", 0, 0, ""));
  }

  private static String halfWay() {
    return Fleet.operation(
        "switchover",
        "disruptive",
        "running",
        "",
        100,
        0,
        Fleet.row(1, "write a checkpoint on a", "done", 100, 40_100, "")
            + ","
            + Fleet.row(2, "stop a in order", "intended", 40_200, 0, ""));
  }

  private static String ended(String state, String note) {
    return Fleet.operation(
        "switchover",
        "disruptive",
        state,
        note,
        100,
        210_100,
        Fleet.row(1, "write a checkpoint on a", "done", 100, 40_100, "")
            + ","
            + Fleet.row(
                2, "stop a in order", "done", 40_200, 210_000, "\"proof\":\"process gone\""));
  }

  private void switchoverBegins() {
    server.on("POST " + ORDERS + "/switchover", new ApiServer.Answer(202, begun(), ""));
  }

  @Test
  @DisplayName(
      "An action of a kind is a command: begun under a key of its own, followed step by step")
  void action() {
    switchoverBegins();
    server.on(OP, begun(), halfWay(), ended("done", ""));
    Shell.Result result = cot("switchover postgres/orders --to b --wait");
    assertThat(result.err())
        .isEqualTo(
            """
            postgres/orders#17 switchover: asked for
                0.00 s  begins    write a checkpoint on a
                0.04 s  done      write a checkpoint on a (0.04 s)
                0.04 s  begins    stop a in order
                0.20 s  done      stop a in order [proof process gone] (0.16 s)
            """);
    assertThat(result.out()).isEqualTo("postgres/orders#17 switchover done in 0.21 s\n");
    assertThat(result.exit()).isZero();
    ApiServer.Request sent = server.writes().getFirst();
    assertThat(sent.body()).isEqualTo("{\"to\":\"b\"}");
    assertThat(sent.prefer()).isEqualTo("wait=0");
    assertThat(sent.key()).hasSizeGreaterThan(20);
  }

  @Test
  @DisplayName(
      "On a terminal running steps are drawn below those that have ended, with their progress")
  void live() {
    switchoverBegins();
    String[] answers = new String[12];
    java.util.Arrays.fill(answers, halfWay());
    answers[11] = ended("done", "");
    server
        .on(OP, answers)
        .on(
            "GET " + ORDERS,
            "{\"id\":\"postgres/orders\",\"progress\":{\"17.2\":{\"done\":512,\"total\":2048,\"unit\":\"bytes\"}}}");
    Shell.Result result =
        new Shell(server.address())
            .onTerminal(100)
            .set("NO_COLOR", "1")
            .run("switchover", "postgres/orders", "--to", "b", "--wait");
    assertThat(result.err())
        .contains("running   stop a in order")
        .contains("[#####...............] 512 B of 2.0 KiB")
        .contains("\u001b[1A\u001b[J")
        .doesNotContain("begins");
  }

  @Test
  @DisplayName("Without --wait it is left running behind two seconds: exit 7 and the way back")
  void stillRunning() {
    switchoverBegins();
    server.on(OP, halfWay());
    Shell.Result result = cot("switchover postgres/orders --to b -q");
    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.out()).isEqualTo("postgres/orders#17 switchover is running\n");
    assertThat(result.err()).isEmpty();
    assertThat(cot("switchover postgres/orders --to b").err())
        .endsWith("cot: watch it: cot op watch postgres/orders#17\n");
  }

  @ParameterizedTest(name = "{0} ends with {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          done       | 0 | done in 0.21 s                 | ''
          failed     | 1 | failed after 0.21 s            | cot op get postgres/orders#17
          cancelled  | 1 | cancelled after 0.21 s         | ''
          attention  | 8 | needs attention after 0.21 s   | cot op resolve postgres/orders#17 --done|--failed
          """)
  @DisplayName("The exit code follows from the operation's end")
  void ends(String state, int exit, String out, String err) {
    switchoverBegins();
    server.on(OP, ended(state, ""));
    Shell.Result result = cot("switchover postgres/orders --to b --wait");
    assertThat(result.exit()).isEqualTo(exit);
    assertThat(result.out()).isEqualTo("postgres/orders#17 switchover " + out + "\n");
    assertThat(result.err()).contains(err);
  }

  @Test
  @DisplayName("A proposal is not waited for: it says who must approve")
  void proposed() {
    server.on("POST " + ORDERS + "/rejoin", Fleet.PROPOSAL);
    Shell.Result result = cot("rejoin postgres/orders --member a --wait");
    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.err()).contains("cot plan approve postgres/orders#17");
  }

  @Test
  @DisplayName("Ctrl-C while waiting detaches and says how to come back")
  void detach() {
    switchoverBegins();
    server.on(OP, halfWay());
    Shell.Result result =
        new Shell(server.address())
            .interruptAtPause(3)
            .run("switchover", "postgres/orders", "--to", "b", "--wait");
    assertThat(result.exit()).isEqualTo(130);
    assertThat(result.err())
        .endsWith(
            "\ncot: detached; postgres/orders#17 goes on; watch it again: cot op watch postgres/orders#17\n");
  }

  @Test
  @DisplayName("If the answer is lost, the same request is sent again under the same key")
  void lostAnswer() {
    server.on(
        "POST " + ORDERS + "/switchover",
        new ApiServer.Answer(0, "", ""),
        new ApiServer.Answer(202, "", ORDERS + "/operations/17"));
    server.on(OP, ended("done", ""));
    Shell.Result result = cot("switchover postgres/orders --to b --wait");
    assertThat(result.exit()).isZero();
    assertThat(server.writes()).hasSize(2);
    assertThat(server.writes().get(0).key()).isEqualTo(server.writes().get(1).key());
  }

  @Test
  @DisplayName("If every answer is lost, nobody claims that nothing happened")
  void allAnswersLost() {
    server.on("POST " + ORDERS + "/switchover", new ApiServer.Answer(0, "", ""));
    Shell.Result result = cot("switchover postgres/orders --to b");
    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.err()).contains("may have begun").contains("cot op list postgres/orders");
  }

  @Test
  @DisplayName("A server that goes away while one waits is asked again")
  void lostWhileWaiting() {
    switchoverBegins();
    server.on(
        OP,
        new ApiServer.Answer(200, halfWay(), ""),
        new ApiServer.Answer(0, "", ""),
        ApiServer.problem(503, "store-failed", "the store is busy", "", ""),
        new ApiServer.Answer(200, ended("done", ""), ""));
    Shell.Result result = cot("switchover postgres/orders --to b --wait");
    assertThat(result.exit()).isZero();
    assertThat(result.err()).containsOnlyOnce("does not answer").contains("trying again");
  }

  @Test
  @DisplayName("--dry-run prints the same sentences, marks what is predicted, and changes nothing")
  void dryRun() {
    server.on(
        "POST " + ORDERS + "/switchover?dryRun=true",
        "{\"steps\":[%s],\"predicted\":[%s]}"
            .formatted(Fleet.step("stop a", true, false), Fleet.step("promote b", false, true)));
    Shell.Result result = cot("switchover postgres/orders --to b --dry-run");
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            STEP  CERTAIN    WHAT
               1  yes        stop a (decides what follows)
               2  predicted  promote b (no return from here on)
            """);
    assertThat(result.err()).isEqualTo("Dry run: nothing was changed.\n");
  }

  @Test
  @DisplayName("What cannot be undone is refused without a terminal, unless --yes stands there")
  void irreversibleWithoutTerminal() {
    server.on("POST " + ORDERS + "/failover", ended("done", ""));
    Shell.Result refused = cot("failover postgres/orders");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("cannot be undone").contains("add --yes");
    assertThat(server.requests()).isEmpty();
    assertThat(cot("failover postgres/orders --accept-loss --yes").exit()).isZero();
    assertThat(server.writes().getLast().body()).isEqualTo("{\"accept-loss\":\"true\"}");
  }

  @Test
  @DisplayName("On a terminal it shows the steps and wants the resource's name typed")
  void irreversibleOnTerminal() {
    server
        .on("POST " + ORDERS + "/failover", ended("done", ""))
        .on(
            "POST " + ORDERS + "/failover?dryRun=true",
            "{\"steps\":[%s],\"predicted\":[]}".formatted(Fleet.step("fence a", false, false)));
    Shell.Result wrong =
        new Shell(server.address())
            .onTerminal(100)
            .typing("yes\n")
            .run("failover", "postgres/orders");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.err())
        .contains("fence a")
        .contains("Type postgres/orders to go on: ")
        .endsWith("cot: not confirmed; nothing was changed\n");
    assertThat(server.writes()).noneMatch(it -> it.line().endsWith("/failover"));
    Shell.Result right =
        new Shell(server.address())
            .onTerminal(100)
            .typing("postgres/orders\n")
            .run("failover", "postgres/orders");
    assertThat(right.exit()).isZero();
    assertThat(server.writes()).anyMatch(it -> it.line().endsWith("/failover"));
  }

  @Test
  @DisplayName(
      "plan approve asks for what cannot be undone, then follows; plan reject tells the end")
  void approve() {
    server
        .on(OP, Fleet.PROPOSAL, Fleet.PROPOSAL, ended("done", ""))
        .on("POST " + ORDERS + "/operations/17/approve", new ApiServer.Answer(202, begun(), ""))
        .on("POST " + ORDERS + "/operations/17/reject", ended("superseded", "rejected by alice"));
    assertThat(cot("plan approve postgres/orders#17").exit()).isEqualTo(2);
    assertThat(cot("plan approve postgres/orders#17 --yes --wait").exit()).isZero();
    assertThat(server.writes().getFirst().body()).isEqualTo("{}");
    Shell.Result rejected = cot("plan reject postgres/orders#17");
    assertThat(rejected.exit()).isZero();
    assertThat(rejected.out()).contains("was superseded").contains("rejected by alice");
  }

  @Test
  @DisplayName("pause and resume say for how long, why, and by whom")
  void pause() {
    String paused =
        "{\"id\":\"postgres/orders\",\"pause\":{\"sinceMicros\":1,\"untilMicros\":0,"
            + "\"actor\":\"ann\",\"reason\":\"new disks\"}}";
    server
        .on("POST " + ORDERS + "/pause", new ApiServer.Answer(200, paused, ""))
        .on(
            "POST " + ORDERS + "/resume",
            new ApiServer.Answer(200, "{\"id\":\"postgres/orders\",\"pause\":null}", ""));
    Shell.Result result = cot("pause postgres/orders --for 2h --reason disks");
    assertThat(result.out())
        .isEqualTo("postgres/orders is paused by ann until it is resumed: new disks.\n");
    assertThat(server.writes().getFirst().body())
        .isEqualTo("{\"seconds\":7200,\"reason\":\"disks\"}");
    assertThat(cot("resume postgres/orders").out()).isEqualTo("postgres/orders is not paused.\n");
    assertThat(cot("pause postgres/orders --for 10ms").exit()).isEqualTo(2);
    assertThat(cot("pause postgres/orders --for soon").exit()).isEqualTo(2);
  }

  private static String report(boolean applied, String state) {
    return """
    {"file":"/etc/cotidal.yaml","applied":%s,"changes":[
     {"what":"postgres/orders","change":"changed","state":"%s","reason":"","lines":["~ quorum = 1 -> 0"]},
     {"what":"listen","change":"changed","state":"restart","reason":"takes a restart","lines":[]}]}
    """
        .formatted(applied, state);
  }

  private void configuration(int status, String body) {
    server.on("POST /api/v1/configuration/apply", new ApiServer.Answer(status, body, ""));
  }

  @Test
  @DisplayName("apply tells each change and how far it is; busy is a failure, drift a 3")
  void apply() {
    configuration(200, report(true, "applied"));
    Shell.Result result = cot("apply");
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            postgres/orders changed (applied)
              ~ quorum = 1 -> 0
            listen changed (restart): takes a restart
            """);
    assertThat(server.writes().getFirst().body()).isEqualTo("{\"dryRun\":false}");
    configuration(200, report(true, "busy"));
    assertThat(cot("apply").exit()).isEqualTo(1);
    configuration(200, report(false, "planned"));
    assertThat(cot("apply --dry-run").exit()).isZero();
    assertThat(server.writes().getLast().body()).isEqualTo("{\"dryRun\":true}");
    assertThat(cot("diff -f /no/such/file").exit()).isEqualTo(2);
  }

  @Test
  @DisplayName("diff -f sends the file and ends with 3 if it differs, with 0 if not")
  void diffFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("cotidal.yaml"), "listen: 127.0.0.1:1\n");
    configuration(200, report(false, "planned"));
    assertThat(cot("diff -f " + file).exit()).isEqualTo(3);
    assertThat(server.writes().getFirst().body())
        .contains("\"dryRun\":true", "\"text\":\"listen: 127.0.0.1:1\\n\"");
    configuration(200, "{\"file\":\"f\",\"applied\":false,\"changes\":[]}");
    assertThat(cot("diff -f " + file).exit()).isZero();
  }

  @Test
  @DisplayName("a faulty configuration is told line by line, and ends with 2")
  void faulty() {
    configuration(
        400,
        "{\"type\":\"https://cotidal.io/problems/bad-request\",\"status\":400,"
            + "\"detail\":\"a.yaml:1: one\\na.yaml:2: two\",\"hint\":\"nothing has changed\"}");
    Shell.Result result = cot("apply");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("cot: a.yaml:1: one\ncot: a.yaml:2: two; nothing has changed\n");
  }

  @Test
  @DisplayName("A person's word whose answer is lost is not said twice")
  void lostWord() {
    server
        .on(OP, Fleet.PROPOSAL)
        .on("POST " + ORDERS + "/operations/17/approve", new ApiServer.Answer(0, "", ""));
    Shell.Result result = cot("plan approve postgres/orders#17 --yes");
    assertThat(result.exit()).isEqualTo(7);
    assertThat(result.err())
        .contains("may have been heard")
        .contains("cot op get postgres/orders#17");
    assertThat(server.writes()).hasSize(1);
  }

  @Test
  @DisplayName("plan show of a proposal foretells its steps")
  void foretell() {
    server
        .on(OP, Fleet.PROPOSAL)
        .on(
            "POST " + ORDERS + "/failover?dryRun=true",
            "{\"steps\":[%s],\"predicted\":[]}".formatted(Fleet.step("fence a", false, false)));
    Shell.Result result = cot("plan show postgres/orders#17");
    assertThat(result.out()).contains("  STEP  CERTAIN  WHAT\n     1  yes      fence a\n");
    assertThat(result.err()).contains("cot plan approve postgres/orders#17");
  }

  @Test
  @DisplayName("op watch, cancel, resume and resolve")
  void operations() {
    String post = "POST " + ORDERS + "/operations/17";
    server
        .on(OP, ended("done", ""))
        .on(post + "/cancel", ended("cancelled", "cancelled by alice"))
        .on(post + "/resume", begun())
        .on(post + "/resolve", ended("failed", "disk gone"));
    assertThat(cot("op watch postgres/orders#17").exit()).isZero();
    assertThat(cot("op cancel postgres/orders#17").exit()).isZero();
    assertThat(cot("op resume postgres/orders#17 --wait").exit()).isZero();
    assertThat(cot("op resolve postgres/orders#17 --word gone").exit()).isEqualTo(2);
    assertThat(cot("op resolve postgres/orders#17 --failed --word gone").exit()).isZero();
    assertThat(server.writes().getLast().body()).isEqualTo("{\"done\":false,\"word\":\"gone\"}");
  }

  @Test
  @DisplayName("token create prints the secret alone on stdout; list never has one")
  void tokens() {
    server
        .on(
            "POST /api/v1/tokens",
            new ApiServer.Answer(201, "{\"id\":\"alice\",\"secret\":\"s3cret\"}", ""))
        .on("DELETE /api/v1/tokens/alice", new ApiServer.Answer(204, "", ""))
        .on(
            "GET /api/v1/tokens",
            """
            {"tokens":[{"id":"alice","permission":"operator","scope":"*","createdMicros":0,
                        "expiresMicros":%d,"lastUsedMicros":0}]}\
            """
                .formatted(Shell.NOW + 3L * 86_400_000_000L));
    Shell.Result created = cot("token create alice --permission operator --days 3");
    assertThat(created.out()).isEqualTo("s3cret\n");
    assertThat(server.writes().getFirst().body())
        .isEqualTo("{\"id\":\"alice\",\"permission\":\"operator\",\"scope\":\"*\",\"days\":3}");
    assertThat(cot("token list").out())
        .isEqualTo(
            """
            TOKEN  PERMISSION  SCOPE  EXPIRES  LAST USED
            alice  operator    *      in 3 d   never
            """);
    assertThat(cot("token delete alice").exit()).isZero();
    assertThat(cot("token create alice --permission operater").err())
        .contains("did you mean operator?");
    assertThat(cot("token delete ../x").exit()).isEqualTo(2);
  }
}
