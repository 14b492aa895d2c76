package io.cotidal.store;

import static io.cotidal.store.Samples.ORDERS;
import static io.cotidal.store.Samples.PEOPLE;
import static io.cotidal.store.Samples.batch;
import static io.cotidal.store.Samples.commit;
import static io.cotidal.store.Samples.log;
import static io.cotidal.store.Samples.operation;
import static io.cotidal.store.Samples.put;
import static io.cotidal.store.Samples.step;
import static io.cotidal.store.Samples.submit;
import static io.cotidal.store.Samples.urgent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Row;
import io.cotidal.engine.SecretStore;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.SpecStore;
import io.cotidal.engine.Store;
import io.cotidal.engine.Store.Batch;
import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.engine.Store.Result;
import io.cotidal.engine.TokenStore;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Pause;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Secret;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Token;
import io.cotidal.model.WhenUnknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store must do. A store's own test class extends this and says how it is opened. */
@Timeout(60)
public abstract class StoreConformance {
  /** A store that is empty at the beginning of each test; the same one for all of it. */
  protected abstract Store store();

  /** The same store's tokens. */
  protected abstract TokenStore tokens();

  /** The same store's configurations of record. */
  protected abstract SpecStore specs();

  /** The same store's secrets. */
  protected abstract SecretStore secrets();

  /** Closes the store and opens it again on the same data. */
  protected abstract void reopen();

  @Test
  @DisplayName("a resource never heard of is empty")
  void unknownResource() {
    assertThat(store().load(ORDERS)).isEqualTo(Snapshot.EMPTY);
    assertThat(store().lastEvent()).isZero();
    assertThat(store().operations(ORDERS, 10)).isEmpty();
    assertThat(store().operation(new OperationId(ORDERS, 1))).isEmpty();
    assertThat(store().committed(ORDERS, "no-such-batch")).isFalse();
  }

  @Test
  @DisplayName("what was committed is loaded, and still is after a restart")
  void roundTrip() {
    Operation operation =
        operation(7, OperationState.RUNNING)
            .withSteps(List.of(step(1, StepState.DONE), step(2, StepState.INTENDED)));
    Batch batch =
        batch(
            put(operation),
            new Row.PutStep(7, step(1, StepState.DONE)),
            new Row.PutStep(7, step(2, StepState.INTENDED)),
            new Row.PutLedger(Details.of("primary", "a")),
            log(ORDERS, "Failover begins."));
    assertThat(commit(store(), batch)).isEqualTo(Result.COMMITTED);
    Snapshot wanted = new Snapshot(0, Details.of("primary", "a"), List.of(operation), List.of(), 7);
    assertThat(store().load(ORDERS)).isEqualTo(wanted);
    reopen();
    assertThat(store().load(ORDERS)).isEqualTo(wanted);
    assertThat(store().operation(operation.id())).contains(operation);
    assertThat(store().committed(ORDERS, batch.id())).isTrue();
    assertThat(store().committed(PEOPLE, batch.id())).isFalse();
  }

  @Test
  @DisplayName("what is absent stays absent, and every answer to the unknown returns")
  void absentParts() {
    Operation plain =
        new Operation(
            new OperationId(ORDERS, 1),
            "rejoin",
            3,
            Details.NONE,
            Risk.SAFE,
            OperationState.CANCELLING,
            "",
            "",
            "",
            "",
            Actor.COTIDAL,
            null,
            null,
            true,
            List.of(new Lock("slot", false)),
            0,
            0,
            0,
            0,
            List.of());
    Step decision =
        Step.decision("choose", "Choose b.", Details.of("b", "0/3000B8"))
            .after(Set.of("cut off b", "cut off c"))
            .whenUnknown(new WhenUnknown.RetryFor(Duration.ofMillis(1500)))
            .within(Duration.ofDays(400))
            .thenDecide()
            .noReturn()
            .writing(Details.of("primary", "b"));
    StepRecord first = StepRecord.planned(1, decision, 2);
    StepRecord second =
        StepRecord.planned(2, decision.named("again").whenUnknown(new WhenUnknown.Attention()), 1);
    Event nobody =
        new Event(ORDERS, -1, Severity.CRITICAL, "code", 0, null, "", Details.of("a", "b"));
    commit(
        store(),
        batch(
            put(plain),
            new Row.PutStep(1, second),
            new Row.PutStep(1, first),
            new Row.Append(nobody)));
    assertThat(store().operation(plain.id())).contains(plain.withSteps(List.of(first, second)));
    assertThat(store().events(null, 0, 1)).containsExactly(new LoggedEvent(1, nobody));
  }

