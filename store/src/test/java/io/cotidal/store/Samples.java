package io.cotidal.store;

import io.cotidal.engine.Row;
import io.cotidal.engine.Store;
import io.cotidal.engine.Store.Batch;
import io.cotidal.engine.Store.Result;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Rows to write in tests. */
final class Samples {
  static final ResourceId ORDERS = new ResourceId("postgres", "orders");
  static final ResourceId PEOPLE = new ResourceId("directory", "people");

  private Samples() {}

  static Operation operation(long number, OperationState state) {
    return operation(ORDERS, number, state, null);
  }

  static Operation operation(
      ResourceId resource, long number, OperationState state, @Nullable String idempotencyKey) {
    return new Operation(
        new OperationId(resource, number),
        "failover",
        1,
        Details.of("to", "b").with("why", "primary gone"),
        Risk.IRREVERSIBLE,
        state,
        "the primary is dead",
        state.ended() ? "b is primary" : "",
        "key-" + number,
        "basis",
        Actor.COTIDAL,
        new Actor("ann"),
        idempotencyKey,
        false,
        List.of(Lock.resource(), Lock.member(new MemberId("a"))),
        1_000 + number,
        1_500 + number,
        2_000 + number,
        state.ended() ? 3_000 + number : 0,
        List.of());
  }

  static StepRecord step(int sequence, StepState state) {
    Step step =
        Step.act("cut-off", new MemberId("b"), "Cut b off.")
            .named("cut-off " + sequence)
            .with("lsn", "0/3000A0");
    return new StepRecord(
        sequence, step, 1, state, 8, Details.of("position", "0/3000B8"), "", 5, 6);
  }

  static Event event(ResourceId resource, String text) {
    return new Event(
        resource, 42, Severity.WARNING, "failover-begun", 17, Actor.COTIDAL, text, Details.NONE);
  }

  static Batch batch(Row... rows) {
    return batch(ORDERS, 0, rows);
  }

  static Batch batch(ResourceId resource, long epoch, Row... rows) {
    return new Batch(UUID.randomUUID().toString(), resource, epoch, List.of(rows), false);
  }

  static Batch urgent(ResourceId resource, Row... rows) {
    return new Batch(UUID.randomUUID().toString(), resource, 0, List.of(rows), true);
  }

  static Row put(Operation operation) {
    return new Row.PutOperation(operation);
  }

  static Row log(ResourceId resource, String text) {
    return new Row.Append(event(resource, text));
  }

  static CompletableFuture<Result> submit(Store store, Batch batch) {
    CompletableFuture<Result> result = new CompletableFuture<>();
    store.commit(batch, result::complete);
    return result;
  }

  static Result commit(Store store, Batch batch) {
    return submit(store, batch).orTimeout(20, TimeUnit.SECONDS).join();
  }
}
