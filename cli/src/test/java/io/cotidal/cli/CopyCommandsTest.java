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
@DisplayName("Copies and templates")
class CopyCommandsTest {
  private static final String SHOP = "/api/v1/resources/copies/shop";
  private static final String ITEM = "GET " + SHOP + "/items/copy/feature-42";
  private static final String OP = "GET " + SHOP + "/operations/9";
  private static final String WAY = "postgresql://app:canary@127.0.0.1:5501/shop";

  private ApiServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new ApiServer()
            .on("GET /api/v1/resources", "{\"resources\":[" + Fleet.USERS + "," + Fleet.SHOP + "]}")
            .on("GET " + SHOP, Fleet.SHOP)
            .on("GET " + SHOP + "/items?sort=copy", "{\"items\":[" + Fleet.COPY + "]}")
            .on(ITEM, Fleet.COPY)
            .on(
                ITEM + "/access",
                access("PGPASSWORD='canary' psql 'host='\\''127.0.0.1'\\'' port=5501'"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String access(String cli) {
    return """
    {"sort":"copy","name":"feature-42","access":{
      "url":"%s","cli":"%s","env":"DB_PORT=5501\\nDB_PASSWORD='canary'"}}
    """
        .formatted(WAY, cli.replace("\\", "\\\\"));
  }

  private static String operation(String type, String state, String steps) {
    return Fleet.operation(
            type, "safe", state, "", 100, state.equals("running") ? 0 : 300_000, steps)
        .replace("postgres/orders#17", "copies/shop#9");
  }

  private Shell.Result cot(String line) {
    return new Shell(server.address()).run(line.split(" "));
  }

  private void answers(String action, int status, String body) {
    server.on("POST " + SHOP + "/" + action, new ApiServer.Answer(status, body, ""));
  }

  @Test
  @DisplayName("A copy that is made at once: one request, then its connection strings")
  void created() {
    answers("create", 201, operation("create", "done", ""));
    Shell.Result result = cot("copy create copies/shop/feature-42 --ttl 8h");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("url  " + WAY).doesNotContain("DB_PORT");
    assertThat(result.err()).contains("cot copy shell copies/shop/feature-42");
    ApiServer.Request sent = server.writes().getFirst();
    assertThat(sent.body()).isEqualTo("{\"name\":\"feature-42\",\"ttl\":\"8h\"}");
    assertThat(sent.prefer()).isEqualTo("wait=2");
    assertThat(sent.key()).hasSizeGreaterThan(20);
    assertThat(cot("copy create copies/shop/feature-42 -o name").out())
        .isEqualTo("copies/shop/feature-42\n");
    assertThat(cot("copy create copies/shop/feature-42 -o json").out())
        .contains("\"id\": \"copies/shop/feature-42\"", "\"url\": \"" + WAY + "\"");
  }

  @Test
  @DisplayName("A copy that takes longer is followed with --wait, else left running with exit 7")
  void slow() {
    answers("create", 202, operation("create", "running", ""));
    server.on(OP, operation("create", "running", ""), operation("create", "done", ""));
    Shell.Result waited = cot("copy create copies/shop/feature-42 --wait");
    assertThat(waited.exit()).as(waited.err()).isZero();
    assertThat(waited.out()).contains(WAY);
    assertThat(server.writes().getFirst().prefer()).isEqualTo("wait=10");
    server.on(OP, operation("create", "running", ""));
    Shell.Result left = cot("copy create copies/shop/feature-42");
    assertThat(left.exit()).isEqualTo(7);
    assertThat(left.out()).isEqualTo("copies/shop#9 create is running\n");
    server.on(OP, operation("create", "failed", ""));
    assertThat(cot("copy create copies/shop/feature-42 --wait").exit()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{1}: exit {2}")
  @CsvSource({
    "409,exists,5",
    "423,not-yet,5",
    "429,limit-reached,1",
    "507,no-room,1",
    "403,forbidden,6"
  })
  @DisplayName("What is declined is one line with the next command")
  void declined(int status, String code, int exit) {
    server.on(
        "POST " + SHOP + "/create", ApiServer.problem(status, code, "because", "do this", ""));
    Shell.Result result = cot("copy create copies/shop/feature-42");
    assertThat(result.exit()).isEqualTo(exit);
    assertThat(result.err()).startsWith("cot: because; do this").hasLineCount(1).contains("cot ");
  }

  @ParameterizedTest
  @CsvSource({
    "copy show shop/feature-42",
    "copy show copies/shop",
    "copy show copies/shop/../x",
    "copy delete postgres/orders/a --yes",
    "template show shop",
    "copy create copies/shop/A",
    "template import",
    "template import copies/shop --all",
    "copy create",
    "template import copies/shop --file /nowhere/shop.sql",
    "template import --all --file x",
    "template import copies/shop --file x --dump y"
  })
  @DisplayName("A name of another form is a usage error, and nothing is asked")
  void names(String line) {
    Shell.Result result = cot(line);
    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  @DisplayName("Copies in a table, as names, as records; a name that is not there has a nearest")
  void looks() {
    assertThat(cot("copy list").out())
        .isEqualTo(
            """
            COPY                    OWNER  STATE  GENERATION  ADDRESS         AGE    EXPIRES
            copies/shop/feature-42  ann    ready  g3          127.0.0.1:5501  2 min  in 8 h
            """);
    assertThat(cot("copy list copies/shop -o name").out()).isEqualTo("copies/shop/feature-42\n");
    assertThat(cot("copy list -o yaml").out()).contains("id: copies/shop/feature-42");
    Shell.Result one = cot("copy show copies/shop/feature-42");
    assertThat(one.out()).contains("generation", "g3").doesNotContain("canary");
    assertThat(cot("copy show copies/shop/feature-42 --access").out()).contains(WAY);
    Shell.Result missing = cot("copy show copies/shop/feature-43");
    assertThat(missing.exit()).isEqualTo(4);
    assertThat(missing.err()).contains("did you mean copies/shop/feature-42?");
    assertThat(cot("copy env copies/shop/feature-42").out())
        .isEqualTo("DB_PORT=5501\nDB_PASSWORD='canary'\n");
  }

  @Test
  @DisplayName("copy shell runs the client with the password in its environment, not in arguments")
  void shell() {
    Shell shell = new Shell(server.address());
    assertThat(shell.run("copy", "shell", "copies/shop/feature-42").exit()).isZero();
    assertThat(shell.programs())
        .containsExactly("psql|host='127.0.0.1' port=5501 {PGPASSWORD=canary}");
    server.on(
        ITEM + "/access",
        access("MYSQL_PWD='canary' mariadb --protocol=tcp --host='::1' --port=5501 'shop'"));
    Shell other = new Shell(server.address());
    assertThat(other.run("copy", "shell", "copies/shop/feature-42").exit()).isZero();
    assertThat(other.programs())
        .containsExactly(
            "mariadb|--no-defaults|--protocol=tcp|--host=::1|--port=5501|shop"
                + " {MYSQL_PWD=canary}");
    Shell bare = new Shell(server.address()).withoutPrograms();
    Shell.Result result = bare.run("copy", "shell", "copies/shop/feature-42");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("mariadb cannot be run on this machine").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "rm -rf /",
    "PGPASSWORD=canary psql $(id)",
    "PGPASSWORD=canary psql x; id",
    "PGPASSWORD=canary psql -c x",
    "MYSQL_PWD=canary mariadb --init-command=x",
    "MYSQL_PWD=canary mariadb --password=canary",
    "MYSQL_PWD=canary mariadb --host=canary",
    "LD_PRELOAD=canary psql x",
    "PGPASSWORD='canary psql x"
  })
  @DisplayName("copy shell runs nothing but known clients with known options")
  void hostileLine(String line) {
    server.on(ITEM + "/access", access(line));
    Shell shell = new Shell(server.address());
    Shell.Result result = shell.run("copy", "shell", "copies/shop/feature-42");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).doesNotContain("canary");
    assertThat(shell.programs()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "reset --refresh --yes | reset | {\"name\":\"feature-42\",\"refresh\":\"true\"}",
        "renew --ttl 2d | renew | {\"name\":\"feature-42\",\"ttl\":\"2d\"}",
        "stop | stop | {\"name\":\"feature-42\"}",
        "start --wait | start | {\"name\":\"feature-42\"}",
        "delete --yes | delete | {\"name\":\"feature-42\"}"
      })
  @DisplayName("What becomes of a copy is asked of its template")
  void changes(String line, String action, String body) {
    answers(action, 200, operation(action, "done", ""));
    String[] words = line.split(" ", 2);
    String rest = words.length > 1 ? " " + words[1] : "";
    Shell.Result result = cot("copy " + words[0] + " copies/shop/feature-42" + rest);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(server.writes().getFirst().body()).isEqualTo(body);
  }

  @Test
  @DisplayName("What cannot be undone is asked about")
  void confirmed() {
    for (String verb : new String[] {"reset", "delete"}) {
      Shell.Result result = cot("copy " + verb + " copies/shop/feature-42");
      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err()).contains("--yes");
    }
    assertThat(server.writes()).isEmpty();
  }

  private void compared(String evidence) {
    String step =
        Fleet.row(1, "compare", "done", 100, 200, evidence)
            .replace("\"act\":\"act\"", "\"act\":\"compare\"");
    answers("compare", 202, operation("compare", "running", ""));
    server.on(OP, operation("compare", "done", step));
  }

  @Test
  @DisplayName("copy diff: exit 0 if nothing differs, 3 if something does, 1 if nobody can tell")
  void diff() {
    compared("\"shop.a\":\"same\",\"shop.b\":\"same\"");
    Shell.Result same = cot("copy diff copies/shop/feature-42");
    assertThat(same.exit()).as(same.err()).isZero();
    assertThat(same.out()).isEqualTo("No difference in 2 tables.\n");
    compared("\"shop.a\":\"same\",\"shop.b\":\"12 rows, was 10\"");
    Shell.Result other = cot("copy diff copies/shop/feature-42");
    assertThat(other.exit()).isEqualTo(3);
    assertThat(other.out()).contains("shop.b", "12 rows, was 10").doesNotContain("shop.a");
    compared("");
    assertThat(cot("copy diff copies/shop/feature-42").exit()).isEqualTo(1);
  }

  @Test
  @DisplayName("Templates with their generation; one with where its generations come from")
  void templates() {
    assertThat(cot("template list").out())
        .contains("copies/shop  ok")
        .contains("g3")
        .doesNotContain("postgres/users");
    assertThat(cot("template list -o name").out()).isEqualTo("copies/shop\n");
    assertThat(cot("template show copies/shop").out())
        .contains("g3 *", "1204331", "/srv/shop.sql.gz", "0123456789ab")
        .doesNotContain("0123456789abc");
  }

  @Test
  @DisplayName("An import names its dump; --all imports every template; what fails is the exit")
  void imports() {
    answers("import", 200, operation("import", "done", ""));
    assertThat(cot("template import copies/shop --dump /srv/a.sql").exit()).isZero();
    assertThat(server.writes().getFirst().body()).isEqualTo("{\"dump\":\"/srv/a.sql\"}");
    assertThat(cot("template import copies/shop --to-name before --backup 20261123T020000Z").exit())
        .isZero();
    assertThat(server.writes().getLast().body())
        .isEqualTo("{\"to-name\":\"before\",\"backup\":\"20261123T020000Z\"}");
    assertThat(cot("template import --all --to-name before").exit()).isEqualTo(2);
    assertThat(cot("template import --all").exit()).isZero();
    assertThat(server.writes().getLast().body()).isEqualTo("{}");
    server.on("POST " + SHOP + "/import", ApiServer.problem(400, "bad-request", "no dump", "", ""));
    assertThat(cot("template import --all").exit()).isEqualTo(2);
  }

  @Test
  @DisplayName("A dump of this side is sent as it is, with its checksum, and its import followed")
  void uploaded(@TempDir Path folder) throws IOException {
    String text = "CREATE TABLE t (id INT);\n".repeat(5_000);
    Path dump = Files.writeString(folder.resolve("my shop.sql"), text);
    answers("import/upload?file=my+shop.sql", 200, operation("import", "done", ""));
    Shell.Result result =
        new Shell(server.address())
            .onTerminal(120)
            .run("template", "import", "copies/shop", "--file", dump.toString(), "--wait");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).contains("sends my shop.sql  [", "sent my shop.sql: 122.0 KiB");
    ApiServer.Request sent = server.writes().getFirst();
    assertThat(sent.body()).isEqualTo(text);
    assertThat(sent.prefer()).isEqualTo("wait=0");
    assertThat(sent.key()).hasSizeGreaterThan(20);

    answers("import/upload", 200, operation("import", "done", ""));
    Shell.Result piped =
        new Shell(server.address())
            .typing(text)
            .run("template", "import", "copies/shop", "--file", "-");
    assertThat(piped.exit()).as(piped.err()).isZero();
    assertThat(server.writes().getLast().body()).isEqualTo(text);
    assertThat(piped.err()).contains("sent -: 122.0 KiB").doesNotContain("\u001b");
  }

  @Test
  @DisplayName("An upload that is refused, or breaks off, says why; nothing is sent a second time")
  void uploadRefused(@TempDir Path folder) throws IOException {
    Path dump = Files.writeString(folder.resolve("a.sql"), "SELECT 1;\n");
    server.on(
        "POST " + SHOP + "/import/upload?file=a.sql",
        ApiServer.problem(507, "no-room", "disk: about 3 GiB are needed", "make room", ""));
    Shell.Result full = cot("template import copies/shop --file " + dump);
    assertThat(full.exit()).isEqualTo(1);
    assertThat(full.err()).contains("about 3 GiB are needed").hasLineCount(1);
    answers("import/upload?file=a.sql", 0, "");
    Shell.Result cut = cot("template import copies/shop --file " + dump);
    assertThat(cut.exit()).as(cut.err()).isEqualTo(7);
    assertThat(cut.err()).contains("broke off", "cot op list copies/shop");
    assertThat(server.writes()).hasSize(2);
  }

  @Test
  @DisplayName("On a terminal an import shows how far it is and how long it will take")
  void estimated() {
    String running = operation("import", "running", Fleet.row(1, "load", "intended", 100, 0, ""));
    answers("import", 202, running);
    String[] looks = new String[40];
    java.util.Arrays.fill(looks, running);
    looks[39] = operation("import", "done", "");
    server.on(OP, looks);
    String[] views = new String[30];
    for (int i = 0; i < views.length; i++) {
      views[i] =
          "{\"id\":\"copies/shop\",\"progress\":{\"9.1\":{\"done\":%d,\"total\":102400,\"unit\":\"bytes\"}}}"
              .formatted(1024 * (i + 1));
    }
    server.on("GET " + SHOP, views);
    Shell.Result result =
        new Shell(server.address())
            .onTerminal(120)
            .run("template", "import", "copies/shop", "--wait");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).contains("of 100.0 KiB, about ").contains(" s left");
  }
}
