package io.cotidal.copies.servers.docker;

import static io.cotidal.copies.servers.docker.ContainerHost.labels;
import static io.cotidal.copies.servers.docker.ContainerHost.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.copies.database.Place;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Docker daemon that hangs, goes away and comes back. */
@Timeout(180)
final class DockerTroubleIT {
  private ContainerHost host;
  private String image;
  private DockerRuntime runtime;
  private Place place;

  @BeforeEach
  void open() throws Exception {
    host = ContainerHost.open();
    image = host.images.mariadb();
    runtime = host.runtime(image);
    place = host.mariadb("shop.c1");
  }

  @AfterEach
  void close() throws Exception {
    if (host != null) {
      host.close();
    }
  }

  @Test
  @DisplayName(
      "copies/E7: dockerd hangs; every call ends by its deadline and says so, and nothing is taken for gone")
  void frozen() throws Exception {
    start();
    host.daemon.freeze();
    DockerRuntime impatient =
        new DockerRuntime(
            new DockerSettings(
                host.daemon.socket(),
                new ImageName(image),
                ContainerHost.OWNER,
                Duration.ofMillis(700)),
            new java.security.SecureRandom());
    endsInTime(() -> impatient.standing(place));
    endsInTime(impatient::standings);
    endsInTime(() -> impatient.pause(place));
    endsInTime(() -> impatient.stop(place, true, Deadline.in(Duration.ofMillis(700))));
    endsInTime(() ->
        runtime.start(
            place,
            ContainerHost.mariadbServer(place),
            labels(),
            Deadline.in(Duration.ofMillis(700))));
    assertThat(impatient.lastWords(place)).contains("unknown: ", "did not answer in time");
    host.daemon.thaw();
    assertThat(runtime.standing(place)).isEqualTo(Standing.RUNNING);
  }

  @Test
  @DisplayName(
      "copies/B6: dockerd is killed and comes back; the clients' sessions live on, and a new daemon of Cotidal finds the copies again")
  void restarted() throws Exception {
    start();
    ContainerHost.ask(runtime, place, ContainerHost.mariadbUrl(place), "SELECT 1");
    try (Connection session =
            DriverManager.getConnection(
                ContainerHost.mariadbUrl(place), "cot", ContainerHost.ADMINISTRATOR);
        var statement = session.createStatement()) {
      host.daemon.kill();
      assertThatThrownBy(() -> runtime.standing(place))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no Docker Engine answers at " + host.daemon.socket());
      assertThatThrownBy(() -> runtime.standings()).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> runtime.stop(place, true, soon())).isInstanceOf(IOException.class);
      host.daemon.start();
      DockerRuntime next = host.runtime(image);
      assertThat(next.standings()).isEqualTo(Map.of("shop.c1", Standing.RUNNING));
      assertThat(runtime.standings()).isEqualTo(next.standings());
      assertThat(statement.execute("SELECT a FROM t")).isTrue();
      next.stop(place, true, soon());
      assertThat(next.standings()).isEmpty();
    }
  }

  private void start() throws Exception {
    runtime.start(place, ContainerHost.mariadbServer(place), labels(), soon());
  }

  private static void endsInTime(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    long before = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not answer in time")
        .hasMessageContaining("look whether dockerd hangs");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
  }
}
