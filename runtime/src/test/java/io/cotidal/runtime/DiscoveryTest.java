package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.MembershipView;
import io.cotidal.engine.MembershipView.Origin;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Row;
import io.cotidal.engine.Store;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.SourceAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Daemons whose members come from sources, with the real engine, on real time. */
@Timeout(60)
final class DiscoveryTest {
  private static final Duration PERIOD = Duration.ofMillis(50);
  private static final SourceAnswer DOWN = new SourceAnswer.Unavailable("no route");

  private final SystemClock clock = new SystemClock();
  private final MemoryStore store = new MemoryStore();
  private final List<ScriptedDriver> drivers = new ArrayList<>();
  private final List<ScriptedSource> sources = new ArrayList<>();
  private final List<ResourceId> ids = new ArrayList<>();
  private Optional<Daemon> daemon = Optional.empty();

  /** Always this one. */
  private static final class Alone implements Election {
    private volatile boolean held;

    @Override
    public void start(Candidate who) {
      held = true;
      who.won();
    }

    @Override
    public boolean held() {
      return held;
    }

    @Override
    public String reason() {
      return held ? "" : "closed";
    }

    @Override
    public void close() {
      held = false;
    }
  }

  @AfterEach
  void end() {
    daemon.ifPresent(Daemon::close);
    clock.close();
  }

  private static List<MemberId> members(int count) {
    return IntStream.range(0, count).mapToObj(i -> new MemberId("m" + i)).toList();
  }

  private static SourceAnswer names(List<MemberId> members) {
    return SourceAnswer.Members.named(members);
  }

  /** A daemon that leads resources of which each has, and remembers, so many members. */
  private void leads(int resources, int members) {
    Daemon started = starts(resources, members, () -> names(members(members)));
    await()
        .until(() ->
            started.resources().stream()
                .allMatch(view -> view.leading() && view.members().size() == members));
  }

  private Daemon starts(int resources, int members, Supplier<SourceAnswer> first) {
    List<Managed<?, ?>> managed = new ArrayList<>();
    for (int i = 0; i < resources; i++) {
      TestKind.Shore spec =
          new TestKind().withMembers(TestKind.Shore.of("r" + i, PERIOD), List.of());
      ScriptedDriver driver = new ScriptedDriver();
      ScriptedSource source = new ScriptedSource();
      source.script = first;
      drivers.add(driver);
      sources.add(source);
      ids.add(spec.id());
      Details ledger = Details.NONE;
      for (MemberId member : members(members)) {
        ledger = ledger.with(TestKind.REMEMBERED + member, "somewhere");
      }
      store.commit(
          new Store.Batch("given " + i, spec.id(), 0, List.of(new Row.PutLedger(ledger)), false),
          result -> {});
      managed.add(
          new Managed<>(new TestKind(), spec, driver, Optional.of(new Discovery(source, PERIOD))));
    }
    Daemon started = new Daemon(new Daemon.Ground(clock, store, new Alone()), List.of(), managed);
    daemon = Optional.of(started);
    started.start();
    return started;
  }

  private ResourceView view(int resource) {
    return daemon.orElseThrow().resource(ids.get(resource)).orElseThrow();
  }

  private MembershipView membership(int resource) {
    return view(resource).membership();
  }

  private List<MemberId> shown(int resource) {
    return view(resource).members().stream().map(MemberView::id).toList();
  }

  @Test
  @DisplayName("directory/D3: the source names the members; while it cannot answer nothing changes")
  void unavailableIsNotEmpty() {
    starts(1, 3, () -> DOWN);
    await().until(() -> membership(0).failures() > 1);
    assertThat(membership(0).origin()).isEqualTo(Origin.UNAVAILABLE);
    assertThat(membership(0).reason()).isEqualTo("no route");
    assertThat(membership(0).departed()).isEmpty();
    sources.getFirst().script = () -> names(members(3));
    await().until(() -> shown(0).equals(members(3)));
    assertThat(membership(0).origin()).isEqualTo(Origin.ANSWERS);
    long failures = membership(0).failures();
    sources.getFirst().script = () -> DOWN;
    await().until(() -> membership(0).failures() > failures + 4);
    assertThat(shown(0)).isEqualTo(members(3));
    assertThat(membership(0).departed()).isEmpty();
    assertThat(membership(0).answeredMicros()).isPositive();
    assertThat(membership(0).failingSinceMicros()).isGreaterThan(membership(0).answeredMicros());
    assertThat(view(0).operations()).isEmpty();
    await().until(() -> logged("source-unavailable"));
  }

