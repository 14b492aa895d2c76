package io.cotidal.copies.servers.docker;

import static io.cotidal.copies.servers.docker.ContainerHost.labels;
import static io.cotidal.copies.servers.docker.ContainerHost.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.copies.database.Place;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Servers in containers of a real Docker daemon. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DockerRuntimeIT {
  private ContainerHost host;
  private String image;
  private DockerRuntime runtime;

  @BeforeAll
  void open() throws Exception {
    host = ContainerHost.open();
    image = host.images.mariadb();
    runtime = host.runtime(image);
  }

  @AfterAll
  void close() throws Exception {
    if (host != null) {
      host.close();
    }
  }

  @Test
  @DisplayName(
      "copies/E7: MariaDB in a container serves a prepared data folder over TLS, is frozen, goes on, and keeps its data")
  void mariadb() throws Exception {
    Place place = host.mariadb("shop.c1");
    assertThat(runtime.standing(place)).isEqualTo(Standing.GONE);
    start(place);
    String url = ContainerHost.mariadbUrl(place);
    assertThat(ContainerHost.ask(runtime, place, url, "SELECT a FROM t")).isEqualTo("42");
    assertThat(ContainerHost.answer(url, "SELECT @@tmpdir")).isEqualTo(place.run().toString());

    runtime.pause(place);
    assertThat(runtime.standing(place)).isEqualTo(Standing.PAUSED);
    assertThatThrownBy(() -> ContainerHost.answer(url, "SELECT 1"))
        .isInstanceOf(SQLException.class);
    runtime.resume(place);
    assertThat(runtime.standing(place)).isEqualTo(Standing.RUNNING);
    assertThat(ContainerHost.answer(url, "SELECT a FROM t")).isEqualTo("42");

    assertThatThrownBy(() -> start(place)).hasMessageContaining("runs already: stop it first");
    runtime.stop(place, true, soon());
    assertThat(runtime.standing(place)).isEqualTo(Standing.GONE);
    assertThat(host.daemon.client("ps", "-aq", "--filter", "name=cotidal-shop.c1")).isEmpty();
    start(place);
    assertThat(ContainerHost.ask(runtime, place, url, "SELECT a FROM t")).isEqualTo("42");
    runtime.pause(place);
    runtime.stop(place, false, soon());
    runtime.stop(place, false, soon());
    assertThat(runtime.standing(place)).isEqualTo(Standing.GONE);
  }

  @Test
  @DisplayName("copies/E7: PostgreSQL in a container serves a prepared data folder over TLS")
  void postgres() throws Exception {
    DockerRuntime postgres = host.runtime(host.images.postgres());
    Place place = host.postgres("shop.c2");
    postgres.start(place, ContainerHost.postgresServer(place), labels(), soon());
    String url = ContainerHost.postgresUrl(place);
    assertThat(ContainerHost.ask(postgres, place, url, "SELECT 40 + 2")).isEqualTo("42");
    long before = System.nanoTime();
    postgres.stop(place, true, soon());
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    postgres.start(place, ContainerHost.postgresServer(place), labels(), soon());
    assertThat(ContainerHost.ask(postgres, place, url, "SELECT pg_is_in_recovery()"))
        .isEqualTo("f");
    postgres.stop(place, false, soon());
  }

  @Test
  @DisplayName(
      "copies/E2: no password is on a label, in the description, the environment or the arguments of a container")
  void secrets() throws Exception {
    Place place = host.mariadb("shop.c3");
    start(place);
    ContainerHost.ask(runtime, place, ContainerHost.mariadbUrl(place), "SELECT 1");
    String inspected = host.daemon.client("inspect", "cotidal-shop.c3");
    assertThat(inspected)
        .contains("\"com.myaas.template\": \"shop\"", "\"com.myaas.username\": \"app\"")
        .contains("\"io.cotidal.operation\": \"17\"", "MYSQL_ROOT_PASSWORD=")
        .doesNotContain("com.myaas.password", ContainerHost.ADMINISTRATOR);
    assertThat(host.daemon.client("logs", "cotidal-shop.c3"))
        .doesNotContain(ContainerHost.ADMINISTRATOR);
    List<Path> processes = processes(place);
    assertThat(processes).isNotEmpty();
    for (Path process : processes) {
      String all = text(process.resolve("cmdline")) + text(process.resolve("environ"));
      assertThat(all).contains("MYSQL_ROOT_PASSWORD").doesNotContain(ContainerHost.ADMINISTRATOR);
    }
    String throwAway = inspected.replaceFirst("(?s).*MYSQL_ROOT_PASSWORD=([0-9a-f]{32}).*", "$1");
    assertThat(throwAway).hasSize(32);
    for (String user : List.of("root", "unused", "cot")) {
      assertThatThrownBy(() -> login(place, user, throwAway))
          .as("%s with the word in the environment", user)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Access denied");
    }
    runtime.stop(place, false, soon());
  }

  @Test
  @DisplayName(
      "copies/E2: a container's server has no capability, gains no privilege, writes nowhere but to its folders, and has bounded memory and tasks")
  void hardened() throws Exception {
    Place place = host.mariadb("shop.c4");
    start(place);
    ContainerHost.ask(runtime, place, ContainerHost.mariadbUrl(place), "SELECT 1");
    Path process = processes(place).getFirst();
    assertThat(text(process.resolve("status")))
        .contains("Uid:\t" + place.uid() + "\t" + place.uid())
        .contains("Gid:\t" + place.uid() + "\t" + place.uid())
        .contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1");
    assertThat(text(process.resolve("limits"))).containsPattern("Max core file size +0 +0");
    assertThat(text(process.resolve("mountinfo")).lines().filter(line -> line.contains(" / / ")))
        .singleElement()
        .asString()
        .contains(" / / ro");
    assertThat(
            host.daemon.client(
                "inspect",
                "--format",
                "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.RestartPolicy.Name}} {{.HostConfig.NetworkMode}}",
                "cotidal-shop.c4"))
        .isEqualTo(320L * 1024 * 1024 + " 512 no host");
    runtime.stop(place, false, soon());
  }

  @Test
  @DisplayName(
      "copies/B8: the server of a copy is killed; the copy is gone, says so, keeps its data and starts again")
  void killed() throws Exception {
    Place place = host.mariadb("shop.c5");
    start(place);
    String url = ContainerHost.mariadbUrl(place);
    ContainerHost.ask(runtime, place, url, "SELECT 1");
    DockerApi api = new DockerApi(host.daemon.socket());
    api.ping(soon());
    assertThat(api.version(soon())).matches("\\d+\\.\\d+.*");
    api.kill("cotidal-shop.c5", soon());
    assertThat(api.await("cotidal-shop.c5", soon())).isEqualTo(137);
    assertThat(runtime.standing(place)).isEqualTo(Standing.GONE);
    assertThat(runtime.lastWords(place)).contains("exit status 137");
    assertThat(runtime.standings()).containsEntry("shop.c5", Standing.GONE);
    start(place);
    assertThat(ContainerHost.ask(runtime, place, url, "SELECT a FROM t")).isEqualTo("42");
    runtime.stop(place, false, soon());
  }

  @Test
  @DisplayName("copies/E7: an image that is not there is told at once, before anything is made")
  void noImage() throws Exception {
    Place place = host.mariadb("shop.c6");
    DockerRuntime other = host.runtime("mariadb:10.4.19");
    long before = System.nanoTime();
    assertThatThrownBy(
            () -> other.start(place, ContainerHost.mariadbServer(place), labels(), soon()))
        .isInstanceOf(IOException.class)
        .hasMessage("image mariadb:10.4.19 is not here: docker pull mariadb:10.4.19");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
    assertThat(other.standings()).doesNotContainKey("shop.c6");
  }

  @Test
  @DisplayName("copies/E7: a server that ends while it starts says why")
  void endsAtOnce() throws Exception {
    Place place = host.mariadb("shop.c7");
    var broken = new ArrayList<>(ContainerHost.mariadbServer(place).arguments());
    broken.add("--no-such-option-at-all");
    try {
      runtime.start(place, io.cotidal.remote.Program.of("", broken), labels(), soon());
    } catch (IOException e) {
      // It may end before or after the start was answered.
      assertThat(e).hasMessageContaining("no-such-option-at-all");
      assertThat(place.log()).content().contains("no-such-option-at-all");
      return;
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(runtime.standing(place)).isEqualTo(Standing.GONE));
    assertThat(runtime.lastWords(place)).contains("no-such-option-at-all");
    runtime.stop(place, true, soon());
    // The container is gone; what its server printed is not.
    assertThat(place.log()).content().contains("no-such-option-at-all");
  }

  @Test
  @DisplayName(
      "copies/E7: on an empty folder an image would make a database of its own; it is not asked to")
  void emptyFolder() throws Exception {
    Place place = host.place("shop.c8");
    assertThatThrownBy(() -> start(place)).hasMessageContaining("is no data folder of this engine");
    assertThat(runtime.standings()).doesNotContainKey("shop.c8");
  }

  @Test
  @DisplayName(
      "copies/B5: containers of strangers and of other owners are neither listed nor touched")
  void strangers() throws Exception {
    Place place = host.mariadb("shop.c9");
    DockerRuntime other = host.runtime(image, "/other");
    other.start(place, ContainerHost.mariadbServer(place), labels(), soon());
    assertThat(runtime.standings()).doesNotContainKey("shop.c9");
    assertThatThrownBy(() -> runtime.standing(place)).hasMessageContaining("is not of /volume");
    assertThatThrownBy(() -> start(place)).hasMessageContaining("is not of /volume");
    assertThatThrownBy(() -> runtime.stop(place, false, soon()))
        .hasMessageContaining("is not of /volume");
    assertThat(other.standings()).isEqualTo(Map.of("shop.c9", Standing.RUNNING));
    other.stop(place, false, soon());
  }

  private void start(Place place) throws Exception {
    runtime.start(place, ContainerHost.mariadbServer(place), labels(), soon());
  }

  private static void login(Place place, String user, String password) throws SQLException {
    java.sql.DriverManager.getConnection(ContainerHost.mariadbUrl(place), user, password).close();
  }

  private static List<Path> processes(Place place) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : all) {
        String arguments = text(process.resolve("cmdline"));
        if (arguments.startsWith("mariadbd\0") && arguments.contains(place.data().toString())) {
          found.add(process);
        }
      }
    }
    return found;
  }

  /** Empty for a process that is gone. */
  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
