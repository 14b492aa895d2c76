package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.DaemonProcess;
import io.cotidal.app.Main;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftUser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

/** {@code cot gateway} before a site of a lab, as a process of its own. */
final class GatewayLab implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final SitesLab lab;
  private final String site;
  private final Path configuration;
  private final HttpClient http = HttpClient.newHttpClient();
  final int port;
  final int status;
  private Process process;

  /** Where it is to be. */
  record Ports(int listen, int status) {}

  /** Starts one, and waits until it says that it listens. */
  GatewayLab(SitesLab lab, String site, Path configuration, Ports ports) throws IOException {
    this.lab = lab;
    this.site = site;
    this.configuration = configuration;
    this.port = ports.listen();
    this.status = ports.status();
    this.process = launch();
  }

  private Process launch() throws IOException {
    Path said = lab.folder.resolve(site + ".out");
    Files.deleteIfExists(said);
    Process started =
        lab.registry.start(
            new ProcessBuilder(command("media", "--site", site, "--config", configuration + ""))
                .redirectOutput(said.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(errors().toFile())));
    String line = "gateway objects/media at %s listens on 127.0.0.1:%d".formatted(site, port);
    await()
        .atMost(START)
        .untilAsserted(() -> {
          assertThat(started.isAlive()).as(() -> log()).isTrue();
          assertThat(said).content().contains(line);
        });
    return started;
  }

  /** {@code cot gateway} with these words. */
  static List<String> command(String... words) {
    List<String> command = new ArrayList<>(DaemonProcess.java(List.of()));
    command.add(Main.class.getName());
    command.add("gateway");
    command.addAll(List.of(words));
    return command;
  }

  private Path errors() {
    return lab.folder.resolve(site + ".log");
  }

  /** All that it has logged. */
  String log() {
    try {
      return Files.readString(errors());
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A client that comes through it. */
  SwiftUser user(SwiftLogin login) {
    return new SwiftUser(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), login);
  }

  /** What it says of itself. */
  HttpResponse<String> says(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + status + path))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** One of its metrics. */
  long metric(String name) throws IOException, InterruptedException {
    String start = "cotidal_gateway_" + name + " ";
    return says("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToLong(line -> Long.parseLong(line.substring(start.length())))
        .findFirst()
        .orElseThrow();
  }

  /** Asks it to end. */
  void terminate() {
    process.destroy();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What it ended with, when it has. */
  int exit() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(() -> log()).isTrue();
    return process.exitValue();
  }

  /** Ends it as by {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  /** Starts it again. */
  void again() throws IOException {
    process = launch();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    http.close();
  }
}