  private boolean logged(String code) {
    return store.events(null, 0, 1_000).stream().anyMatch(it -> it.event().code().equals(code));
  }

  @Test
  @DisplayName("directory/D7: one member that is gone is let go of by itself, after its grace")
  void oneLeaves() {
    leads(1, 3);
    names(0, 2);
    await().until(() -> !view(0).operations().isEmpty());
    Operation leave = view(0).operations().getFirst();
    assertThat(leave.type()).isEqualTo("leave");
    await().until(() -> membership(0).departed().isEmpty());
    assertThat(drivers.getFirst().acts.get()).isEqualTo(1);
    assertThat(view(0).ledger().has(TestKind.REMEMBERED + "m2")).isFalse();
    assertThat(logged("member-gone")).isTrue();
  }

  /** From now on that source names so many of the members. */
  private void names(int resource, int count) {
    sources.get(resource).script = () -> names(members(count));
  }

  /** So many wait for an approval; nothing else was begun. */
  private void awaitProposals(int resource, int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(in(resource, OperationState.PROPOSED))
                .as("%s", view(resource))
                .isEqualTo(count));
    assertThat(view(resource).operations()).allMatch(one -> one.startedMicros() == 0);
    assertThat(drivers.get(resource).acts.get()).isZero();
  }

  private long in(int resource, OperationState state) {
    return view(resource).operations().stream().filter(one -> one.state() == state).count();
  }

  @Test
  @DisplayName("directory/D4: two of five that are gone wait for an approval, each")
  void twoAreHeld() {
    leads(1, 5);
    names(0, 3);
    awaitProposals(0, 2);
    assertThat(membership(0).held()).startsWith("2 of 5 are named no more");
  }

  @Test
  @DisplayName("directory/D4: ten members of three resources gone in a window: nobody is let go of")
  void fleet() {
    leads(3, 15);
    for (int i = 0; i < 3; i++) {
      names(i, 11);
    }
    for (int i = 0; i < 3; i++) {
      int resource = i;
      await().until(() -> membership(resource).held().contains("members of 3 resources went"));
    }
    for (int i = 0; i < 3; i++) {
      awaitProposals(i, 4);
    }
    assertThat(logged("removals-held")).isTrue();
    for (int i = 0; i < 3; i++) {
      names(i, 12);
    }
    await().until(() -> logged("removals-free"));
    for (int i = 0; i < 3; i++) {
      int resource = i;
      await().until(() -> membership(resource).departed().isEmpty());
      assertThat(drivers.get(resource).acts.get()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("directory/D4: who runs anew meanwhile takes no suspicion away from the others")
  void anew() {
    leads(3, 15);
    for (int i = 0; i < 3; i++) {
      names(i, 11);
    }
    for (int i = 0; i < 3; i++) {
      awaitProposals(i, 4);
    }
    ScriptedSource next = new ScriptedSource();
    next.script = () -> names(members(11));
    TestKind.Shore spec = new TestKind().withMembers(TestKind.Shore.of("r0", PERIOD), List.of());
    ScriptedDriver driver = new ScriptedDriver();
    assertThat(
            daemon
                .orElseThrow()
                .replace(
                    ids.getFirst(),
                    new Managed<>(
                        new TestKind(), spec, driver, Optional.of(new Discovery(next, PERIOD)))))
        .isTrue();
    await().until(() -> view(0).leading() && membership(0).departed().size() == 4);
    await()
        .during(Duration.ofMillis(500))
        .until(() -> membership(1).held().contains("members of 3 resources went"));
    assertThat(logged("removals-free")).isFalse();
    assertThat(driver.acts.get()).isZero();
    assertThat(drivers.get(1).acts.get() + drivers.get(2).acts.get()).isZero();
  }

  @Test
  @DisplayName("A source is closed with its daemon, and asked no more")
  void closes() {
    leads(1, 3);
    CountDownLatch end = new CountDownLatch(1);
    sources.getFirst().script =
        () -> {
          sources.getFirst().hang(end);
          return DOWN;
        };
    await().until(() -> sources.getFirst().asking.get() == 1);
    int before = sources.getFirst().asks.get();
    daemon.orElseThrow().close();
    await().until(() -> sources.getFirst().closed);
    await().until(() -> sources.getFirst().interrupts.get() == 1);
    end.countDown();
    await().until(() -> sources.getFirst().asking.get() == 0);
    assertThat(sources.getFirst().asks.get()).isEqualTo(before);
  }
}