  private static Item copy(String name, String state, Details facts) {
    return new Item("copy", name, "ann", state, facts, 5, 0);
  }

  @Test
  @DisplayName(
      "copies/B5: items are kept with their facts, replaced by key, dropped, a resource's own")
  void items() {
    Details odd = Details.of("dump", "/a b/ü\"'\n.sql").with("empty", "");
    Item one = copy("one", "creating", odd);
    Item generation = new Item("generation", "g1", "", "ready", Details.NONE, 1, 2);
    commit(
        store(),
        batch(new Row.PutItem(one), new Row.PutItem(generation), new Row.DropItem("copy", "none")));
    commit(store(), batch(PEOPLE, 0, new Row.PutItem(copy("one", "broken", Details.NONE))));
    assertThat(store().load(ORDERS).items()).containsExactly(one, generation);
    Item ready = copy("one", "ready", odd.with("port", 9));
    commit(store(), batch(new Row.PutItem(ready), new Row.DropItem("generation", "g1")));
    reopen();
    assertThat(store().load(ORDERS).items()).containsExactly(ready);
    assertThat(store().load(PEOPLE).items()).hasSize(1);
  }

  @Test
  @DisplayName("copies/B5: a refused batch changes no item")
  void refusedItems() {
    commit(
        store(),
        batch(new Row.RaiseEpoch(0, 3), new Row.PutItem(copy("a", "ready", Details.NONE))));
    Batch late = batch(ORDERS, 2, new Row.DropItem("copy", "a"));
    assertThat(commit(store(), late)).isEqualTo(Result.REFUSED);
    assertThat(store().load(ORDERS).items()).hasSize(1);
  }

  @Test
  @DisplayName("copies/B5: what a step does to items is journalled with it")
  void stepWithItems() {
    Step step =
        Step.act("make", new MemberId("local"), "make it")
            .changing(
                new ItemChange.Put(
                    "copy",
                    "one",
                    "ann [x]",
                    "ready",
                    Details.of("port", "@port").with("gone", "").with("odd", "{\"a\": 1}"),
                    ItemChange.Put.SAME_EXPIRY),
                new ItemChange.Drop("spare", "c7"));
    StepRecord row = StepRecord.planned(1, step, 1);
    commit(store(), batch(put(operation(1, OperationState.RUNNING)), new Row.PutStep(1, row)));
    reopen();
    assertThat(store().load(ORDERS).operations().getFirst().steps()).containsExactly(row);
  }

  @Test
  @DisplayName("a batch under another epoch is refused and leaves nothing")
  void epochEquality() {
    assertThat(commit(store(), batch(new Row.RaiseEpoch(0, 3)))).isEqualTo(Result.COMMITTED);
    for (long epoch : new long[] {0, 2, 4}) {
      Batch late =
          batch(ORDERS, epoch, put(operation(1, OperationState.QUEUED)), log(ORDERS, "late"));
      assertThat(commit(store(), late)).isEqualTo(Result.REFUSED);
      assertThat(store().committed(ORDERS, late.id())).isFalse();
    }
    assertThat(store().load(ORDERS))
        .isEqualTo(new Snapshot(3, Details.NONE, List.of(), List.of(), 0));
    assertThat(store().lastEvent()).isZero();
    assertThat(commit(store(), batch(ORDERS, 3, log(ORDERS, "in time"))))
        .isEqualTo(Result.COMMITTED);
    assertThat(
            commit(store(), batch(PEOPLE, 0, log(PEOPLE, "another resource's epoch is its own"))))
        .isEqualTo(Result.COMMITTED);
  }

  @Test
  @DisplayName("an epoch is raised by compare-and-set, and only upwards")
  void raise() {
    assertThat(commit(store(), batch(new Row.RaiseEpoch(1, 2)))).isEqualTo(Result.REFUSED);
    assertThat(commit(store(), batch(ORDERS, 99, new Row.RaiseEpoch(0, 5), log(ORDERS, "won"))))
        .isEqualTo(Result.COMMITTED);
    assertThat(commit(store(), batch(ORDERS, 5, new Row.RaiseEpoch(0, 6))))
        .isEqualTo(Result.REFUSED);
    assertThat(commit(store(), batch(ORDERS, 5, new Row.RaiseEpoch(5, 5))))
        .isEqualTo(Result.REFUSED);
    assertThat(commit(store(), batch(ORDERS, 5, new Row.RaiseEpoch(5, 4))))
        .isEqualTo(Result.REFUSED);
    assertThat(store().load(ORDERS).epoch()).isEqualTo(5);
    assertThat(store().lastEvent()).isEqualTo(1);
  }

