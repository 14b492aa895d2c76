package io.cotidal.runtime;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.Store;
import io.cotidal.model.ResourceId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a repeated request whose operation has ended, however long ago: the engine remembers only
 * the latest ones, the store all that it keeps.
 */
final class EarlierRequests {
  private static final Logger log = LoggerFactory.getLogger(EarlierRequests.class);

  private final Store store;

  EarlierRequests(Store store) {
    this.store = store;
  }

  /**
   * The reply to {@code command} if its idempotency key is that of an operation that has ended;
   * empty if the engine must answer. The store is asked on a thread of its own.
   */
  CompletableFuture<Optional<Reply>> reply(ResourceId resource, Command command) {
    if (!(command instanceof Command.Begin begin) || begin.dryRun()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    String key = begin.idempotencyKey();
    if (key == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return CompletableFuture.supplyAsync(
        () -> find(resource, key), task -> Thread.ofVirtual().name("key " + resource).start(task));
  }

  private Optional<Reply> find(ResourceId resource, String key) {
    try {
      // An open operation is in the engine's memory, and may be further than the store's row.
      return store
          .operationByKey(resource, key)
          .filter(operation -> operation.state().ended())
          .map(Reply.Accepted::new);
    } catch (RuntimeException e) {
      log.error("event=key-not-read resource={}", resource, e);
      return Optional.of(
          new Reply.StoreFailed(
              "cannot tell whether the key was used before ("
                  + Failures.sentence(e)
                  + "): try again"));
    }
  }
}
