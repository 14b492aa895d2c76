package io.cotidal.engine;

import io.cotidal.model.Event;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The journal, seen from the engine. Thread-safe; every call may block for as long as the disk
 * does.
 */
public interface Store {
  /** What came of a commit. */
  enum Result {
    /** Durable. */
    COMMITTED,
    /** The store's epoch is another one than the batch's; nothing was written. */
    REFUSED,
    /** Nothing was written, for a reason other than the epoch; the store's log says which. */
    FAILED,
    /** It may be durable or not; {@link #committed} tells. */
    UNKNOWN
  }

  /**
   * Rows that become durable together or not at all.
   *
   * @param id unique for ever; remembered with the rows so that {@link #committed} can answer
   * @param epoch the epoch that the store must hold for the resource when the rows are written. A
   *     batch with a {@link Row.RaiseEpoch} is checked against that row's {@code from} instead
   * @param urgent whether others' batches may be overtaken
   */
  record Batch(String id, ResourceId resource, long epoch, List<Row> rows, boolean urgent) {
    /** Copies the rows. */
    public Batch {
      rows = List.copyOf(rows);
    }
  }

  /** What the store holds of {@code resource}. */
  Snapshot load(ResourceId resource);

  /** Writes {@code batch} and tells {@code then}, on a thread of the store's, what came of it. */
  void commit(Batch batch, Consumer<Result> then);

  /** Whether the batch of that id was committed. */
  boolean committed(ResourceId resource, String batchId);

  /**
   * Events with a sequence above {@code after}, oldest first.
   *
   * @param resource only this one's; all if null
   * @param limit at most so many
   */
  List<LoggedEvent> events(@Nullable ResourceId resource, long after, int limit);

  /**
   * The newest events with a sequence below {@code before}, oldest first.
   *
   * @param resource only this one's; all if null
   * @param limit at most so many
   */
  List<LoggedEvent> latest(@Nullable ResourceId resource, long before, int limit);

  /** The sequence of the newest event; 0 if there is none. */
  long lastEvent();

  /** One operation with its steps, however old. */
  Optional<Operation> operation(OperationId id);

  /**
   * The operation of {@code resource} that holds an idempotency key, with its steps, however old.
   */
  Optional<Operation> operationByKey(ResourceId resource, String idempotencyKey);

  /** Operations of {@code resource}, newest first, without their steps. */
  List<Operation> operations(ResourceId resource, int limit);

  /**
   * An event with its place in the log.
   *
   * @param sequence rises with every event of the store
   */
  record LoggedEvent(long sequence, Event event) {}
}
