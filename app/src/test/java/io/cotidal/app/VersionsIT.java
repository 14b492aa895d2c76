package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.Prober;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole daemon on members of the versions that the other tests do not run. */
@Timeout(240)
@DisplayName("PostgreSQL of other versions")
final class VersionsIT {
  private static final Path CACHE =
      Path.of(System.getProperty("java.io.tmpdir")).resolve("cotidal-postgres");

  @ParameterizedTest(name = "PostgreSQL {0}")
  @ValueSource(ints = {14, 17})
  @DisplayName("postgres/S1: made, moved, failed over and whole again, nothing lost")
  void whole(int version) throws Exception {
    Path jar = Path.of("target", "postgres", version + ".jar");
    try (ClusterLab lab = ClusterLab.open(PostgresBinaries.of(jar, CACHE));
        OrdersDaemon orders = OrdersDaemon.start(lab.configuration())) {
      orders.create();
      assertThat(orders.view().members())
          .extracting(member -> member.facts().get("version", ""))
          .allMatch(told -> told.startsWith(version + "."));
      try (Prober prober = Prober.start(lab.cluster().members(), lab.cluster().login(), 1)) {
        await().atMost(OrdersDaemon.LONG).until(() -> prober.mark() > 10);
        orders.ask("switchover", Details.of("to", "b"));
        orders.awaitWhole();
        long before = prober.mark();
        await().atMost(OrdersDaemon.LONG).until(() -> prober.mark() > before + 10);
        lab.cluster().processes("b").kill();
        await()
            .atMost(OrdersDaemon.LONG)
            .until(() -> !orders.primary().equals("b") && !orders.primary().equals("none"));
        orders.awaitWhole();
        long after = prober.mark();
        await().atMost(Duration.ofSeconds(30)).until(() -> prober.mark() > after + 10);
        assertThat(prober.acknowledgements().lost(prober.present(orders.primary(), 0)))
            .as(orders::story)
            .isZero();
      }
      assertThat(orders.view().operations())
          .filteredOn(operation -> operation.state() == OperationState.DONE)
          .extracting(Operation::type)
          .contains("create", "switchover", "failover");
    }
  }
}
