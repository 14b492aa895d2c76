package io.cotidal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.cli.myaas.Original;
import io.cotidal.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@DisplayName("cot compat")
class CompatCommandsTest {
  private static final String COPY =
      """
      {"database":"default","host":"db.example","name":"n1","password":"pa'ss","port":"33061",
       "running":true,"status":"Up 3 hours","created":1795244400,"user":"myaas"}
      """;

  private Myaas service;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    service = new Myaas();
    shell = new Shell("http://127.0.0.1:1").set("DB_URL", service.address());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private Shell.Result fab(String... task) {
    String[] words = new String[task.length + 2];
    words[0] = "compat";
    words[1] = "fab";
    System.arraycopy(task, 0, words, 2, task.length);
    return shell.run(words);
  }

  @Test
  @DisplayName("copies/E5: db.ls shows template, name, status and age; db.templates their names")
  void ls() {
    service
        .on(
            "GET /db",
            200,
            """
            {"databases":[
             {"template":"shop","name":"n1","state":"Up 3 hours","created":1795244400},
             {"template":"shop","name":"n2","state":"Exited (0) 1 second ago",
              "created":1795255199,"expires_at":"1795258800.25"}]}
            """)
        .on("GET /templates", 200, "{\"templates\":[\"a-b\",\"shop\"]}");
    Shell.Result list = fab("db.ls");
    assertThat(list.exit()).isZero();
    assertThat(list.out())
        .isEqualTo(
            """
            Template  Name  Status                   Created
            shop      n1    Up 3 hours               3 hours ago
            shop      n2    Exited (0) 1 second ago  1 second ago
            """);
    assertThat(fab("db.templates").out()).isEqualTo("Template\na-b\nshop\n");
    assertThat(fab("db.ls", "-o", "name").out()).isEqualTo("shop,n1\nshop,n2\n");
    assertThat(fab("db.templates", "-o", "json").out()).contains("\"a-b\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db.new:shop,n1", "db.new:template=shop,name=n1", "db.new:shop,name=n1"})
  @DisplayName("copies/E5: db.new shows how the copy is reached, or says that it exists")
  void create(String task) {
    service.on("POST /db/shop/n1", 201, COPY);
    Shell.Result made = fab(task);
    assertThat(made.exit()).isZero();
    assertThat(made.out())
        .isEqualTo(
            """
            Host        Port   User   Password  Database  Running
            db.example  33061  myaas  pa'ss     default   True
            """);
    service.on("POST /db/shop/n1", 304, "");
    Shell.Result again = fab(task);
    assertThat(again.exit()).isZero();
    assertThat(again.out()).isEqualTo("This database already exists\n");
    assertThat(service.requests()).containsOnly("POST /db/shop/n1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db.info:shop,n1", "db.show:shop,n1"})
  @DisplayName("copies/E5: db.info and db.show show the same, whole on a narrow terminal too")
  void info(String task) {
    service.on("GET /db/shop/n1", 200, COPY);
    shell.onTerminal(20);
    assertThat(fab(task).out()).contains("db.example  33061  myaas  pa'ss");
  }

  @Test
  @DisplayName("copies/E5: db.shell prints a command line that a shell reads as it is meant")
  void shellLine() {
    service.on("GET /db/shop/n1", 200, COPY);
    Shell.Result line = fab("db.shell:shop,n1");
    assertThat(line.exit()).isZero();
    assertThat(line.out())
        .isEqualTo("mysql -umyaas -p'pa'\\''ss' --host=db.example --port=33061 default\n");
    service.on("GET /db/shop/n1", 200, COPY.replace("\"pa'ss\"", "null"));
    assertThat(fab("db.shell:shop,n1").exit()).isEqualTo(1);
  }

