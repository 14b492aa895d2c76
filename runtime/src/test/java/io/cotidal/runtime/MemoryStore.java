package io.cotidal.runtime;

import io.cotidal.engine.Row;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import io.cotidal.model.StepRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A journal that forgets everything when the test ends. */
final class MemoryStore implements Store {
  private final Map<ResourceId, Long> epochs = new HashMap<>();
  private final Map<ResourceId, Details> ledgers = new HashMap<>();
  private final Map<OperationId, Operation> operations = new HashMap<>();
  private final Map<OperationId, Map<Integer, StepRecord>> steps = new HashMap<>();
  private final List<LoggedEvent> events = new ArrayList<>();
  private final Set<String> batches = new HashSet<>();

  /** What to answer to a batch instead of the truth; the truth if it answers null. */
  volatile Function<Batch, @Nullable Result> answer = batch -> null;

  /** Whether the store's file cannot be read now. */
  volatile boolean broken;

  @Override
  public synchronized Snapshot load(ResourceId resource) {
    check();
    List<Operation> all = operations(resource, 1000);
    return new Snapshot(
        epochs.getOrDefault(resource, 0L),
        ledgers.getOrDefault(resource, Details.NONE),
        all.stream().map(operation -> operation(operation.id()).orElseThrow()).toList(),
        List.of(),
        all.stream().mapToLong(Operation::number).max().orElse(0));
  }

  @Override
  public void commit(Batch batch, Consumer<Result> then) {
    Result truth = write(batch);
    Result said = answer.apply(batch);
    Thread.ofVirtual().start(() -> then.accept(said == null ? truth : said));
  }

  private synchronized Result write(Batch batch) {
    long epoch = epochs.getOrDefault(batch.resource(), 0L);
    long expected =
        batch.rows().stream()
            .filter(Row.RaiseEpoch.class::isInstance)
            .map(row -> ((Row.RaiseEpoch) row).from())
            .findFirst()
            .orElse(batch.epoch());
    if (epoch != expected) {
      return Result.REFUSED;
    }
    if (batch.rows().stream().anyMatch(this::usesKeyOfAnother)) {
      return Result.FAILED;
    }
    batch.rows().forEach(row -> write(batch.resource(), row));
    batches.add(batch.id());
    return Result.COMMITTED;
  }

  private boolean usesKeyOfAnother(Row row) {
    if (!(row instanceof Row.PutOperation put)) {
      return false;
    }
    String key = put.operation().idempotencyKey();
    return key != null
        && holder(put.operation().id().resource(), key)
            .filter(holder -> holder.number() != put.operation().number())
            .isPresent();
  }

  private void write(ResourceId resource, Row row) {
    switch (row) {
      case Row.RaiseEpoch raise -> epochs.put(resource, raise.to());
      case Row.PutOperation put -> operations.put(put.operation().id(), put.operation());
      case Row.PutStep put ->
          rows(resource, put.operation()).put(put.step().sequence(), put.step());
      case Row.DropStep drop -> rows(resource, drop.operation()).remove(drop.sequence());
      case Row.PutLedger put -> ledgers.put(resource, put.ledger());
      case Row.PutPause put -> {}
      case Row.PutItem put -> {}
      case Row.DropItem drop -> {}
      case Row.Append append -> events.add(new LoggedEvent(events.size() + 1L, append.event()));
    }
  }

  private Map<Integer, StepRecord> rows(ResourceId resource, long number) {
    return steps.computeIfAbsent(new OperationId(resource, number), id -> new TreeMap<>());
  }

  @Override
  public synchronized boolean committed(ResourceId resource, String batchId) {
    check();
    return batches.contains(batchId);
  }

  @Override
  public synchronized List<LoggedEvent> events(
      @Nullable ResourceId resource, long after, int limit) {
    check();
    return events.stream()
        .filter(event -> event.sequence() > after)
        .filter(event -> resource == null || event.event().resource().equals(resource))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<LoggedEvent> latest(
      @Nullable ResourceId resource, long before, int limit) {
    check();
    List<LoggedEvent> older =
        events.stream()
            .filter(event -> event.sequence() < before)
            .filter(event -> resource == null || event.event().resource().equals(resource))
            .toList();
    return older.subList(Math.max(0, older.size() - limit), older.size());
  }

  @Override
  public synchronized long lastEvent() {
    return events.size();
  }

  @Override
  public synchronized Optional<Operation> operation(OperationId id) {
    return Optional.ofNullable(operations.get(id))
        .map(operation ->
            operation.withSteps(List.copyOf(steps.getOrDefault(id, new TreeMap<>()).values())));
  }

  @Override
  public synchronized Optional<Operation> operationByKey(
      ResourceId resource, String idempotencyKey) {
    check();
    return holder(resource, idempotencyKey).flatMap(holder -> operation(holder.id()));
  }

  private Optional<Operation> holder(ResourceId resource, String key) {
    return operations.values().stream()
        .filter(operation -> operation.id().resource().equals(resource))
        .filter(operation -> key.equals(operation.idempotencyKey()))
        .findFirst();
  }

  @Override
  public synchronized List<Operation> operations(ResourceId resource, int limit) {
    return operations.values().stream()
        .filter(operation -> operation.id().resource().equals(resource))
        .sorted(Comparator.comparingLong(Operation::number).reversed())
        .limit(limit)
        .map(operation -> operation.withSteps(List.of()))
        .toList();
  }

  private void check() {
    if (broken) {
      throw new IllegalStateException("disk I/O error");
    }
  }
}
