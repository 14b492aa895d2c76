package io.cotidal.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.SshServer;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ssh.SshHosts;
import io.cotidal.remote.ssh.SshLink;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member's machine, prepared over Debian's SSH server. */
@Timeout(120)
class MemberPrepareIT {
  @TempDir Path state;
  @TempDir Path here;
  private ServerRegistry registry;
  private SshServer server;
  private Path far;

  @BeforeEach
  void begin() throws Exception {
    Optional<Path> bin = PostgresBinaries.installed(15);
    String missing =
        SshServer.missing().orElse(bin.isEmpty() ? "apt-get install postgresql-15" : "");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    registry = ServerRegistry.open(state, Path.of("/tmp"));
    server = SshServer.start(registry);
    far = server.makeFolder("far");
    // The operator's key may do everything; Cotidal's own is not let in yet.
    server.letIn("", server.stranger());
    Files.writeString(here.resolve("operators"), server.knownHost() + "\n");
    Files.writeString(
        here.resolve("cotidal.yaml"),
        """
        postgres:
          orders:
            quorum: 0
            members:
              - name: b
                driver: ssh
                port: 5433
                data: %s
                bin: %s
                ssh: {user: %s, port: %d, identity: "%s", known-hosts: "%s"}
            superuser: {password: {secret: "env:PW"}}
            replication: {password: {secret: "env:PW"}}
        """
            .formatted(
                far.resolve("srv/b"),
                bin.orElseThrow(),
                server.user(),
                server.port(),
                server.identity(),
                here.resolve("known_hosts")));
  }

  @AfterEach
  void end() throws Exception {
    if (registry != null) {
      server.stop();
      registry.close();
    }
  }

  private record Said(int exit, String out, String err) {}

  private Said prepare(String... flags) {
    List<String> arguments = new ArrayList<>(List.of(flags));
    arguments.addAll(
        List.of(
            "--config",
            here.resolve("cotidal.yaml").toString(),
            "--identity",
            server.stranger().toString(),
            "--known-hosts",
            here.resolve("operators").toString(),
            "--gate",
            far.resolve("gate").toString(),
            "--authorized-keys",
            server.authorizedKeys().toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> environment = Map.of("PW", "canary", "HOME", here.toString());
    int exit =
        new MemberPrepare(environment, Kinds.reader(Map.of(), environment, here))
            .run(
                arguments,
                new Terminal(
                    InputStream.nullInputStream(),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false,
                    false,
                    false,
                    () -> 0));
    return new Said(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("a plan first, then the gate answers; a repeat changes nothing")
  void prepared() throws Exception {
    String keys = Files.readString(server.authorizedKeys());
    Said plan = prepare("postgres/orders/b");
    assertThat(plan.err()).isEmpty();
    assertThat(plan.exit()).isEqualTo(ExitCode.OK.number());
    assertThat(plan.out())
        .contains("make file " + far.resolve("gate/cotidal-gate"))
        .contains("make file " + far.resolve("gate/members/b@orders"))
        .contains("make line " + server.authorizedKeys())
        .contains("make line " + here.resolve("known_hosts"))
        .contains("with --yes");
    assertThat(far.resolve("gate")).doesNotExist();
    assertThat(here.resolve("known_hosts")).doesNotExist();
    assertThat(server.authorizedKeys()).hasContent(keys);
    assertThat(prepare("postgres/orders/b", "--yes", "--dry-run").out()).isEqualTo(plan.out());

    Said done = prepare("postgres/orders/b", "--yes");
    assertThat(done.err()).isEmpty();
    assertThat(done.exit()).isEqualTo(ExitCode.OK.number());
    assertThat(done.out()).contains("the gate answers: the data of b is absent");
    String list = Files.readString(server.authorizedKeys());
    assertThat(list)
        .startsWith(keys)
        .contains("restrict,command=\"" + far.resolve("gate/cotidal-gate") + "\" ssh-ed25519");

    Said again = prepare("postgres/orders/b", "--yes");
    assertThat(again.out().lines().filter(line -> line.startsWith("  ")))
        .allMatch(line -> line.startsWith("  keep "));
    assertThat(server.authorizedKeys()).hasContent(list);
  }

  @Test
  @DisplayName("Cotidal's key runs the gate alone; its line replaces one without restrictions")
  void restricted() throws Exception {
    server.letIn("");
    assertThat(prepare("postgres/orders/b").out()).contains("replace line");
    assertThat(prepare("postgres/orders/b", "--yes").exit()).isEqualTo(ExitCode.OK.number());
    String key = SshServer.publicKey(server.identity());
    assertThat(Files.readAllLines(server.authorizedKeys()))
        .filteredOn(line -> line.contains(key))
        .singleElement()
        .asString()
        .startsWith("restrict,command=");
    try (SshLink link = new SshHosts().link(server.access())) {
      try (var channel = link.open("id", Deadline.in(Duration.ofSeconds(20)))) {
        assertThat(channel.hearOrEnd(Deadline.in(Duration.ofSeconds(20)))).isEmpty();
        assertThat(channel.complaint()).contains("nothing else");
      }
    }
  }

  @Test
  @DisplayName("what stands in the way is said, and nothing is half done")
  void refused() {
    Said unknown = prepare("postgres/orders/x");
    assertThat(unknown.exit()).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(unknown.err()).contains("no member postgres/orders/x");
    Said words = prepare("postgres/orders/b", "--login", "Root@host");
    assertThat(words.exit()).isEqualTo(ExitCode.USAGE.number());
    Said login = prepare("postgres/orders/b", "--login", "nobody-here@127.0.0.1:" + server.port());
    assertThat(login.exit()).isEqualTo(ExitCode.FAILED.number());
    assertThat(login.err()).contains("not let in");
  }
}
