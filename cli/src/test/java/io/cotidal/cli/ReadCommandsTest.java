package io.cotidal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("Commands that only look")
class ReadCommandsTest {
  private static final String R = "GET /api/v1/resources";
  private static final String ORDERS = R + "/postgres/orders";

  private ApiServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new ApiServer()
            .on(R, Fleet.all())
            .on(ORDERS, Fleet.orders())
            .on(
                ORDERS + "/plan",
                """
                {"diagnosis":{"code":"primary-dead","sentence":"a is dead"},"inSync":false,
                 "wanted":[{"type":"failover","input":{"from":"a"},"reason":"the primary is dead","automatic":false}],
                 "proposals":[%s]}\
                """
                    .formatted(Fleet.PROPOSAL));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result cot(String line) {
    Shell.Result result = new Shell(server.address()).run(line.split(" "));
    assertThat(server.writes()).as("a command that looks must not write").isEmpty();
    return result;
  }

  private static void ok(Shell.Result result, String out, String err) {
    assertThat(result.out()).isEqualTo(out);
    assertThat(result.err()).isEqualTo(err);
    assertThat(result.exit()).isZero();
  }

  @Test
  @DisplayName("get shows all resources, worst first")
  void list() {
    ok(
        cot("get"),
        """
        RESOURCE         HEALTH    SYNC     OPERATION              WRITES  MODE     DIAGNOSIS
        postgres/orders  critical  drift    #17 failover proposed  -       propose  a is dead; b and c have lost it, too
        postgres/users   ok        in sync  -                      a       manage   a serves
        """,
        "");
  }

  @Test
  @DisplayName("a question is a GET; what is not known is no yes, and ends with 1")
  void question() {
    server.on(
        ORDERS + "/check-replicas?member=b",
        """
        {"sentence":"1 of 2 are as they should be","lines":[
         {"subject":"b","verdict":"yes","sentence":"streams","remedy":"","facts":{"lag-bytes":"0"}},
         {"subject":"c","verdict":"unknown","sentence":"silent","remedy":"cot doctor","facts":{}}]}\
        """);
    Shell.Result asked = cot("check-replicas postgres/orders --member b");
    assertThat(asked.out().lines().map(String::strip))
        .containsExactly(
            "WHAT  HOLDS",
            "b     yes    streams; lag-bytes 0",
            "c     ?      silent; → cot doctor");
    assertThat(asked.err()).isEqualTo("1 of 2 are as they should be\n");
    assertThat(asked.exit()).isEqualTo(1);
    assertThat(cot("check-replicas postgres/orders --member b -o name").out()).isEqualTo("b\nc\n");
    assertThat(cot("check-replicas --help").out())
        .contains("It only reads")
        .doesNotContain("--dry-run", "--yes");
  }

  @Test
  @DisplayName("get says on stderr that there is nothing, and leaves stdout empty")
  void nothing() {
    server.on(R, "{\"resources\":[]}");
    ok(cot("get"), "", "No resources; write one into the daemon's configuration file.\n");
    ok(cot("get -q"), "", "");
  }

  @Test
  @DisplayName("-o name gives ids for scripts, -o json and yaml whole records")
  void forms() {
    ok(cot("get -o name"), "postgres/orders\npostgres/users\n", "");
    server.on(
        R,
        "{\"resources\":[{\"id\":\"postgres/x\",\"epoch\":8,\"inSync\":true,\"links\":[],\"lag\":null}]}");
    ok(
        cot("get -o json"),
        """
        {
          "resources": [
            {
              "id": "postgres/x",
              "epoch": 8,
              "inSync": true,
              "links": [],
              "lag": null
            }
          ]
        }
        """,
        "");
    ok(
        cot("-o yaml get"),
        """
        resources:
          - id: postgres/x
            epoch: 8
            inSync: true
            links: []
            lag: null
        """,
        "");
  }

  @Test
  @DisplayName("get KIND/NAME shows members and links; a lag that nobody knows is no zero")
  void one() {
    ok(
        cot("get postgres/orders"),
        """
        MEMBER  ROLE     HEALTH    WRITES  TIMELINE  POSITION  STATUS
        a       primary  critical  no      3         -         refuses: connection refused
        b       replica  ok        no      3         0/3A0     answers

        LINK        LAG  STATE
        a -> b        ?  broken
        b -> c  planned  wanted
        """,
        "");
  }

