package io.cotidal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.Terminal;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@DisplayName("Errors: one line with what, why and what next, and an exit code")
class ErrorsTest {
  private static final String R = "GET /api/v1/resources";
  private static final String SWITCHOVER = "POST /api/v1/resources/postgres/orders/switchover";

  private ApiServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ApiServer().on(R, Fleet.all()).on(R + "/postgres/orders", Fleet.orders());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void fails(Shell.Result result, int exit, String line) {
    assertThat(result.err()).isEqualTo("cot: " + line + "\n");
    assertThat(result.out()).isEmpty();
    assertThat(result.exit()).isEqualTo(exit);
  }

  private Shell.Result cot(String line) {
    return new Shell(server.address()).run(line.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "get",
    "status postgres/orders",
    "diff",
    "events",
    "plan list",
    "op list",
    "op watch postgres/orders#1",
    "switchover postgres/orders --to b",
    "token list",
    "doctor",
    "watch postgres/orders",
    "events --follow",
    "plan reject postgres/orders#1"
  })
  @DisplayName("Server down")
  void down(String line) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String address = "http://127.0.0.1:" + port;
    fails(
        new Shell(address).run(line.split(" ")),
        1,
        "cannot reach " + address + " (connection refused): is `cot serve` running?");
  }

  @Test
  @DisplayName("No token, unknown token, forbidden")
  void notAllowed() {
    fails(
        new Shell(server.address()).unset("COT_TOKEN").run("get"),
        6,
        server.address()
            + " asks for a token; set COT_TOKEN, or write a token into ~/.config/cotidal/token"
            + " (chmod 600)");
    Shell wrong = new Shell(server.address()).set("COT_TOKEN", "old");
    String refused =
        server.address()
            + " does not accept the token: it is unknown or has expired; set COT_TOKEN, or write"
            + " another into ~/.config/cotidal/token";
    fails(wrong.run("get"), 6, refused);
    fails(wrong.run("switchover", "postgres/orders", "--to", "b"), 6, refused);
    server.on(
        SWITCHOVER, ApiServer.problem(403, "forbidden", "viewer may not switch over", "", ""));
    fails(
        cot("switchover postgres/orders --to b"),
        6,
        "viewer may not switch over; ask an administrator for a token with that permission: cot"
            + " token create");
  }

  @Test
  @DisplayName("A resource that does not exist: the nearest is named")
  void notFound() {
    fails(
        cot("status postgres/order"),
        4,
        "there is no /api/v1/resources/postgres/order; did you mean postgres/orders?");
    fails(
        cot("get postgres/zzzzzzzzzz"),
        4,
        "there is no /api/v1/resources/postgres/zzzzzzzzzz; cot get shows those that there are");
    assertThat(cot("switchover postgres/userz --to b").err())
        .contains("did you mean postgres/users?");
    assertThat(cot("op get postgres/orders#99").exit()).isEqualTo(4);
  }

  @Test
  @DisplayName("Something else is in the way: its id and how to watch it")
  void conflict() {
    server.on(
        SWITCHOVER,
        ApiServer.problem(
            409,
            "conflict",
            "postgres/orders is held by failover #16.",
            "",
            ",\"operation\":\"postgres/orders#16\""));
    fails(
        cot("switchover postgres/orders --to b"),
        5,
        "postgres/orders is held by failover #16; see what is in the way: cot op watch"
            + " postgres/orders#16");
  }

  @Test
  @DisplayName("400, 422, 429, 503 and answers that are no problem documents")
  void others() {
    server.on(
        SWITCHOVER,
        ApiServer.problem(
            400, "bad-request", "b is the primary already", "name another member", ""),
        ApiServer.problem(422, "idempotency-mismatch", "other body", "", ""),
        ApiServer.problem(429, "too-many", "60 requests a minute", "wait a little", ""),
        ApiServer.problem(503, "not-leading", "another control plane leads", "ask 10.0.0.2", ""),
        ApiServer.problem(503, "store-failed", "the disk is full", "", ""),
        new ApiServer.Answer(502, "<html>", ""));
    String line = "switchover postgres/orders --to b";
    fails(cot(line), 2, "b is the primary already; name another member");
    fails(cot(line), 5, "other body");
    fails(cot(line), 1, "60 requests a minute; wait a little");
    fails(cot(line), 1, "another control plane leads; ask 10.0.0.2");
    fails(cot(line), 1, "the disk is full; cot doctor says what is wrong");
    fails(cot(line), 1, server.address() + " answers with status 502; is that a Cotidal server?");
    server.on(R, "<html>hello");
    fails(
        cot("get"),
        1,
        server.address()
            + " answers, but not in JSON; is that a Cotidal server? See --server and COT_SERVER");
  }

  @Test
  @DisplayName("Escape sequences from a server never reach the terminal")
  void hostile() {
    server.on(
        SWITCHOVER,
        ApiServer.problem(400, "bad-request", "x\\u001b]0;owned\\u0007\\nline", "", ""));
    fails(cot("switchover postgres/orders --to b"), 2, "x ]0;owned  line");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          swichover x/y                | no command 'swichover'; did you mean: cot switchover?
          zzzzzzzzzzzz                 | no command 'zzzzzzzzzzzz'; cot --help shows the commands
          op wach x/y#1                | no command 'op wach'; did you mean: cot op watch?
          op zzzzzzzz                  | no command 'op zzzzzzzz'; cot op --help shows the commands
          get --wach                   | cot get has no option --wach; did you mean --watch?
          get -o jsn                   | -o 'jsn' is no form of output; did you mean -o json?
          get a/b c/d                  | 'c/d' is one word too many; usage: cot get [KIND/NAME] [options]
          status                       | something is missing on the command line; usage: cot status KIND/NAME [options]
          status x                     | resource 'x': write kind/name, for example postgres/orders; cot get shows them
          status ../x                  | kind '..': use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit; cot get shows them
          op get postgres/orders       | operation 'postgres/orders': write kind/name#number, for example postgres/orders#17; cot op list shows them
          switchover postgres/orders   | --to is missing; usage: cot switchover KIND/NAME --to MEMBER [options]
          switchover pg/x --to b       | kind 'pg' has no switchover; kinds that have: postgres
          switchover postgres/x --to ? | --to '?' is no name of a member; cot get KIND/NAME shows the members
          rejoin postgres/x --member a --timeout 5s | --timeout means nothing without --wait; add --wait
          rejoin postgres/x --member a --wait --timeout soon | time 'soon' cannot be read; write for example 90s, 5m or 2h
          get --server ftp://x         | --server 'ftp://x' is no address of a server; write http://HOST:PORT or https://HOST:PORT, for example http://127.0.0.1:7400
          get --token abc              | --token does not exist, for every process on the machine could read it; set COT_TOKEN, or write the token into ~/.config/cotidal/token (chmod 600)
          --quiet                      | no command behind --quiet; cot --help shows the commands
          completion zsh               | no completion for 'zsh'; only bash is known
          """)
  @DisplayName("Usage")
  void usage(String line, String message) {
    fails(cot(line), 2, message);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  @DisplayName(
      "The token's file: read when closed to others, refused when open, never sent readable")
  void tokenFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), ApiServer.TOKEN + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Shell shell =
        new Shell(server.address()).unset("COT_TOKEN").set("COT_TOKEN_FILE", file.toString());
    assertThat(shell.run("get", "-o", "name").exit()).isZero();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    fails(
        shell.run("get"),
        6,
        "token file " + file + " is open to other users; run: chmod 600 " + file);
    Path missing = folder.resolve("none");
    assertThat(shell.set("COT_TOKEN_FILE", missing.toString()).run("get").err())
        .contains(missing + " does not exist");
    Path configuration = Files.createDirectories(folder.resolve("cotidal"));
    Path usual = Files.writeString(configuration.resolve("token"), ApiServer.TOKEN);
    Files.setPosixFilePermissions(usual, PosixFilePermissions.fromString("rw-------"));
    shell.unset("COT_TOKEN_FILE").set("XDG_CONFIG_HOME", folder.toString());
    assertThat(shell.run("get", "-o", "name").exit()).isZero();
    fails(
        new Shell("http://192.0.2.1:7400").run("get"),
        6,
        "a token would travel readable to http://192.0.2.1:7400; use https, or a tunnel to the"
            + " server's loopback address");
  }

  @Test
  @DisplayName("A local command gets its arguments as they stand; doctor falls back on one")
  void local() {
    LocalCommand demo = new Echo("demo", 0);
    LocalCommand tour = new Echo("demo tour", 5);
    LocalCommand doctor = new Echo("doctor", 0);
    Shell shell = new Shell("http://127.0.0.1:1").with(demo).with(tour).with(doctor);
    assertThat(shell.run("demo", "--help").out()).isEqualTo("demo [--help]\n");
    assertThat(shell.run("demo", "tour", "-x").exit()).isEqualTo(5);
    assertThat(shell.run("--help").out()).contains("On this machine").contains("demo tour");
    Shell.Result fallen = shell.run("doctor");
    assertThat(fallen.out()).isEqualTo("doctor []\n");
    assertThat(fallen.err()).contains("looking at this machine instead");
    assertThat(shell.actionsAsked()).as("kinds are loaded only for the help").isEqualTo(1);
  }

  private record Echo(String name, int exit) implements LocalCommand {
    @Override
    public String summary() {
      return "Say it again";
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) {
      terminal.out().println(name + " " + arguments);
      return exit;
    }
  }
}
