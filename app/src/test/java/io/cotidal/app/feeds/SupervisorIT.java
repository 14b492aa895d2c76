package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.GitRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The section that is shipped, under Debian's supervisor. */
@Timeout(240)
@DisplayName("cot feed run under supervisor")
final class SupervisorIT {
  private static final Path SUPERVISOR = Path.of("/usr/bin/supervisord");

  private CloneLab lab;

  @BeforeEach
  void open() throws IOException {
    boolean there = Files.isExecutable(SUPERVISOR);
    if (!there && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError("supervisor is not installed");
    }
    assumeTrue(there, "SKIPPED: supervisor is not installed");
    lab = CloneLab.open();
  }

  @AfterEach
  void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  @DisplayName("is started with its file of variables, works, and ends by TERM within 30 s with 0")
  void startsAndStops() throws Exception {
    GitRepo master = lab.git();
    String first = master.write("kmi/layers/sites.old.json", CloneLab.GONE).commit("gone");
    Path variables = lab.variables("git", master.folder().toString());
    Path configuration = configuration(section(variables));
    lab.registry.start(
        new ProcessBuilder(SUPERVISOR.toString(), "--nodaemon", "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(lab.folder.resolve("supervisord.out").toFile()));

    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(applied()).as(log()).isEqualTo(first));
    // It counts as started after startsecs.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(control(configuration, "status")).contains("RUNNING"));

    Instant asked = Instant.now();
    assertThat(control(configuration, "stop", "cotidal-feed")).contains("stopped");
    assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(30));
    assertThat(Files.readString(lab.folder.resolve("supervisord.log")))
        .contains("stopped: cotidal-feed (exit status 0)");
    assertThat(control(configuration, "shutdown")).contains("Shut down");
  }

  /** What is shipped, with the paths and the account of this test. */
  private List<String> section(Path variables) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("dist/supervisor"))) {
      root = Objects.requireNonNull(root.getParent(), "not in the project");
    }
    List<String> shipped = Files.readAllLines(root.resolve("dist/supervisor/cotidal-feed.conf"));
    assertThat(shipped).contains("[program:cotidal-feed]", "stopsignal=TERM", "stopwaitsecs=30");
    Path program = lab.program();
    return shipped.stream()
        .filter(line -> !line.startsWith("user="))
        .map(line ->
            line.replace("/opt/cotidal/cot", program.toString())
                .replace("/etc/cotidal/feeds.env", variables.toString())
                .replace("/var/lib/cotidal", lab.folder.toString())
                .replace("/var/log/cotidal/", lab.folder + "/"))
        .toList();
  }

  private Path configuration(List<String> section) throws IOException {
    String text =
        """
        [unix_http_server]
        file=%1$s/s.sock
        chmod=0700
        [supervisord]
        logfile=%1$s/supervisord.log
        pidfile=%1$s/supervisord.pid
        childlogdir=%1$s
        [rpcinterface:supervisor]
        supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
        [supervisorctl]
        serverurl=unix://%1$s/s.sock
        """
            .formatted(lab.folder);
    return Files.writeString(
        lab.folder.resolve("supervisord.conf"),
        text + section.stream().collect(Collectors.joining("\n")) + "\n");
  }

  private String control(Path configuration, String... words) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/supervisorctl", "-c", configuration.toString()));
    command.addAll(List.of(words));
    return lab.run(command, Map.of()).said();
  }

  private String applied() throws Exception {
    return lab.run(
            List.of(
                "/usr/bin/git", "-C", lab.copy().toString(), "rev-parse", "refs/cotidal/applied"),
            Map.of())
        .said()
        .strip();
  }

  private String log() throws IOException {
    Path said = lab.folder.resolve("feed.log");
    return Files.exists(said) ? Files.readString(said) : "nothing said";
  }
}