  @Test
  @DisplayName(
      "status shows diagnosis with evidence, guarantee, members, links, what is wanted and what is open")
  void status() {
    ok(
        cot("status postgres/orders"),
        """
        postgres/orders  critical  drift  mode propose  epoch 8
        primary-dead: a is dead; b and c have lost it, too
          a   refused 3 times
          b   receiver gone
          cc  receiver gone

        Guarantee: every acknowledged write is on two members

        MEMBER  ROLE     HEALTH    WRITES  TIMELINE  POSITION  STATUS
        a       primary  critical  no      3         -         refuses: connection refused
        b       replica  ok        no      3         0/3A0     answers

        LINK        LAG  STATE
        a -> b        ?  broken
        b -> c  planned  wanted

        Wanted
          TYPE      INPUT   BY ITSELF  REASON
          failover  from=a  no         the primary is dead

        postgres/orders#17 failover is proposed
          reason        asked for
          input         to=b
          risk          irreversible
          asked for by  alice
          created       2026-11-21 09:58:30.000
        """,
        "");
  }

  @Test
  @DisplayName("diff ends with 3 on drift and with 0 in sync")
  void diff() {
    Shell.Result drift = cot("diff");
    assertThat(drift.exit()).isEqualTo(3);
    assertThat(drift.out())
        .isEqualTo(
            """
            RESOURCE         WANTED    INPUT   REASON
            postgres/orders  failover  from=a  the primary is dead
            """);
    server.on(R + "/postgres/users", Fleet.USERS);
    ok(cot("diff postgres/users"), "", "In sync.\n");
    ok(cot("diff postgres/users --quiet"), "", "");
  }

  @Test
  @DisplayName("plan list and plan show")
  void plan() {
    String table =
        """
        PROPOSAL            TYPE      RISK            AGE  REASON
        postgres/orders#17  failover  irreversible  1 min  asked for
        """;
    ok(cot("plan list"), table, "");
    ok(cot("plan list postgres/orders"), table, "");
    ok(cot("plan list -o name"), "postgres/orders#17\n", "");
    ok(
        cot("plan show postgres/orders"),
        """
        postgres/orders: a is dead
        TYPE      INPUT   BY ITSELF  REASON
        failover  from=a  no         the primary is dead

        """
            + table,
        "cot: see the steps: cot plan show postgres/orders#17\n");
  }

  @Test
  @DisplayName("op list and op get, with the times and the evidence of each step")
  void operations() {
    String steps =
        Fleet.row(1, "write a checkpoint on a", "done", 100, 40_100, "")
            + ","
            + Fleet.row(2, "stop a in order", "done", 40_200, 210_000, "\"proof\":\"process gone\"")
            + ","
            + Fleet.row(3, "promote b", "planned", 0, 0, "");
    String operation =
        Fleet.operation("switchover", "disruptive", "failed", "b is gone", 100, 210_100, steps);
    server
        .on(ORDERS + "/operations/17", operation)
        .on(ORDERS + "/operations?limit=50", "{\"operations\":[" + operation + "]}");
    ok(
        cot("op list postgres/orders"),
        """
        OPERATION           TYPE        STATE     AGE    TOOK  BY     WHY
        postgres/orders#17  switchover  failed  1 min  0.21 s  alice  b is gone
        """,
        "");
    ok(
        cot("op get postgres/orders#17"),
        """
        postgres/orders#17 switchover failed after 0.21 s: b is gone
          reason        asked for
          input         to=b
          risk          disruptive
          asked for by  alice
          created       2026-11-21 09:58:30.000
              AT    TOOK  STEP     WHAT
          0.00 s  0.04 s  done     write a checkpoint on a
          0.04 s  0.16 s  done     stop a in order [proof process gone]
                          planned  promote b
        """,
        "");
  }

