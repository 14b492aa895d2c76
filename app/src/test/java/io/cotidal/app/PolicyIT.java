package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Policies of a failover on three real members. */
@Timeout(240)
final class PolicyIT {
  private static final Duration LONG = OrdersDaemon.LONG;

  private ClusterLab lab;
  private OrdersDaemon orders;

  @BeforeEach
  void open() throws IOException, StartFailure {
    lab = ClusterLab.open();
    Path file = lab.cluster().configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replace("{name: c,", "{name: c, priority: 1,")
            .replace("failover: {", "failover: {restart: 20s, hold: 10m, "));
    orders = OrdersDaemon.start(lab.configuration());
    orders.create();
  }

  @AfterEach
  void close() throws IOException {
    orders.close();
    lab.close();
  }

  @Test
  @DisplayName(
      "postgres/S1, postgres/S24: back in its place first, then the preferred one, then a hold")
  void inPlaceThenPreferredThenHeld() throws IOException {
    lab.cluster().processes("a").kill();
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          Optional<Operation> restart = orders.newest("cold-start");
          assertThat(restart.map(Operation::state)).as(orders::story).contains(OperationState.DONE);
        });
    orders.awaitWhole();
    assertThat(orders.primary()).as(orders::story).isEqualTo("a");
    assertThat(orders.newest("failover")).as(orders::story).isEmpty();

    lab.cluster().processes("a").kill();
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(orders.primary()).as(orders::story).isNotIn("a", "none"));
    orders.awaitWhole();
    Operation failover = orders.newest("failover").orElseThrow();
    assertThat(failover.state()).isEqualTo(OperationState.DONE);
    String second = orders.primary();
    Details reasons = failover.step("choose").orElseThrow().evidence();
    assertThat(reasons.need("rule")).contains("of b,c told their position");
    // Who got further is promoted; of equals c is.
    assertThat(reasons.need(second)).startsWith("chosen");
    assertThat(second.equals("c") || reasons.need("c").contains("behind")).isTrue();

    // Its first death here: it is given its chance, too, and no failover is needed.
    lab.cluster().processes(second).kill();
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(orders.newest("cold-start").orElseThrow().input().need("from"))
                .as(orders::story)
                .isEqualTo(second));
    orders.awaitWhole();
    lab.cluster().processes(second).kill();
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          Operation held = orders.newest("failover").orElseThrow();
          assertThat(held.state()).as(orders::story).isEqualTo(OperationState.PROPOSED);
          assertThat(held.reason()).contains("held", "approve");
        });
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(orders.primary()).isEqualTo("none"));
  }
}
