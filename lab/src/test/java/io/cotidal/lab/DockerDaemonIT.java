package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Docker daemon of the lab's, and what is left of one. */
@Timeout(180)
final class DockerDaemonIT {
  private static final Path ROOT = Path.of("/tmp/cotidal-docker-daemon");

  @BeforeEach
  void require() throws Exception {
    Optional<String> missing = DockerImages.missing();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED: " + missing.get());
    Files.createDirectories(ROOT);
  }

  @AfterEach
  void remove() throws Exception {
    if (Files.exists(ROOT)) {
      open().close();
      Folders.delete(ROOT);
    }
  }

  private static ServerRegistry open() throws Exception {
    return ServerRegistry.open(ROOT.resolve("state"), ROOT.resolve("base"));
  }

  /** A lab with a container that is frozen, in a JVM that is then killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws Exception {
      ServerRegistry registry = open();
      DockerDaemon daemon = DockerDaemon.start(registry);
      String image = new DockerImages(registry, daemon).mariadb();
      daemon.client(
          "run",
          "-d",
          "--name=frozen",
          "--network=none",
          "-e",
          "MYSQL_ROOT_PASSWORD=x",
          "-v",
          "/var/lib/mysql",
          image,
          "--user=root");
      daemon.client("pause", "frozen");
      System.out.println(daemon.socket().resolveSibling(""));
      System.out.flush();
      Runtime.getRuntime().halt(9);
    }
  }

  @Test
  @DisplayName(
      "a lab was killed with a frozen container: the next one removes daemon, container, mounts, control groups and folder")
  void swept() throws Exception {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> printed = victim.inputReader().lines().toList();
    assertThat(victim.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(printed).hasSize(1);
    DockerRemains remains = new DockerRemains(Path.of(printed.getFirst()));
    assertThat(remains.processes()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(remains.mounts()).isNotEmpty();
    assertThat(remains.groups()).isNotEmpty();
    assertThat(shimSockets()).isNotEmpty();

    try (ServerRegistry next = open()) {
      assertThat(next.swept().labs()).isEqualTo(1);
      // Some end by themselves as soon as the one that kept them is gone.
      assertThat(next.swept().processes()).isPositive();
      assertThat(remains.processes()).isEmpty();
      assertThat(remains.mounts()).isEmpty();
      assertThat(remains.groups()).isEmpty();
      assertThat(remains.folder()).doesNotExist();
    }
    assertThat(shimSockets()).isEmpty();
  }

  @Test
  @DisplayName("the images honour the variables of the usual ones on an empty folder")
  void contract() throws Exception {
    try (ServerRegistry registry = open();
        DockerDaemon daemon = DockerDaemon.start(registry)) {
      DockerImages images = new DockerImages(registry, daemon);
      int port = registry.port();
      daemon.client(
          "run",
          "-d",
          "--network=host",
          "--user=64018:64018",
          "--tmpfs=/var/lib/mysql:mode=1777,size=400m",
          "-e",
          "MYSQL_ROOT_PASSWORD=root-word",
          "-e",
          "MYSQL_USER=app",
          "-e",
          "MYSQL_PASSWORD=app-word",
          "-e",
          "MYSQL_DATABASE=shop",
          "--tmpfs=/run:mode=1777",
          images.mariadb(),
          "--port=" + port,
          "--bind-address=127.0.0.1",
          "--skip-log-bin",
          "--socket=/run/s",
          "--datadir=/var/lib/mysql");
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .untilAsserted(() ->
              assertThat(
                      Commands.run(
                          List.of(
                              "mariadb",
                              "--no-defaults",
                              "-h127.0.0.1",
                              "-P" + port,
                              "-uapp",
                              "-papp-word",
                              "-N",
                              "-e",
                              "SELECT DATABASE()",
                              "shop")))
                  .isEqualTo("shop"));
      int second = registry.port();
      daemon.client(
          "run",
          "-d",
          "--network=host",
          "--user=64018:64018",
          "--tmpfs=/data:mode=0700,uid=64018,size=400m",
          "-e",
          "PGDATA=/data",
          "-e",
          "POSTGRES_USER=app",
          "-e",
          "POSTGRES_PASSWORD=app-word",
          "-e",
          "POSTGRES_DB=shop",
          "-v",
          account() + ":/etc/passwd:ro",
          images.postgres(),
          "-c",
          "port=" + second,
          "-c",
          "unix_socket_directories=",
          "-c",
          "listen_addresses=127.0.0.1");
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .untilAsserted(() -> {
            try (Connection connection =
                DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + second + "/shop", "app", "app-word")) {
              assertThat(connection.isValid(2)).isTrue();
            }
          });
    }
  }

  /** initdb, unlike the server, wants a name for its user. */
  private static Path account() throws Exception {
    return Files.writeString(ROOT.resolve("passwd"), "app:x:64018:64018::/:/bin/sh\n");
  }

  private static List<Path> shimSockets() throws Exception {
    Path folder = Path.of("/run/containerd/s");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var all = Files.list(folder)) {
      return all.toList();
    }
  }
}