  @Test
  @DisplayName(
      "events pages through the log and shows the newest; control characters are taken out")
  void events() {
    String log = "GET /api/v1/events?";
    String third = event(9, "third\\u001b[2J", 0);
    server
        .on(log + "latest=50", "{\"events\":[],\"last\":0}")
        .on(
            log + "latest=2",
            "{\"events\":[" + event(4, "second", 17) + "," + third + "],\"last\":9}")
        .on(log + "after=1&limit=1000&resource=postgres/orders", "{\"events\":[],\"last\":4}")
        .on(
            log + "after=4&limit=1000&resource=postgres/orders",
            "{\"events\":[" + third + "],\"last\":9}")
        .on(log + "after=9&limit=1000&resource=postgres/orders", "{\"events\":[],\"last\":9}");
    ok(
        cot("events --last 2"),
        """
        2026-11-21 10:00:00.000  warning   postgres/orders#17  some-code: second (alice)
        2026-11-21 10:00:00.000  warning   postgres/orders  some-code: third [2J (alice)
        """,
        "");
    ok(cot("events postgres/orders --after 1 -o name"), "9\n", "");
    assertThat(cot("events postgres/orders --after 1 -o json").out())
        .startsWith("{\"sequence\":9,")
        .endsWith("}\n")
        .hasLineCount(1);
    ok(cot("events"), "", "No events.\n");
    assertThat(cot("events --last many").exit()).isEqualTo(2);
  }

  private static String event(long sequence, String text, long operation) {
    return """
    {"sequence":%d,"resource":"postgres/orders","micros":%d,"severity":"warning","code":"some-code",
     "operation":%d,"actor":"alice","text":"%s","details":{}}\
    """
        .formatted(sequence, Shell.NOW, operation, text);
  }

  @Test
  @DisplayName("doctor says what fails and the remedy, and ends with 1")
  void doctor() {
    server.on(
        "GET /api/v1/doctor",
        """
        {"checks":[{"name":"store","ok":true,"sentence":"writes in 2 ms","remedy":""},
                   {"name":"clock","ok":false,"sentence":"3 s behind","remedy":"start chronyd"}]}\
        """);
    Shell.Result result = cot("doctor");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .isEqualTo(
            """
            ok     store: writes in 2 ms
            FAILS  clock: 3 s behind
                   start chronyd
            """);
  }

  @Test
  @DisplayName("version tells both sides; --version asks nobody")
  void version() {
    server.on("GET /api/v1/version", "{\"version\":\"9.9\"}");
    ok(cot("version"), "cot     1.2.3\nserver  9.9\n", "");
    int asked = server.requests().size();
    ok(cot("--version"), "cot 1.2.3\n", "");
    assertThat(server.requests()).hasSize(asked);
  }

  @Test
  @DisplayName("watch shows the screen again only when it has changed")
  void watch() {
    server.on(
        R + "/postgres/users",
        Fleet.USERS,
        Fleet.USERS,
        Fleet.USERS.replace("a serves", "a serves, b is behind"));
    Shell.Result result =
        new Shell(server.address())
            .interruptAtPause(4)
            .run("get", "postgres/users", "-o", "yaml", "--watch");
    assertThat(result.exit()).isEqualTo(130);
    assertThat(result.out().split("\n\n")).hasSize(2);
    Shell.Result screen =
        new Shell(server.address())
            .onTerminal(100)
            .set("NO_COLOR", "1")
            .interruptAtPause(2)
            .run("watch", "postgres/users");
    assertThat(screen.out()).startsWith("\u001b[H\u001b[2Jpostgres/users  ok  in sync");
  }

  @Test
  @DisplayName(
      "On a terminal tables keep to its width: columns go first, then the last one is shortened")
  void narrow() {
    Shell.Result result =
        new Shell(server.address()).onTerminal(62).set("NO_COLOR", "1").run("get");
    assertThat(result.out())
        .isEqualTo(
            """
            RESOURCE         HEALTH    SYNC     DIAGNOSIS
            postgres/orders  critical  drift    a is dead; b and c have l…
            postgres/users   ok        in sync  a serves
            """);
  }

  @Test
  @DisplayName("Colours: on a terminal, unless NO_COLOR or CLICOLOR=0; elsewhere only when forced")
  void colours() {
    String red = "\u001b[1;31mcritical\u001b[0m";
    assertThat(new Shell(server.address()).onTerminal(200).run("get").out()).contains(red);
    assertThat(new Shell(server.address()).onTerminal(200).set("NO_COLOR", "1").run("get").out())
        .doesNotContain("\u001b");
    assertThat(new Shell(server.address()).onTerminal(200).set("CLICOLOR", "0").run("get").out())
        .doesNotContain("\u001b");
    assertThat(new Shell(server.address()).run("get").out()).doesNotContain("\u001b");
    assertThat(new Shell(server.address()).set("CLICOLOR_FORCE", "1").run("get").out())
        .contains(red);
  }
}
