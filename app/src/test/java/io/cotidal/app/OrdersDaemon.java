package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Rereading;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store;
import io.cotidal.lab.DemoCluster;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.StepRecord;
import io.cotidal.runtime.ControlPlane;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The whole daemon in this process, on the three members of a lab's cluster: what tests ask of it,
 * and what they wait for.
 */
final class OrdersDaemon implements AutoCloseable {
  static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);

  /** Nothing that a test waits for takes longer on a busy machine. */
  static final Duration LONG = Duration.ofSeconds(90);

  private static final Actor EVE = new Actor("eve");
  private static final int REPLICAS = 2;

  private final Configuration configuration;
  private final Wiring wiring;

  private OrdersDaemon(Configuration configuration, Wiring wiring) {
    this.configuration = configuration;
    this.wiring = wiring;
  }

  static OrdersDaemon start(Configuration configuration) throws StartFailure {
    return new OrdersDaemon(configuration, Wiring.start(configuration, "test"));
  }

  /** The same, of which the configuration can be applied anew. */
  static OrdersDaemon start(Configuration configuration, Rereading again) throws StartFailure {
    return new OrdersDaemon(configuration, Wiring.start(configuration, "test", again));
  }

  @Override
  public void close() {
    wiring.close();
  }

  ControlPlane control() {
    return wiring.control();
  }

  /** Where its API answers. */
  URI uri() {
    return wiring.uri();
  }

  /** What its owner shows at its API. */
  String token() throws IOException {
    return Files.readString(Wiring.tokenFile(configuration)).strip();
  }

  ResourceView view() {
    return control().resource(ORDERS).orElseThrow();
  }

  /** Makes the cluster with {@code a} as its primary, and waits until it is whole. */
  void create() {
    awaitLeading();
    ask("create", Details.of("primary", "a"));
    awaitWhole();
  }

  void awaitLeading() {
    await().atMost(LONG).until(() -> view().leading());
  }

  /**
   * Asks for an action. While a repair of Cotidal's own is in the way it is asked again: that is
   * what 409 tells a client.
   */
  Operation ask(String type, Details input) {
    AtomicReference<Reply> reply = new AtomicReference<>();
    await()
        .pollDelay(Duration.ZERO)
        .atMost(LONG)
        .until(() -> {
          Command command = new Command.Begin(EVE, type, input, null, false);
          reply.set(control().command(ORDERS, command).join());
          return !(reply.get() instanceof Reply.Conflict conflict
              && conflict.holder().risk() == Risk.SAFE);
        });
    assertThat(reply.get()).as(() -> type + ": " + story()).isInstanceOf(Reply.Accepted.class);
    return ((Reply.Accepted) reply.get()).operation();
  }

  /** Asks for an action that is refused, and why. */
  String refused(String type, Details input) {
    Command command = new Command.Begin(EVE, type, input, null, false);
    awaitLeading();
    Reply reply = control().command(ORDERS, command).join();
    assertThat(reply).as(() -> type + ": " + story()).isInstanceOf(Reply.Invalid.class);
    return ((Reply.Invalid) reply).reason();
  }

  /** Asks for an action and waits until it is done. */
  Operation done(String type, Details input) {
    Operation ended = ended(ask(type, input));
    assertThat(ended.state()).as(this::story).isEqualTo(OperationState.DONE);
    return ended;
  }

  /** The operation as it is once it has ended. */
  Operation ended(Operation asked) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(numbered(asked.number()).state().ended()).as(this::story).isTrue());
    return numbered(asked.number());
  }

  private Operation numbered(long number) {
    return view().operations().stream()
        .filter(operation -> operation.number() == number)
        .findFirst()
        .orElseThrow();
  }

  Optional<Operation> newest(String type) {
    return view().operations().stream()
        .filter(operation -> operation.type().equals(type))
        .max(Comparator.comparingLong(Operation::number));
  }

  /** The member that takes writes, or {@code none}. */
  String primary() {
    return view().members().stream()
        .filter(MemberView::writable)
        .map(member -> member.id().name())
        .findFirst()
        .orElse("none");
  }

  /** The member that takes writes; waited for while it does not tell, or there is none. */
  String leader() {
    return await().atMost(LONG).until(this::primary, name -> !name.equals("none"));
  }

  /**
   * Waits until nothing is left to be done: one primary, which sees both replicas stream; both are
   * on the quorum list and trusted, no operation runs and none is wanted. A replica says that it
   * streams before the primary is seen to send to it, and who is not on the list or is in doubt is
   * put there: until then a {@code quorum} operation is about to begin although nothing wants it.
   */
  void awaitWhole() {
    await().atMost(LONG).untilAsserted(() -> assertThat(whole(view())).as(this::story).isTrue());
  }

  private static boolean whole(ResourceView view) {
    return view.leading()
        && view.inSync()
        && view.diagnosis().code().equals("healthy")
        && view.members().stream().filter(MemberView::writable).count() == 1
        && view.links().size() == REPLICAS
        && view.links().stream().noneMatch(LinkView::planned)
        && view.links().stream().map(LinkView::state).allMatch("streaming"::equals)
        && view.links().stream().allMatch(link -> link.lagBytes() != null)
        && view.ledger().get("quorum", "").split(",", -1).length == REPLICAS
        && view.ledger().entries().keySet().stream().noneMatch(name -> name.startsWith("doubt."))
        && view.operations().stream().allMatch(operation -> operation.state().ended());
  }

  /** For people who read why a test failed. */
  String story() {
    ResourceView view = view();
    StringBuilder text = new StringBuilder(view.diagnosis().sentence());
    text.append(' ').append(view.diagnosis().evidence()).append(' ').append(view.ledger());
    view.members().forEach(member -> text.append('\n').append(member));
    view.links().forEach(link -> text.append('\n').append(link));
    view.operations().forEach(operation -> tell(operation, text));
    for (Store.LoggedEvent logged : control().events(ORDERS, 0, 1000)) {
      text.append('\n').append(logged.event().micros()).append(' ').append(logged.event().code());
      text.append(" #").append(logged.event().operation());
      text.append(' ').append(logged.event().text()).append(' ').append(logged.event().details());
    }
    return text.toString();
  }

  private static void tell(Operation operation, StringBuilder text) {
    text.append('\n').append(operation.id()).append(' ').append(operation.type());
    text.append(' ').append(operation.state()).append(' ').append(operation.note());
    text.append(' ').append(operation.reason());
    for (StepRecord row : operation.steps()) {
      text.append("\n  ").append(row.key()).append(' ').append(row.state());
      text.append(' ').append(row.problem());
    }
  }
}
