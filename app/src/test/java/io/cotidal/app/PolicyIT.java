package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.lab.DemoCluster;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
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
  private static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);
  private static final Actor EVE = new Actor("eve");
  private static final Duration LONG = Duration.ofSeconds(90);

  private ClusterLab lab;
  private Wiring wiring;

  @BeforeEach
  void open() throws IOException, StartFailure {
    lab = ClusterLab.open();
    Path file = lab.cluster().configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replace("{name: c,", "{name: c, priority: 1,")
            .replace("failover: {", "failover: {restart: 20s, hold: 10m, "));
    wiring = Wiring.start(lab.configuration(), "test");
    await().atMost(LONG).until(() -> view().leading());
    Command command = new Command.Begin(EVE, "create", Details.of("primary", "a"), null, false);
    assertThat(wiring.control().command(ORDERS, command).join()).isInstanceOf(Reply.Accepted.class);
    awaitWhole();
  }

  @AfterEach
  void close() throws IOException {
    wiring.close();
    lab.close();
  }

  private ResourceView view() {
    return wiring.control().resource(ORDERS).orElseThrow();
  }

  private void awaitWhole() {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(view().diagnosis().code()).as("%s", story()).isEqualTo("healthy");
          assertThat(view().inSync()).as("%s", story()).isTrue();
          assertThat(view().operations()).allMatch(each -> each.state().ended());
        });
  }

  private String story() {
    StringBuilder text = new StringBuilder(view().diagnosis().sentence());
    for (Operation operation : view().operations()) {
      text.append('\n').append(operation.id()).append(' ').append(operation.type());
      text.append(' ').append(operation.state()).append(' ').append(operation.note());
    }
    return text.toString();
  }

  private String primary() {
    return view().members().stream()
        .filter(MemberView::writable)
        .map(member -> member.id().name())
        .findFirst()
        .orElse("none");
  }

  private Optional<Operation> newest(String type) {
    return view().operations().stream()
        .filter(operation -> operation.type().equals(type))
        .max((a, b) -> Long.compare(a.number(), b.number()));
  }

  @Test
  @DisplayName(
      "postgres/S1, postgres/S24: back in its place first, then the preferred one, then a hold")
  void inPlaceThenPreferredThenHeld() throws IOException {
    lab.cluster().processes("a").kill();
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          Optional<Operation> restart = newest("cold-start");
          assertThat(restart.map(Operation::state)).as("%s", story()).contains(OperationState.DONE);
        });
    awaitWhole();
    assertThat(primary()).as("%s", story()).isEqualTo("a");
    assertThat(newest("failover")).as("%s", story()).isEmpty();

    lab.cluster().processes("a").kill();
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(primary()).as("%s", story()).isNotIn("a", "none"));
    awaitWhole();
    Operation failover = newest("failover").orElseThrow();
    assertThat(failover.state()).isEqualTo(OperationState.DONE);
    String second = primary();
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
            assertThat(newest("cold-start").orElseThrow().input().need("from"))
                .as("%s", story())
                .isEqualTo(second));
    awaitWhole();
    lab.cluster().processes(second).kill();
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          Operation held = newest("failover").orElseThrow();
          assertThat(held.state()).as("%s", story()).isEqualTo(OperationState.PROPOSED);
          assertThat(held.reason()).contains("held", "approve");
        });
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(primary()).isEqualTo("none"));
  }
}