  @Test
  @DisplayName("rows written over rows replace them; a planned step can go, one that began cannot")
  void replace() {
    commit(
        store(),
        batch(
            put(operation(1, OperationState.RUNNING)),
            new Row.PutStep(1, step(1, StepState.PLANNED)),
            new Row.PutStep(1, step(2, StepState.PLANNED)),
            new Row.PutStep(1, step(3, StepState.PLANNED))));
    Batch next =
        batch(
            new Row.PutStep(1, step(1, StepState.DONE)),
            new Row.PutStep(1, step(2, StepState.INTENDED)),
            new Row.DropStep(1, 3),
            put(operation(1, OperationState.ATTENTION)));
    assertThat(commit(store(), next)).isEqualTo(Result.COMMITTED);
    Operation wanted =
        operation(1, OperationState.ATTENTION)
            .withSteps(List.of(step(1, StepState.DONE), step(2, StepState.INTENDED)));
    assertThat(store().load(ORDERS).operations()).containsExactly(wanted);
    assertThat(commit(store(), batch(new Row.DropStep(1, 2)))).isEqualTo(Result.FAILED);
    assertThat(commit(store(), batch(new Row.DropStep(1, 3)))).isEqualTo(Result.COMMITTED);
    assertThat(store().load(ORDERS).operations()).containsExactly(wanted);
  }

