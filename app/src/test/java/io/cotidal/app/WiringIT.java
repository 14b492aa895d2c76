package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.config.Configuration;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store;
import io.cotidal.lab.DemoCluster;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole daemon on three real PostgreSQL members. */
@Timeout(240)
final class WiringIT {
  private static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);
  private static final Actor EVE = new Actor("eve");
  private static final Duration LONG = Duration.ofSeconds(90);

  private ClusterLab lab;
  private Configuration configuration;
  private Wiring wiring;

  @BeforeEach
  void open() throws IOException, StartFailure {
    lab = ClusterLab.open();
    configuration = lab.configuration();
    wiring = Wiring.start(configuration, "test");
  }

  @AfterEach
  void close() throws IOException {
    wiring.close();
    lab.close();
  }

  private ControlPlane control() {
    return wiring.control();
  }

  private ResourceView view() {
    return control().resource(ORDERS).orElseThrow();
  }

  private static boolean whole(ResourceView view) {
    return view.leading()
        && view.inSync()
        && view.members().stream().filter(MemberView::writable).count() == 1
        && view.links().stream().filter(link -> !link.planned()).count() == 2
        && view.links().stream().map(LinkView::state).allMatch("streaming"::equals)
        && view.operations().stream().allMatch(operation -> operation.state().ended());
  }

  private void awaitWhole() {
    await().atMost(LONG).untilAsserted(() -> assertThat(whole(view())).as("%s", story()).isTrue());
  }

  private static String describe(ResourceView view) {
    StringBuilder text = new StringBuilder(view.diagnosis().sentence());
    view.members().forEach(member -> text.append('\n').append(member));
    view.links().forEach(link -> text.append('\n').append(link));
    for (Operation operation : view.operations()) {
      text.append('\n').append(operation.id()).append(' ').append(operation.type());
      text.append(' ').append(operation.state()).append(' ').append(operation.note());
      operation
          .steps()
          .forEach(row ->
              text.append("\n  ")
                  .append(row.key())
                  .append(' ')
                  .append(row.state())
                  .append(' ')
                  .append(row.problem()));
    }
    return text.toString();
  }

  private String story() {
    StringBuilder text = new StringBuilder(describe(view()));
    for (Store.LoggedEvent logged : control().events(ORDERS, 0, 1000)) {
      Event event = logged.event();
      text.append('\n').append(event.micros()).append(' ').append(event.code());
      text.append(" #").append(event.operation()).append(' ').append(event.text());
      text.append(' ').append(event.details());
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

  private void ask(String type, Details input) {
    Command command = new Command.Begin(EVE, type, input, null, false);
    assertThat(control().command(ORDERS, command).join()).isInstanceOf(Reply.Accepted.class);
  }

  @Test
  void makesTheClusterMovesThePrimaryAndSurvivesItsDeath() throws IOException, StartFailure {
    await().atMost(LONG).until(() -> view().leading());
    ask("create", Details.of("primary", "a"));
    awaitWhole();
    assertThat(primary()).as("%s", story()).isEqualTo("a");

    ask("switchover", Details.of("to", "b"));
    awaitWhole();
    assertThat(primary()).as("%s", story()).isEqualTo("b");

    lab.cluster().processes("b").kill();
    await().atMost(LONG).until(() -> !primary().equals("b") && !primary().equals("none"));
    awaitWhole();
    assertThat(view().operations())
        .filteredOn(operation -> operation.state() == OperationState.DONE)
        .extracting(Operation::type)
        .contains("create", "switchover", "failover");
    assertThat(control().events(ORDERS, 0, 1000)).isNotEmpty();
    assertThat(control().health().problems()).isEmpty();

    wiring.close();
    for (String member : List.of("a", "b", "c")) {
      assertThat(lab.cluster().processes(member).running()).as(member).isTrue();
    }
    wiring = startAgain();
    awaitWhole();
    assertThat(view().epoch()).isEqualTo(2);
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

  private Wiring startAgain() throws StartFailure {
    return Wiring.start(configuration, "test");
  }
}
