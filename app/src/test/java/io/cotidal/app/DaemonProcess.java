package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.cli.api.Json;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.DemoCluster;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A daemon as a process of its own, and what its API says. */
public final class DaemonProcess {
  private static final String RESOURCE = "/api/v1/resources/postgres/" + DemoCluster.RESOURCE;

  /** What {@code cot} starts; its build left a record there of what a daemon loads. */
  private static final Path DIST = Path.of("target/dist").toAbsolutePath();

  /** Names of the jars of which there is a record; none if they are not those that are tested. */
  private static final Set<String> RECORDED = recorded();

  /** Shared: a client keeps threads of its own. */
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final ClusterLab lab;
  private final Path configuration;
  private final List<String> command;
  private final int port;
  private Process process;

  private DaemonProcess(ClusterLab lab, Path configuration, List<String> command)
      throws IOException {
    this.lab = lab;
    this.configuration = configuration;
    this.command = command;
    this.port = lab.configuration(configuration).listen().getPort();
    this.process = launch();
  }

  /** {@code cot serve}, with further arguments for its virtual machine. */
  static DaemonProcess serve(ClusterLab lab, String... machine) throws IOException {
    return serve(lab, lab.cluster().configuration(), machine);
  }

  /** The same with another configuration. */
  static DaemonProcess serve(ClusterLab lab, Path configuration, String... machine)
      throws IOException {
    List<String> command = java(List.of(machine));
    command.addAll(List.of(Main.class.getName(), "serve", "--config", configuration.toString()));
    return new DaemonProcess(lab, configuration, command);
  }

  /** One that halts where {@code order} says. */
  static DaemonProcess halting(ClusterLab lab, Path order) throws IOException {
    return halting(lab, lab.cluster().configuration(), order);
  }

  /** The same with another configuration. */
  static DaemonProcess halting(ClusterLab lab, Path configuration, Path order) throws IOException {
    List<String> command = java(List.of());
    command.addAll(
        List.of(HaltingMain.class.getName(), configuration.toString(), order.toString()));
    return new DaemonProcess(lab, configuration, command);
  }

  /** A virtual machine of this one's class path; what it runs is to be added. */
  public static List<String> java(List<String> machine) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(machine);
    String tests = System.getProperty("java.class.path");
    if (RECORDED.isEmpty()) {
      command.addAll(List.of("-cp", tests));
      return command;
    }
    // Silent where it does not fit; it fits a class path that begins with the distribution's.
    Path record = DIST.resolve("daemon.aot");
    command.addAll(List.of("-XX:AOTCache=" + record, "-Xlog:aot*=off", "-Xlog:cds*=off"));
    List<String> path = new ArrayList<>(List.of(DIST.resolve("lib") + "/*"));
    for (String each : tests.split(File.pathSeparator, -1)) {
      if (!RECORDED.contains(Path.of(each).getFileName().toString())) {
        path.add(each);
      }
    }
    command.addAll(List.of("-cp", String.join(File.pathSeparator, path)));
    return command;
  }

  private static Set<String> recorded() {
    if (!Files.exists(DIST.resolve("daemon.aot"))) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    try (Stream<Path> jars = Files.list(DIST.resolve("lib"))) {
      jars.forEach(jar -> names.add(jar.getFileName().toString()));
      for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        Path jar = Path.of(each);
        String name = jar.getFileName().toString();
        boolean other =
            names.contains(name) && Files.mismatch(jar, DIST.resolve("lib").resolve(name)) >= 0;
        if (other || name.equals("classes")) {
          return Set.of();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  private Process launch() throws IOException {
    return lab.start(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(said().toFile())));
  }

  private Path said() {
    boolean usual = configuration.equals(lab.cluster().configuration());
    String name = usual ? "daemon.log" : configuration.getFileName() + ".log";
    return lab.cluster().folder().resolve(name);
  }

  /** The end of what it said. */
  String lastWords() {
    List<String> lines;
    try {
      lines = Files.readAllLines(said());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  boolean alive() {
    return process.isAlive();
  }

  int exit() {
    return process.exitValue();
  }

  /** Where its API answers. */
  String address() {
    return "http://127.0.0.1:" + port;
  }

  /** Lets it go on after it was stopped. */
  void thaw() throws IOException {
    Signal.CONTINUE.send(new ProcessTable().find(process.pid()).orElseThrow().id());
  }

  /** Whether it is stopped. */
  boolean frozen() throws IOException {
    return new ProcessTable().find(process.pid()).orElseThrow().state() == 'T';
  }

  /** Ends it as by {@code kill -9}, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Starts it again. */
  void again() throws IOException {
    process = launch();
  }

  /** An answer of the API. */
  record Answer(int status, Node body) {}

  /**
   * Asks.
   *
   * @throws IOException if there is no answer, because it is not up yet for example
   */
  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  /** Asks for an action; returns as soon as it is taken or refused. */
  Answer begin(String action, String key, String body) throws IOException, InterruptedException {
    return begin(RESOURCE, action, key, body);
  }

  /** The same of another resource, by its path. */
  Answer begin(String resource, String action, String key, String body)
      throws IOException, InterruptedException {
    return send(
        request(resource + "/" + action)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .header("Prefer", "wait=0")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /**
   * The same, asked again under the same key while another operation is in the way: that is what
   * 409 tells a client.
   */
  Answer beginOnceFree(String action, String key, String body)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plusSeconds(30);
    Answer answer = begin(action, key, body);
    while (answer.status() == 409 && Instant.now().isBefore(end)) {
      long holder = Views.number(answer.body().text("operation"));
      await().atMost(Duration.ofSeconds(30)).until(() -> Views.ended(operation(holder)));
      answer = begin(action, key, body);
    }
    return answer;
  }

  /** The resource, or nothing if the daemon does not answer (yet). */
  Node view() {
    try {
      return get(RESOURCE).body();
    } catch (IOException e) {
      return Node.NONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Node.NONE;
    }
  }

  /** What it shows and what it said last, for people who read why a test failed. */
  String story() {
    return Views.describe(view()) + "\n" + lastWords();
  }

  /** An operation with its steps. */
  Node operation(long number) throws IOException, InterruptedException {
    Answer answer = get(RESOURCE + "/operations/" + number);
    assertThat(answer.status()).as("operation %d", number).isEqualTo(200);
    return answer.body();
  }

  private HttpRequest.Builder request(String path) throws IOException {
    Path token = Wiring.tokenFile(lab.configuration(configuration));
    String secret = Files.exists(token) ? Files.readString(token).strip() : "none";
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Bearer " + secret);
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), new Json().read(response.body()));
  }
}
