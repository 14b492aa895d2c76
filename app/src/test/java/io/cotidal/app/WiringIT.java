package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.config.Configuration;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole daemon on three real PostgreSQL members. */
@Timeout(240)
final class WiringIT {
  private ClusterLab lab;
  private Configuration configuration;
  private OrdersDaemon orders;

  @BeforeEach
  void open() throws IOException, StartFailure {
    lab = ClusterLab.open();
    configuration = lab.configuration();
    orders = startAgain();
  }

  @AfterEach
  void close() throws IOException {
    orders.close();
    lab.close();
  }

  @Test
  void makesTheClusterMovesThePrimaryAndSurvivesItsDeath() throws IOException, StartFailure {
    orders.create();
    assertThat(orders.primary()).as(orders::story).isEqualTo("a");

    orders.ask("switchover", Details.of("to", "b"));
    orders.awaitWhole();
    assertThat(orders.primary()).as(orders::story).isEqualTo("b");

    lab.cluster().processes("b").kill();
    await()
        .atMost(OrdersDaemon.LONG)
        .until(() -> !orders.primary().equals("b") && !orders.primary().equals("none"));
    orders.awaitWhole();
    assertThat(orders.view().operations())
        .filteredOn(operation -> operation.state() == OperationState.DONE)
        .extracting(Operation::type)
        .contains("create", "switchover", "failover");
    assertThat(orders.control().events(OrdersDaemon.ORDERS, 0, 1000)).isNotEmpty();
    assertThat(orders.control().health().problems()).isEmpty();

    orders.close();
    for (String member : List.of("a", "b", "c")) {
      assertThat(lab.cluster().processes(member).running()).as(member).isTrue();
    }
    orders = startAgain();
    orders.awaitWhole();
    assertThat(orders.view().epoch()).isEqualTo(2);
  }

  @Test
  void theFirstTokenIsTheOwnersAloneAndATakenPortIsOneLine() throws IOException {
    assertThat(Files.getPosixFilePermissions(Wiring.tokenFile(configuration)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(this::startAgain)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("listen")
        .hasMessageNotContaining("\n");
  }

  private OrdersDaemon startAgain() throws StartFailure {
    return OrdersDaemon.start(configuration);
  }
}