  @Test
  @DisplayName("copies/E5: db.container prints the inspection, db.rm that the copy is deleted")
  void others() {
    service
        .on("GET /db/shop/n1?all=True", 200, "{\"container\":{\"Id\":\"x\"}}")
        .on("DELETE /db/shop/n1", 204, "");
    assertThat(fab("db.container:shop,n1").out())
        .isEqualTo("{\n  \"container\": {\n    \"Id\": \"x\"\n  }\n}\n");
    assertThat(fab("db.rm:shop,n1").out()).isEqualTo("Database deleted\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db.new", "db.rm", "db.info", "db.show", "db.shell", "db.container"})
  @DisplayName("copies/E5: what is not there ends with 1 and the original's words")
  void missing(String verb) {
    Shell.Result result = fab(verb + ":shop,n1");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("cot: Database not found");
  }

  @ParameterizedTest
  @CsvSource({
    "423, '{\"status\":\"Database not available, content is being imported.\"}', imported",
    "500, <html>, status 500",
    "401, '{\"detail\":\"no token\",\"hint\":\"send one\"}', wants a token"
  })
  @DisplayName("copies/E5: a code that nobody expected ends with 1 and what the service said")
  void unexpected(int status, String body, String said) {
    service.on("POST /db/shop/n1", status, body);
    Shell.Result result = fab("db.new:shop,n1");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).startsWith("cot: An error happened; status " + status).contains(said);
  }

  @Test
  @DisplayName("copies/E5: a service that does not answer ends with 1; so does no DB_URL")
  void gone() {
    shell.set("DB_URL", "http://127.0.0.1:1");
    Shell.Result result = fab("db.ls");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("cot: Could not connect to API endpoint, maybe the service is down");
    shell.unset("DB_URL");
    assertThat(fab("db.ls").exit()).isEqualTo(1);
    assertThat(fab("db.ls").err()).contains("DB_URL environment variables is not defined.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db.lx",
        "db.new",
        "db.new:shop",
        "db.new:shop,",
        "db.new:shop,n1,x",
        "db.ls:shop",
        "db.rm:,"
      })
  @DisplayName("copies/E5: a task that is none sends nothing and ends with 1")
  void wrong(String task) {
    assertThat(fab(task).exit()).isEqualTo(1);
    assertThat(service.requests()).isEmpty();
  }

  @Test
  @DisplayName("copies/C1: names cannot leave their place in the path")
  void hostile() {
    assertThat(fab("db.rm:../../x,n 1?y").exit()).isEqualTo(1);
    assertThat(service.requests()).containsExactly("DELETE /db/..%2F..%2Fx/n%201%3Fy");
  }

  @Test
  @DisplayName("copies/E1: user and password in DB_URL are sent as HTTP Basic, COT_TOKEN is not")
  void credentials() {
    service.on("GET /templates", 200, "{\"templates\":[]}");
    assertThat(fab("db.templates").exit()).isZero();
    shell.set("DB_URL", service.address().replace("//", "//any:t%2Bk@"));
    assertThat(fab("db.templates").exit()).isZero();
    assertThat(service.requests())
        .containsExactly("GET /templates", "GET /templates Basic YW55OnQraw==");
  }

  @Test
  @DisplayName("copies/E2: a password in DB_URL is not sent in the clear, and never printed")
  void exposed() {
    shell.set("DB_URL", "http://any:hush-hush@db.example:5001");
    Shell.Result result = fab("db.ls");
    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.err()).contains("would travel readable").doesNotContain("hush-hush");
    shell.set("DB_URL", "http://any:hush hush@db.example:5001");
    assertThat(fab("db.ls").err()).contains("is no address").doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DB_URL=http://127.0.0.1:5001",
        "export DB_URL='http://127.0.0.1:5001'",
        "X=1\\nDB_URL = \"http://127.0.0.1:5001\" # here\\n",
        "DB_URL=http://127.0.0.1:5001/ # here"
      })
  @DisplayName("copies/E5: DB_URL may stand in .env; the environment goes before it")
  void dotEnv(String text, @TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve(".env"), text.replace("\\n", "\n"));
    assertThat(Original.find(Map.of(), folder).server()).hasToString("http://127.0.0.1:5001");
    assertThat(Original.find(Map.of("DB_URL", "http://127.0.0.1:1"), folder).server())
        .hasToString("http://127.0.0.1:1");
    Files.writeString(folder.resolve(".env"), "OTHER=1\n");
    assertThatThrownBy(() -> Original.find(Map.of(), folder)).isInstanceOf(Failure.class);
  }

  @Test
  @DisplayName("copies/B10: the reaper deletes what says that it has expired, and nothing else")
  void expired() {
    copies();
    Shell.Result dry = shell.run("compat", "reaper", "--expired", "--dry-run");
    assertThat(dry.out()).isEqualTo("shop,old: expired, would be deleted\n");
    assertThat(service.requests()).containsExactly("GET /db");
    Shell.Result wet = shell.run("compat", "reaper", "--expired");
    assertThat(wet.exit()).isZero();
    assertThat(wet.out()).isEqualTo("shop,old: expired, deleted\n");
    assertThat(service.requests()).containsExactly("GET /db", "GET /db", "DELETE /db/shop/old");
  }

  @Test
  @DisplayName("copies/B8: the reaper lists the dead and the unhealthy, leaves them, ends with 1")
  void dead() {
    copies();
    Shell.Result result = shell.run("compat", "reaper", "--dead", "--unhealthy");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .isEqualTo(
            """
            shop,old: dead, left alone: Exited (0) 1 second ago
            shop,crashed: dead, left alone: Exited (1) 2 days ago
            shop,sick: unhealthy, left alone: Up 1 second (unhealthy)
            """);
    assertThat(service.requests()).containsExactly("GET /db");
    assertThat(shell.run("compat", "reaper").exit()).isEqualTo(2);
  }

  private void copies() {
    service
        .on(
            "GET /db",
            200,
            """
            {"databases":[
             {"template":"shop","name":"young","state":"Up 1 second","expires_at":"1795255200.5"},
             {"template":"shop","name":"old","state":"Exited (0) 1 second ago",
              "expires_at":"1795255199.99"},
             {"template":"shop","name":"ever","state":"Up 2 days","created":1},
             {"template":"shop","name":"odd","state":"Up 2 days","expires_at":"soon"},
             {"template":"shop","name":"crashed","state":"Exited (1) 2 days ago"},
             {"template":"shop","name":"sick","state":"Up 1 second (unhealthy)"}]}
            """)
        .on("DELETE /db/shop/old", 204, "");
  }

  @Test
  @DisplayName("copies/A1: update imports every template, goes on past a failure and ends with 1")
  void update() throws IOException {
    try (ApiServer api = new ApiServer()) {
      String operation = "/api/v1/resources/copies/shop/operations/7";
      api.on(
              "GET /api/v1/resources",
              "{\"resources\":[{\"id\":\"copies/a-b\"},{\"id\":\"copies/shop\"},"
                  + "{\"id\":\"postgres/orders\"}]}")
          .on(
              "POST /api/v1/resources/copies/a-b/import",
              ApiServer.problem(409, "conflict", "an import runs", "", ""))
          .on(
              "POST /api/v1/resources/copies/shop/import",
              new ApiServer.Answer(
                  200,
                  "{\"id\":\"copies/shop#7\",\"type\":\"import\",\"state\":\"done\"}",
                  operation))
          .on(
              "GET " + operation,
              "{\"id\":\"copies/shop#7\",\"type\":\"import\",\"state\":\"done\"}");
      Shell.Result result = new Shell(api.address()).run("compat", "update", "--wait");
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("cot: copies/a-b: an import runs");
      assertThat(api.writes().stream().map(ApiServer.Request::line))
          .isEqualTo(
              List.of(
                  "POST /api/v1/resources/copies/a-b/import",
                  "POST /api/v1/resources/copies/shop/import"));
    }
  }
}
