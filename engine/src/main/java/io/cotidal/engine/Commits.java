package io.cotidal.engine;

import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way to the store: at most one batch is on it, with the effects and the replies that must wait
 * until it is durable.
 */
final class Commits {
  /** How long to wait before a batch is tried again that the store did not take. */
  private static final long STORE_PAUSE = 500 * Moment.MILLI;

  /** A batch on its way to the store. */
  record Pending(String id, List<Row> rows, List<Effect> after, Map<String, Reply> replies) {}

  private final ResourceId resource;
  private @Nullable Pending pending;
  private long batches;
  private long pauseUntil = Long.MIN_VALUE;
  private String incarnation = "";

  Commits(ResourceId resource) {
    this.resource = resource;
  }

  /** Whether a batch may be sent now. */
  boolean free(long now) {
    return pending == null && now >= pauseUntil;
  }

  boolean waiting() {
    return pending != null;
  }

  /** When the store may be tried again, if that is all that is waited for; else {@code at}. */
  long orPauseEnd(long at, long now) {
    return pending == null && pauseUntil > now ? Math.min(at, pauseUntil) : at;
  }

  /**
   * Sends what the turn has.
   *
   * @param state what memory is as long as the batch is not durable
   */
  <F> Effect.Commit send(State<F> state, Turn<F> turn, Map<String, Reply> replies) {
    batches++;
    if (incarnation.isEmpty()) {
      incarnation = Long.toHexString(state.now().micros()) + "-" + Long.toHexString(state.epoch());
    }
    String id = resource + "/" + incarnation + "/" + batches;
    pending = new Pending(id, turn.rows(), turn.after(), replies);
    boolean urgent = turn.rows().stream().anyMatch(row -> urgent(turn.state(), row));
    return new Effect.Commit(new Store.Batch(id, resource, state.epoch(), turn.rows(), urgent));
  }

  /** Whether somebody waits for the row who has lost a primary, or a leader. */
  private static <F> boolean urgent(State<F> state, Row row) {
    return switch (row) {
      case Row.RaiseEpoch _ -> true;
      case Row.PutOperation put -> put.operation().risk() == Risk.IRREVERSIBLE;
      case Row.PutStep put -> irreversible(state, put.operation());
      case Row.DropStep drop -> irreversible(state, drop.operation());
      case Row.PutLedger _, Row.PutPause _, Row.PutItem _, Row.DropItem _, Row.Append _ -> false;
    };
  }

  private static <F> boolean irreversible(State<F> state, long number) {
    Operation operation = state.operations().get(number);
    return operation != null && operation.risk() == Risk.IRREVERSIBLE;
  }

  /** Whether {@code batch} is the one on its way. */
  boolean awaits(String batch) {
    return pending != null && pending.id().equals(batch);
  }

  /** The batch of that id, which is on its way no more; null if it was not. */
  @Nullable Pending arrived(String batch) {
    return awaits(batch) ? drop() : null;
  }

  /** Waits no more for what is on its way; null if nothing is. */
  @Nullable Pending drop() {
    Pending dropped = pending;
    pending = null;
    return dropped;
  }

  /** The store did not take a batch: none is sent for a while. */
  void pause(long now) {
    pauseUntil = now + STORE_PAUSE;
  }
}
