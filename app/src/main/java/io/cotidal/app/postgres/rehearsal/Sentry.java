package io.cotidal.app.postgres.rehearsal;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Risk;
import io.cotidal.postgres.rehearsal.CloneRehearsals;
import io.cotidal.postgres.rehearsal.RehearsalFailed;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Says whether a rehearsal may go on: as long as the real cluster is healthy and nothing is done to
 * it that matters more.
 *
 * @param view the real cluster
 * @param stopping whether the daemon ends
 */
record Sentry(
    Supplier<Optional<ResourceView>> view, CloneRehearsals.Order order, BooleanSupplier stopping) {
  private static final Duration LOOK = Duration.ofMillis(20);

  /** Something that is waited for. */
  @FunctionalInterface
  interface Condition {
    /** Whether it is so now. */
    boolean holds() throws RehearsalFailed, InterruptedException;
  }

  /**
   * Looks once.
   *
   * @throws RehearsalFailed if the rehearsal has to end
   */
  void check() throws RehearsalFailed {
    Optional<String> why = reason();
    if (why.isPresent()) {
      throw new RehearsalFailed("the rehearsal was broken off: " + why.get());
    }
  }

  private Optional<String> reason() {
    if (stopping.getAsBoolean()) {
      return Optional.of("the daemon stops");
    }
    if (order.deadline().over()) {
      return Optional.of("it did not end in time");
    }
    Optional<ResourceView> seen = view.get();
    if (seen.isEmpty() || !seen.get().leading()) {
      return Optional.of("this daemon does not lead " + order.spec().id() + " any more");
    }
    if (!seen.get().diagnosis().code().equals("healthy")) {
      return Optional.of(order.spec().id() + ": " + seen.get().diagnosis().sentence());
    }
    return seen.get().operations().stream()
        .filter(this::matters)
        .map(each -> each.type() + " " + each.id() + " is under way")
        .findFirst();
  }

  private boolean matters(Operation operation) {
    boolean active =
        operation.state() == OperationState.RUNNING
            || operation.state() == OperationState.WAITING
            || operation.state() == OperationState.ATTENTION;
    return active && operation.number() != order.number() && operation.risk() != Risk.SAFE;
  }

  /**
   * Waits until it is so.
   *
   * @param otherwise what is the matter if it does not become so in time
   */
  void await(Duration limit, Condition condition, Supplier<String> otherwise)
      throws RehearsalFailed, InterruptedException {
    Deadline until = order.deadline().atMost(limit);
    while (!condition.holds()) {
      check();
      if (until.over()) {
        throw new RehearsalFailed(otherwise.get());
      }
      until.pause(LOOK);
    }
  }
}
