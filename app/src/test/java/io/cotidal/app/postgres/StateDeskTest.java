package io.cotidal.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Severity;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.compat.StateRow;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.StateTable;
import io.cotidal.postgres.steps.StateKeeper;
import io.cotidal.runtime.Clock;
import io.cotidal.runtime.ControlPlane;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a cluster's state is written, and what is told of it. */
@Timeout(30)
final class StateDeskTest {
  private static final ResourceId ORDERS = new ResourceId("postgres", "orders");
  private static final MemberId A = new MemberId("a");
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Hand hand = new Hand();
  private final List<StateRow> rows = new CopyOnWriteArrayList<>();
  private final List<Command.Note> notes = new CopyOnWriteArrayList<>();
  private final AtomicReference<String> trouble = new AtomicReference<>("");
  private final AtomicReference<Reply> reply = new AtomicReference<>(new Reply.Noted());
  private final AtomicInteger tries = new AtomicInteger();
  private ResourceView view = view(3, Mode.MANAGE, true, true);
  private final StateDesk desk = new StateDesk(List.of(wanted()), plane(), hand, this::write);

  /** A clock that stands until it is turned. */
  private static final class Hand implements Clock {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Runnable> alarms = new CopyOnWriteArrayList<>();

    @Override
    public Moment now() {
      return new Moment(nanos.get(), 0);
    }

    @Override
    public Alarm at(long time, Runnable task) {
      alarms.add(task);
      return () -> alarms.remove(task);
    }

    void turn() {
      nanos.addAndGet(StateDesk.APART.toNanos() + Moment.MILLI);
      List<Runnable> now = List.copyOf(alarms);
      alarms.removeAll(now);
      now.forEach(Runnable::run);
    }
  }

  private static StateDesk.Wanted wanted() {
    PostgresSpec spec =
        new PostgresSpec(
            ORDERS,
            Mode.MANAGE,
            List.of(new Server(A, "db.a", 5432, Path.of("/srv/a"), Path.of("/bin"), "")),
            0,
            Failover.DEFAULT,
            new Access("postgres", new Secret("canary-1"), "replicator", new Secret("canary-2")),
            new TreeMap<>());
    return new StateDesk.Wanted(spec, new StateTable("ops", "handyrep"));
  }

  private static ResourceView view(long epoch, Mode mode, boolean leading, boolean writable) {
    MemberView a =
        new MemberView(A, "primary", Answers.YES, "well", Severity.INFO, writable, Details.NONE);
    return new ResourceView(
        ORDERS,
        1,
        mode,
        leading,
        epoch,
        new PgDiagnosis.Healthy(A, Details.NONE),
        true,
        List.of(),
        "",
        Details.of("primary", A),
        List.of(a),
        List.of(),
        List.of(),
        Map.of(),
        List.of());
  }

  private ControlPlane plane() {
    return (ControlPlane)
        Proxy.newProxyInstance(
            StateDeskTest.class.getClassLoader(),
            new Class<?>[] {ControlPlane.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "resource" -> Optional.of(view);
                  case "command" -> {
                    notes.add((Command.Note) arguments[1]);
                    yield CompletableFuture.completedFuture(reply.get());
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private StateKeeper.Written write(
      StateDesk.Wanted wanted, Server primary, StateRow row, long epoch) throws PgException {
    tries.incrementAndGet();
    String said = trouble.get();
    if (!said.isEmpty() && !said.equals("overtaken")) {
      throw new PgException(new Trouble.Rejected("42501", said));
    }
    if (said.isEmpty()) {
      rows.add(row);
      return StateKeeper.Written.DONE;
    }
    return StateKeeper.Written.OVERTAKEN;
  }

  private void changed() {
    desk.accept(new ControlPlane.Change.Updated(ORDERS, 1));
  }

  private void awaitTries(int number) {
    await().atMost(SOON).until(() -> tries.get() == number);
  }

  private List<String> told() {
    return notes.stream().map(Command.Note::code).toList();
  }

  @Test
  @DisplayName(
      "written when something has changed, a while apart; nothing is told of what succeeds")
  void apart() {
    changed();
    awaitTries(1);
    await().atMost(SOON).until(() -> rows.size() == 1);
    hand.turn();
    changed();
    view = view(4, Mode.MANAGE, true, true);
    changed();
    awaitTries(2);
    view = view(5, Mode.MANAGE, true, true);
    changed();
    changed();
    assertThat(tries).as("too soon").hasValue(2);
    hand.turn();
    awaitTries(3);
    assertThat(rows.getLast().status()).contains("\"epoch\":5");
    assertThat(notes).isEmpty();
  }

  @Test
  @DisplayName("not by who does not lead, nor in mode observe, nor while nobody takes writes")
  void not() {
    for (ResourceView other :
        List.of(
            view(3, Mode.MANAGE, false, true),
            view(3, Mode.OBSERVE, true, true),
            view(3, Mode.MANAGE, true, false))) {
      view = other;
      changed();
      hand.turn();
    }
    view = view(3, Mode.PROPOSE, true, true);
    changed();
    awaitTries(1);
  }

  @Test
  @DisplayName("a failure is told once, tried again until it succeeds, and then that is told")
  void failing() {
    trouble.set("permission denied for table handyrep");
    changed();
    await().atMost(SOON).until(() -> !notes.isEmpty());
    hand.turn();
    awaitTries(2);
    await().atMost(SOON).until(() -> !hand.alarms.isEmpty());
    trouble.set("overtaken");
    hand.turn();
    awaitTries(3);
    await().atMost(SOON).until(() -> !hand.alarms.isEmpty());
    assertThat(told()).containsExactly("state-table-failed");
    assertThat(notes.getFirst().text())
        .isEqualTo(
            "its state could not be written to ops.handyrep (permission denied for table"
                + " handyrep)");
    trouble.set("");
    hand.turn();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(told()).containsExactly("state-table-failed", "state-table-written"));
    assertThat(rows).hasSize(1);
  }

  @Test
  @DisplayName("what nobody could be told is told after the next try")
  void untold() {
    trouble.set("permission denied for table handyrep");
    reply.set(new Reply.NotLeading("the store is away"));
    changed();
    await().atMost(SOON).until(() -> notes.size() == 1 && !hand.alarms.isEmpty());
    reply.set(new Reply.Noted());
    hand.turn();
    awaitTries(2);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(told()).containsExactly("state-table-failed", "state-table-failed"));
    await().atMost(SOON).until(() -> !hand.alarms.isEmpty());
    hand.turn();
    awaitTries(3);
    assertThat(notes).hasSize(2);
  }

  @Test
  @DisplayName("a desk that is closed tells nothing more")
  void closed() {
    trouble.set("overtaken");
    changed();
    awaitTries(1);
    await().atMost(SOON).until(() -> notes.size() == 1);
    desk.close();
    hand.turn();
    changed();
    assertThat(tries).hasValue(1);
  }
}