  @Test
  @DisplayName("open operations are all loaded, however old, and the newest fifty that ended")
  void whatIsLoaded() {
    for (long number = 1; number <= 70; number++) {
      boolean open = number == 3 || number == 64;
      OperationState state = open ? OperationState.PROPOSED : OperationState.DONE;
      Row stepRow = new Row.PutStep(number, step(1, StepState.DONE));
      commit(store(), batch(put(operation(number, state)), stepRow));
    }
    List<Operation> loaded = store().load(ORDERS).operations();
    assertThat(loaded)
        .extracting(Operation::number)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 70).filter(n -> n == 3 || n > 19).boxed().toList());
    assertThat(loaded).allSatisfy(each -> assertThat(each.steps()).hasSize(1));
    assertThat(store().load(ORDERS).lastNumber()).isEqualTo(70);
  }

  @Test
  @DisplayName("operations are listed newest first, without their steps")
  void listing() {
    commit(
        store(),
        batch(
            put(operation(1, OperationState.DONE)),
            put(operation(2, OperationState.FAILED)),
            put(operation(3, OperationState.RUNNING)),
            new Row.PutStep(3, step(1, StepState.DONE))));
    assertThat(store().operations(ORDERS, 2))
        .containsExactly(operation(3, OperationState.RUNNING), operation(2, OperationState.FAILED));
    assertThat(store().operations(ORDERS, 0)).isEmpty();
    assertThat(store().operations(ORDERS, -1)).isEmpty();
    assertThat(store().operations(PEOPLE, 10)).isEmpty();
  }

  @Test
  @DisplayName("events have rising sequences, and are read from where the reader stopped")
  void events() {
    commit(store(), batch(log(ORDERS, "one"), log(ORDERS, "two")));
    commit(store(), batch(PEOPLE, 0, log(PEOPLE, "three")));
    commit(store(), batch(ORDERS, 9, log(ORDERS, "refused")));
    commit(store(), batch(log(ORDERS, "four")));
    List<LoggedEvent> all = store().events(null, 0, 100);
    assertThat(all)
        .extracting(each -> each.event().text())
        .containsExactly("one", "two", "three", "four");
    assertThat(all).extracting(LoggedEvent::sequence).isSorted().doesNotHaveDuplicates();
    assertThat(store().lastEvent()).isEqualTo(all.getLast().sequence());
    assertThat(store().events(ORDERS, all.get(1).sequence(), 100)).containsExactly(all.get(3));
    assertThat(store().events(null, all.getFirst().sequence(), 1)).containsExactly(all.get(1));
    assertThat(all.getFirst().event()).isEqualTo(Samples.event(ORDERS, "one"));
  }

  @Test
  @DisplayName("the newest events are read backwards, of one resource however much others log")
  void latestEvents() {
    assertThat(store().latest(null, Long.MAX_VALUE, 10)).isEmpty();
    commit(store(), batch(log(ORDERS, "one"), log(ORDERS, "two")));
    commit(store(), batch(PEOPLE, 0, log(PEOPLE, "three")));
    commit(store(), batch(log(ORDERS, "four")));
    List<LoggedEvent> all = store().events(null, 0, 100);
    assertThat(store().latest(null, Long.MAX_VALUE, 100)).isEqualTo(all);
    assertThat(store().latest(null, Long.MAX_VALUE, 2)).isEqualTo(all.subList(2, 4));
    assertThat(store().latest(null, all.get(2).sequence(), 1)).containsExactly(all.get(1));
    assertThat(store().latest(ORDERS, Long.MAX_VALUE, 2)).containsExactly(all.get(1), all.get(3));
    assertThat(store().latest(ORDERS, all.get(3).sequence(), 100))
        .containsExactly(all.get(0), all.get(1));
    assertThat(store().latest(PEOPLE, Long.MAX_VALUE, 1)).containsExactly(all.get(2));
    assertThat(store().latest(null, Long.MAX_VALUE, 0)).isEmpty();
  }

  @Test
  @DisplayName("an idempotency key is used once a resource")
  void idempotency() {
    Operation first = operation(ORDERS, 1, OperationState.DONE, "retry-me");
    assertThat(commit(store(), batch(put(first)))).isEqualTo(Result.COMMITTED);
    assertThat(commit(store(), batch(put(first)))).isEqualTo(Result.COMMITTED);
    Batch second =
        batch(log(ORDERS, "half"), put(operation(ORDERS, 2, OperationState.QUEUED, "retry-me")));
    assertThat(commit(store(), second)).isEqualTo(Result.FAILED);
    assertThat(store().load(ORDERS).lastNumber()).isEqualTo(1);
    assertThat(store().lastEvent()).isZero();
    Batch elsewhere =
        batch(PEOPLE, 0, put(operation(PEOPLE, 1, OperationState.QUEUED, "retry-me")));
    assertThat(commit(store(), elsewhere)).isEqualTo(Result.COMMITTED);
  }

  @Test
  @DisplayName("the operation that holds an idempotency key is found, however old")
  void operationByKey() {
    Operation first =
        operation(ORDERS, 1, OperationState.DONE, "retry-me")
            .withSteps(List.of(step(1, StepState.DONE)));
    commit(store(), batch(put(first), new Row.PutStep(1, step(1, StepState.DONE))));
    for (long number = 2; number <= 60; number++) {
      commit(store(), batch(put(operation(number, OperationState.DONE))));
    }
    reopen();
    assertThat(store().load(ORDERS).operations()).extracting(Operation::number).doesNotContain(1L);
    assertThat(store().operationByKey(ORDERS, "retry-me")).contains(first);
    assertThat(store().operationByKey(ORDERS, "retry")).isEmpty();
    assertThat(store().operationByKey(PEOPLE, "retry-me")).isEmpty();
  }

  @Test
  @DisplayName("a batch is taken once; rows that make no sense are not taken at all")
  void nonsense() {
    Batch once = batch(log(ORDERS, "once"));
    assertThat(commit(store(), once)).isEqualTo(Result.COMMITTED);
    assertThat(commit(store(), once)).isEqualTo(Result.FAILED);
    Batch orphan = batch(log(ORDERS, "orphan"), new Row.PutStep(99, step(1, StepState.PLANNED)));
    assertThat(commit(store(), orphan)).isEqualTo(Result.FAILED);
    Batch foreign = batch(put(operation(PEOPLE, 1, OperationState.QUEUED, null)));
    assertThat(commit(store(), foreign)).isEqualTo(Result.FAILED);
    assertThat(store().lastEvent()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "batches of one commit: a refused or impossible one harms no other, and each sees those before it")
  void oneGroup() {
    List<CompletableFuture<Result>> results = new ArrayList<>();
    whileBusy(() -> {
      results.add(submit(store(), batch(log(ORDERS, "a"))));
      results.add(submit(store(), batch(ORDERS, 4, log(ORDERS, "too new"))));
      results.add(submit(store(), batch(new Row.PutStep(99, step(1, StepState.PLANNED)))));
      results.add(submit(store(), batch(new Row.RaiseEpoch(0, 4))));
      results.add(submit(store(), batch(ORDERS, 0, log(ORDERS, "too old"))));
      results.add(submit(store(), batch(ORDERS, 4, log(ORDERS, "b"))));
    });
    assertThat(results)
        .extracting(CompletableFuture::join)
        .containsExactly(
            Result.COMMITTED,
            Result.REFUSED,
            Result.FAILED,
            Result.COMMITTED,
            Result.REFUSED,
            Result.COMMITTED);
    assertThat(texts(ORDERS)).containsExactly("a", "b");
  }

  @Test
  @DisplayName("urgent batches overtake those of other resources, never those of their own")
  void urgency() {
    List<CompletableFuture<Result>> results = new ArrayList<>();
    whileBusy(() ->
        results.addAll(
            List.of(
                submit(store(), batch(PEOPLE, 0, log(PEOPLE, "people 1"))),
                submit(store(), batch(log(ORDERS, "orders 1"))),
                submit(store(), batch(PEOPLE, 0, log(PEOPLE, "people 2"))),
                submit(store(), urgent(ORDERS, log(ORDERS, "orders 2, urgent"))),
                submit(store(), batch(log(ORDERS, "orders 3"))))));
    assertThat(results).extracting(CompletableFuture::join).containsOnly(Result.COMMITTED);
    assertThat(store().events(null, 0, 10))
        .extracting(each -> each.event().text())
        .containsExactly("orders 1", "orders 2, urgent", "people 1", "people 2", "orders 3");
  }

  /**
   * Holds the store's answering thread while {@code work} hands batches in, so that they share a
   * commit.
   */
  private void whileBusy(Runnable work) {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    store()
        .commit(
            batch(new ResourceId("postgres", "other"), 0),
            result -> {
              held.countDown();
              awaitLatch(release);
            });
    awaitLatch(held);
    work.run();
    release.countDown();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName(
      "many threads: every batch is there, and a resource's order is the order of its calls")
  void concurrency() throws Exception {
    int lanes = 8;
    int each = 150;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int lane = 0; lane < lanes; lane++) {
        ResourceId resource = new ResourceId("postgres", "lane" + lane);
        running.add(threads.submit(() -> writeMany(resource, each)));
      }
      for (Future<?> future : running) {
        future.get();
      }
    }
    List<String> inOrder = IntStream.rangeClosed(1, each).mapToObj(String::valueOf).toList();
    for (int lane = 0; lane < lanes; lane++) {
      ResourceId resource = new ResourceId("postgres", "lane" + lane);
      assertThat(texts(resource)).isEqualTo(inOrder);
      assertThat(store().load(resource).lastNumber()).isEqualTo(each);
    }
    assertThat(store().lastEvent()).isEqualTo((long) lanes * each);
  }

  private void writeMany(ResourceId resource, int count) {
    List<CompletableFuture<Result>> results = new ArrayList<>();
    for (int n = 1; n <= count; n++) {
      List<Row> rows =
          List.of(
              put(operation(resource, n, OperationState.DONE, null)),
              log(resource, String.valueOf(n)));
      results.add(submit(store(), new Batch("b" + n, resource, 0, rows, n % 7 == 0)));
    }
    assertThat(results).allSatisfy(each -> assertThat(each.join()).isEqualTo(Result.COMMITTED));
  }

  private List<String> texts(ResourceId resource) {
    return store().events(resource, 0, 10_000).stream().map(each -> each.event().text()).toList();
  }

  @Test
  @DisplayName("one who waits may fail, or commit again at once: the store goes on")
  void callbacks() {
    store()
        .commit(
            batch(log(ORDERS, "one")),
            result -> {
              throw new IllegalStateException("thrown on purpose");
            });
    CompletableFuture<Result> nested = new CompletableFuture<>();
    store()
        .commit(
            batch(log(ORDERS, "two")),
            result -> store().commit(batch(log(ORDERS, "three")), nested::complete));
    assertThat(nested.join()).isEqualTo(Result.COMMITTED);
    assertThat(texts(ORDERS)).containsExactly("one", "two", "three");
  }

  @Test
  @DisplayName(
      "whatever characters a text holds, the batch is taken; what no database can hold is replaced")
  void strangeTexts() {
    Details strange = Details.of("\u0000\ud800", "'; DROP TABLE step; --\n\u2028\ud83d\ude00");
    commit(
        store(),
        batch(new Row.PutLedger(strange), log(ORDERS, "'; DROP TABLE event; --\u0000\ud800")));
    assertThat(store().load(ORDERS).ledger())
        .isEqualTo(Details.of("\u0000\ufffd", "'; DROP TABLE step; --\n\u2028\ud83d\ude00"));
    assertThat(texts(ORDERS)).containsExactly("'; DROP TABLE event; --\ufffd\ufffd");
  }

  private static SpecStore.Spec record(long generation, String digest, boolean released) {
    return new SpecStore.Spec(
        ORDERS, generation, digest, "mode 0a\nquorum 1b", released, "one:/a.yaml", "eve", 7);
  }

  @Test
  @DisplayName("a configuration of record is written once a generation, and survives a restart")
  void specLife() {
    assertThat(specs().spec(ORDERS)).isEmpty();
    assertThat(specs().put(record(2, "x", false))).isFalse();
    assertThat(specs().put(record(1, "x", false))).isTrue();
    assertThat(specs().put(record(1, "other", false))).isFalse();
    assertThat(specs().put(record(2, "y", true))).isTrue();
    assertThat(specs().put(record(2, "other", false))).isFalse();
    reopen();
    assertThat(specs().spec(ORDERS)).contains(record(2, "y", true));
    assertThat(specs().specs()).containsExactly(record(2, "y", true));
  }

  @Test
  @DisplayName("tokens are added once, found by hash, listed by id, used, forgotten")
  void tokenLife() {
    Token ann = new Token("ann", "hash-a", Permission.ADMIN, "*", 1, 2, 0);
    Token bob = new Token("bob", "hash-b", Permission.VIEWER, "postgres/*", 3, 4, 0);
    assertThat(tokens().add(bob)).isTrue();
    assertThat(tokens().add(ann)).isTrue();
    assertThat(tokens().add(new Token("ann", "other", Permission.VIEWER, "*", 9, 9, 0))).isFalse();
    reopen();
    assertThat(tokens().list()).containsExactly(ann, bob);
    assertThat(tokens().find("hash-b")).contains(bob);
    assertThat(tokens().find("other")).isEmpty();
    tokens().used("bob", 100_000_000);
    tokens().used("nobody", 100_000_000);
    await()
        .untilAsserted(() ->
            assertThat(tokens().find("hash-b").orElseThrow().lastUsedMicros())
                .isEqualTo(100_000_000));
    assertThat(tokens().remove("ann")).isTrue();
    assertThat(tokens().remove("ann")).isFalse();
    assertThat(tokens().list()).extracting(Token::id).containsExactly("bob");
  }

  @Test
  @DisplayName("a pause is kept, replaced, ended, a resource's own")
  void pauses() {
    Pause pause = new Pause(5, 9, new Actor("ann"), "new disks\n\u0000");
    commit(store(), batch(new Row.PutPause(Optional.of(pause))));
    reopen();
    assertThat(store().load(ORDERS).pause()).contains(pause);
    assertThat(store().load(PEOPLE).pause()).isEmpty();
    Pause other = new Pause(6, 0, new Actor("bob"), "");
    commit(store(), batch(new Row.PutPause(Optional.of(other))));
    assertThat(store().load(ORDERS).pause()).contains(other);
    commit(store(), batch(new Row.PutPause(Optional.empty())));
    assertThat(store().load(ORDERS).pause()).isEmpty();
  }

  @Test
  @DisplayName("copies/E1: secrets are kept under their resource and name, replaced, forgotten")
  void secretLife() {
    assertThat(secrets().find(ORDERS, "one")).isEmpty();
    secrets().put(ORDERS, "one", new Secret("old"));
    secrets().put(ORDERS, "one", new Secret("canary"));
    secrets().put(PEOPLE, "one", new Secret("another's"));
    reopen();
    assertThat(secrets().find(ORDERS, "one").map(Secret::reveal)).contains("canary");
    secrets().drop(ORDERS, "one");
    secrets().drop(ORDERS, "one");
    assertThat(secrets().find(ORDERS, "one")).isEmpty();
    assertThat(secrets().find(PEOPLE, "one").map(Secret::reveal)).contains("another's");
  }
}
