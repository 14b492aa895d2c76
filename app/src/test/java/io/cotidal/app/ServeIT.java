package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.config.Configuration;
import io.cotidal.lab.DemoCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code cot serve} as a process of its own. */
@Timeout(120)
final class ServeIT {
  private ClusterLab lab;
  private Path folder;
  private int processes;

  @BeforeEach
  void open() throws IOException {
    lab = ClusterLab.open();
    folder = lab.cluster().folder();
  }

  @AfterEach
  void close() throws IOException {
    lab.close();
  }

  /** A started daemon and the file with what it says. */
  private record Started(Process process, Path said) {
    String text() {
      try {
        return Files.readString(said);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void awaitSaid(String part) {
      await().atMost(Duration.ofSeconds(40)).until(() -> text().contains(part));
    }

    int awaitEnd(long seconds) throws InterruptedException {
      assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).as("%s", text()).isTrue();
      return process.exitValue();
    }
  }

  private Started serve(String... arguments) throws IOException {
    // Under nohup the tests, and all that they start, would never hear SIGHUP.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
    command.addAll(DaemonProcess.java(List.of()));
    command.addAll(List.of(Main.class.getName(), "serve"));
    command.addAll(List.of(arguments));
    Path said = folder.resolve("said-" + processes++);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    return new Started(lab.start(builder.redirectOutput(said.toFile())), said);
  }

  private String config() {
    return lab.cluster().configuration().toString();
  }

  private int status(String path, String token) throws IOException, InterruptedException {
    Configuration configuration = lab.configuration();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + configuration.listen().getPort() + path));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void servesUntilItIsTerminatedAndThenEndsWithZero() throws IOException, InterruptedException {
    Started daemon = serve("--config", config());
    daemon.awaitSaid("event=listening");
    daemon.awaitSaid("event=lease-won");
    String token = Files.readString(Wiring.tokenFile(lab.configuration())).strip();
    assertThat(status("/livez", "")).isEqualTo(200);
    assertThat(status("/api/v1/resources", "")).isEqualTo(401);
    assertThat(status("/api/v1/resources", token)).isEqualTo(200);

    Started second = serve("--config", config(), "--listen", "127.0.0.1:0");
    second.awaitSaid("event=not-leading");
    assertThat(second.text().lines().filter(line -> line.contains("not-leading")))
        .singleElement()
        .asString()
        .contains("process id " + daemon.process().pid() + " holds");

    daemon.process().destroy();
    assertThat(daemon.awaitEnd(12)).isZero();
    assertThat(daemon.text()).contains("event=stopped in-order=true").doesNotContain(token);
    second.awaitSaid("event=lease-won");
    second.process().destroy();
    assertThat(second.awaitEnd(12)).isZero();
  }

  private static void hangUp(Started daemon) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-HUP", Long.toString(daemon.process().pid())).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }

  private static List<String> lines(Started daemon, String event) {
    return daemon.text().lines().filter(line -> line.contains(event)).toList();
  }

  @Test
  @DisplayName("SIGHUP: a bad file is one line and changes nothing, a good one is taken up")
  void readsItsConfigurationAgain() throws IOException, InterruptedException {
    Path file = lab.cluster().configuration();
    String good = Files.readString(file);
    Started daemon = serve("--config", config());
    daemon.awaitSaid("event=lease-won");

    Files.writeString(file, good.replace("quorum: 1", "quorum: 9").replace("mode:", "mood:"));
    hangUp(daemon);
    daemon.awaitSaid("event=configuration-refused");
    assertThat(lines(daemon, "event=configuration-refused"))
        .singleElement()
        .asString()
        .contains("WARN", "actor=SIGHUP", "mood", "quorum: 9 is more", "nothing has changed");

    Files.writeString(file, "");
    hangUp(daemon);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> lines(daemon, "event=configuration-refused").size() == 2);
    assertThat(lines(daemon, "event=configuration-refused").getLast())
        .contains("nothing is written in it");
    assertThat(daemon.text()).doesNotContain("event=configuration-reread");

    Files.writeString(file, good.replace("automatic: true", "automatic: true, hold: 7m"));
    hangUp(daemon);
    daemon.awaitSaid("event=configuration-reread");
    assertThat(lines(daemon, "event=configuration-reread"))
        .singleElement()
        .asString()
        .contains("INFO", "postgres/" + DemoCluster.RESOURCE + " applied");
    daemon.awaitSaid("generation 2 of its configuration");
    assertThat(lines(daemon, "event=lease-won")).hasSize(1);

    hangUp(daemon);
    daemon.awaitSaid("changes=\"none\"");
    daemon.process().destroy();
    assertThat(daemon.awaitEnd(12)).isZero();
  }

  @Test
  void aTakenPortIsOneLineAndExitOne() throws IOException, InterruptedException {
    Started first = serve("--config", config());
    first.awaitSaid("event=listening");
    Path other = folder.resolve("other.db");
    Started second = serve("--config", config(), "--store", "sqlite:" + other);
    assertThat(second.awaitEnd(30)).isEqualTo(1);
    assertThat(second.text().lines().filter(line -> line.startsWith("cot: listen")))
        .singleElement()
        .asString()
        .contains(Integer.toString(lab.configuration().listen().getPort()));
  }

  @Test
  void whatIsNotUnderstoodIsALineEachAndExitTwo() throws IOException, InterruptedException {
    Started unknown = serve("--confg", "x");
    assertThat(unknown.awaitEnd(30)).isEqualTo(2);
    assertThat(unknown.text().strip())
        .isEqualTo("cot: unknown argument '--confg'; see cot serve --help");

    Path bad = folder.resolve("bad.yaml");
    Files.writeString(bad, "listn: 127.0.0.1:1\nstore: 7\n");
    Started invalid = serve("--config", bad.toString());
    assertThat(invalid.awaitEnd(30)).isEqualTo(2);
    assertThat(invalid.text().lines())
        .hasSizeGreaterThan(1)
        .allMatch(it -> it.contains("bad.yaml:"));
  }
}
