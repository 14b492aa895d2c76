package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.Acknowledgement;
import io.cotidal.lab.Prober;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster whose commits wait for nobody, and whose primary can be fenced by nobody. */
@Timeout(240)
final class GuardIT {
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final int SOME = 50;

  private ClusterLab lab;
  private OrdersDaemon orders;
  private Prober prober;

  @BeforeEach
  void open() throws IOException, StartFailure, SQLException {
    lab = ClusterLab.open();
    Path file = lab.cluster().configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replace("quorum: 1", "quorum: 0")
            .replace("failover: {", "failover: {guard: 1500ms, fencing: proxies, "));
    orders = OrdersDaemon.start(lab.configuration());
    await().atMost(LONG).until(() -> orders.view().diagnosis().code().equals("not-created"));
    orders.create();
    awaitGuarded();
    prober = Prober.start(lab.cluster().members(), lab.cluster().login(), 1);
    await().atMost(LONG).until(() -> prober.acknowledgements().inOrder().size() > SOME);
  }

  @AfterEach
  void close() throws IOException {
    if (prober != null) {
      prober.close();
    }
    if (orders != null) {
      orders.close();
    }
    lab.close();
  }

  private void awaitGuarded() {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(orders.view().guarantee()).as(orders::story).startsWith("guarded: "));
  }

  private List<Acknowledgement> ofA(long from) {
    return prober.acknowledgements().inOrder().stream()
        .filter(each -> each.member().equals("a") && each.id() >= from)
        .toList();
  }

  @Test
  @DisplayName(
      "postgres/S3: frozen, replaced by its guard's proof, thawed: it acknowledges nothing, and"
          + " comes back as a replica")
  void frozen() throws IOException, SQLException {
    long from = System.nanoTime();
    lab.cluster().processes("a").freeze();
    long mark = prober.mark();
    await().atMost(LONG).until(() -> List.of("b", "c").contains(orders.primary()));
    String successor = orders.primary();
    await().atMost(LONG).until(() -> prober.acknowledgements().count(successor, from) > SOME);
    Operation failover = orders.newest("failover").orElseThrow();
    assertThat(failover.step("nominate " + successor).orElseThrow().evidence().need("proven-by"))
        .as(orders::story)
        .isEqualTo("guard");
    assertThat(failover.steps())
        .as("nobody killed it: %s", orders.story())
        .noneMatch(row -> row.step().act().equals(Acts.FENCE) && row.state() == StepState.DONE);
    System.out.printf(
        "measured: a frozen primary that waits for nobody: %d ms without a write%n",
        prober.acknowledgements().gap(from, System.nanoTime()).toMillis());

    lab.cluster().processes("a").thaw();
    orders.awaitWhole();
    awaitGuarded();
    assertThat(orders.primary()).as(orders::story).isEqualTo(successor);
    prober.close();
    assertThat(ofA(mark)).as("nothing was acknowledged by who was replaced").isEmpty();
    Set<Long> after =
        prober.acknowledgements().inOrder().stream()
            .map(Acknowledgement::id)
            .filter(id -> id >= mark)
            .collect(Collectors.toSet());
    assertThat(prober.present(successor, 1)).as(orders::story).containsAll(after);
  }

  @Test
  @DisplayName(
      "without a daemon it goes on as long as all that count stream; without one of them it ends"
          + " itself; a replica that people stop does not count")
  void withoutUs() throws IOException, StartFailure, SQLException {
    Operation stop = orders.done("stop", Details.of("member", "b"));
    assertThat(stop.state()).isEqualTo(OperationState.DONE);
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(orders.view().guarantee())
                .as(orders::story)
                .contains("nor all of c vouch for it"));
    orders.close();
    long gone = System.nanoTime();
    await()
        .during(Duration.ofSeconds(4))
        .atMost(LONG)
        .until(() ->
            prober.acknowledgements().gap(gone, System.nanoTime()).compareTo(Duration.ofSeconds(2))
                < 0);
    assertThat(ofA(1)).isNotEmpty();

    lab.cluster().processes("c").kill();
    long lost = System.nanoTime();
    await().atMost(LONG).until(() -> !lab.cluster().processes("a").running());
    assertThat(prober.acknowledgements().count("a", lost)).as("for a moment").isLessThan(500);
    assertThat(lab.cluster().data("a").resolve("standby.signal")).exists();

    orders = OrdersDaemon.start(lab.configuration());
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(orders.view().guarantee())
                .as(orders::story)
                .startsWith("guarded: ")
                .contains("nor all of"));
    long mark = prober.mark();
    await().atMost(LONG).until(() -> prober.acknowledgements().inOrder().getLast().id() > mark);
  }
}
