package io.cotidal.runtime;

import io.cotidal.engine.Driver;
import io.cotidal.model.Item;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a driver how an item is reached, and waits no longer than a limit. */
record Reaching(Clock clock, Duration limit) {
  private static final Logger log = LoggerFactory.getLogger(Reaching.class);

  /** What the driver said, or why nothing is known, in one line. */
  private record Said(SortedMap<String, Secret> ways, String problem) {}

  SortedMap<String, Secret> ask(ResourceId resource, Item item, Driver<?> driver) {
    CompletableFuture<Said> said = new CompletableFuture<>();
    Call.Handle call =
        Call.start(
            new Call.Question<Said>(
                "access " + resource + " " + item.key(),
                limit,
                () -> said(resource, item, driver),
                reason -> new Said(new TreeMap<>(), reason)),
            clock,
            said::complete);
    Said answer;
    try {
      answer = said.get();
    } catch (InterruptedException e) {
      call.interrupt();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the daemon is stopping", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    if (!answer.problem().isEmpty()) {
      throw new IllegalStateException(answer.problem());
    }
    return answer.ways();
  }

  /** Whatever a driver throws may quote a secret: only its own one line goes further. */
  private static Said said(ResourceId resource, Item item, Driver<?> driver) {
    try {
      return new Said(driver.access(item), "");
    } catch (IllegalStateException e) {
      return new Said(new TreeMap<>(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error(
          "event=access-broken resource={} item={} fault={}",
          resource,
          item.key(),
          e.getClass().getName());
      return new Said(new TreeMap<>(), "how it is reached cannot be found out: an internal fault");
    }
  }
}
