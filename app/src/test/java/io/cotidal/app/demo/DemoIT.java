package io.cotidal.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.DaemonProcess;
import io.cotidal.app.DaemonsHere;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.lab.ServerProcesses;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process of its own, ended in every way in which it can end. */
@Timeout(180)
class DemoIT {
  @TempDir Path root;

  private Path base;
  private Process demo;

  /** Runs {@code cot demo} with its arguments. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      System.exit(
          new DemoCommand(new DaemonsHere("test"))
              .run(List.of(args), Terminal.system(System.getenv())));
    }
  }

  @BeforeEach
  void start() throws Exception {
    // The servers' user must be able to reach it: not below a folder of the test's own.
    base = Files.createTempDirectory("cotidal-demo-it");
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx--x--x"));
    demo = child("--port", freePort());
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> said().contains("inserts acknowledged, writing to"));
  }

  @AfterEach
  void end() throws Exception {
    demo.destroyForcibly().waitFor();
    ServerRegistry.open(state(), base).close();
    Files.delete(base);
  }

  private Path state() throws IOException {
    return Files.createDirectories(root.resolve("state"));
  }

  private String said() throws IOException {
    return Files.readString(root.resolve("out"));
  }

  private String freePort() throws IOException {
    try (ServerRegistry registry = ServerRegistry.open(state(), base)) {
      return Integer.toString(registry.port());
    }
  }

  private Process child(String... arguments) throws IOException {
    List<String> command = DaemonProcess.java(List.of());
    command.add(Child.class.getName());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().put("COT_STATE_DIR", state().toString());
    builder.environment().put("COT_DEMO_DIR", base.toString());
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("out").toFile()))
        .start();
  }

  private boolean serversRun() throws IOException {
    return new ServerProcesses(base).running();
  }

  @Test
  void brokenItHealsAndEndedItLeavesNothing() throws Exception {
    var out = new ByteArrayOutputStream();
    Break.run(state(), new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("Killed the primary a");

    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> said().contains("failover done") && said().contains("rejoin done"));
    long before = written();
    await().atMost(Duration.ofMinutes(1)).until(() -> written() > before);

    demo.destroy();
    assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(serversRun()).isFalse();
    assertThat(base).isEmptyDirectory();
    assertThat(DemoState.find(state())).isEmpty();
  }

  @Test
  void aSecondOneOnItsPortSaysSoAndKilledItIsCleanedUpAfterByTheNext() throws Exception {
    String page = DemoState.find(state()).orElseThrow().page();
    Matcher port = Pattern.compile(":(\\d+)/").matcher(page);
    assertThat(port.find()).isTrue();
    Process second = child("--port", port.group(1));
    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(said()).contains("cot demo: port " + port.group(1)).contains("is taken");
    assertThat(demo.isAlive()).isTrue();

    Signal.KILL.send(new ProcessTable().find(demo.pid()).orElseThrow().id());
    assertThat(demo.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(serversRun()).isTrue();
    assertThat(DemoState.find(state())).isEmpty();

    try (ServerRegistry next = ServerRegistry.open(state(), base)) {
      assertThat(next.swept().labs()).isEqualTo(1);
      assertThat(next.swept().folders()).isEqualTo(1);
      assertThat(next.swept().processes()).isGreaterThan(3);
    }
    assertThat(serversRun()).isFalse();
    assertThat(base).isEmptyDirectory();
  }

  private long written() throws IOException {
    Matcher counts = Pattern.compile("([\\d,]+) inserts acknowledged, writing to").matcher(said());
    return counts
        .results()
        .mapToLong(count -> Long.parseLong(count.group(1).replace(",", "")))
        .max()
        .orElse(0);
  }
}
